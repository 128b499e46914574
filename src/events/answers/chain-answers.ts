import { z } from "zod";
import { root, uint } from "../primitives.ts";
import { syncCommittee } from "../spec-objects/sync-committee.ts";
import { defineAnswer } from "./answer.ts";

export const duty = defineAnswer({
  name: "ethereum.proposer_duty",
  title: "Proposer duties",
  words: "Who has to propose in an epoch, for one dependent root.",
  pattern: /^\/eth\/v[12]\/validator\/duties\/proposer\/(\d+)$/,
  columns: [
    { name: "ethereum.epoch", type: "long", words: "Epoch of the duties." },
    { name: "ethereum.duty.dependent_root", type: "keyword", words: "Block on which the duties depend." },
    { name: "ethereum.duty.proposers", type: "flattened", words: "Validator index by slot." },
  ],
  schema: z.object({
    dependent_root: root.optional(),
    data: z.array(z.object({ validator_index: uint, slot: uint })),
  }),
  read(body, match) {
    const epoch = Number(match[1]);
    const proposers = new Map(body.data.map((item) => [item.slot, item.validator_index]));
    return {
      answer: { kind: "duties", epoch, dependentRoot: body.dependent_root ?? null, proposers },
      fields: {
        "ethereum.epoch": epoch,
        "ethereum.duty.dependent_root": body.dependent_root,
        "ethereum.duty.proposers": Object.fromEntries(proposers),
      },
    };
  },
});

export const syncCommittees = defineAnswer({
  name: "ethereum.sync_committee",
  title: "Sync committees",
  words: "Who sits in the sync committee that serves in an epoch, in the order of the sync aggregate's bits.",
  pattern: /^\/eth\/v1\/beacon\/states\/[^/?]+\/sync_committees\?epoch=(\d+)$/,
  columns: [
    { name: "ethereum.epoch", type: "long", words: "Epoch that was asked for." },
    { name: "ethereum.sync.members", type: "flattened", words: "Validator indices by position." },
  ],
  schema: z.object({ data: syncCommittee.pick({ validators: true }) }),
  read: ({ data: { validators } }, match) => {
    const epoch = Number(match[1]);
    return {
      answer: { kind: "sync_committee", epoch, validators },
      fields: { "ethereum.epoch": epoch, "ethereum.sync.members": validators },
    };
  },
});

const checkpointAnswer = z.object({ epoch: uint, root });

export const checkpoints = defineAnswer({
  name: "ethereum.checkpoint",
  title: "Finality checkpoints",
  words: "Justified and finalized checkpoints of a node's head state.",
  pattern: /^\/eth\/v1\/beacon\/states\/head\/finality_checkpoints$/,
  columns: [
    { name: "ethereum.justified_epoch", type: "long", words: "Current justified epoch." },
    { name: "ethereum.justified_root", type: "keyword", words: "Current justified root." },
    { name: "ethereum.finalized_epoch", type: "long", words: "Finalized epoch." },
    { name: "ethereum.finalized_root", type: "keyword", words: "Finalized root." },
  ],
  schema: z.object({ data: z.object({ current_justified: checkpointAnswer, finalized: checkpointAnswer }) }),
  read: ({ data }) => ({
    answer: {
      kind: "checkpoints",
      justifiedEpoch: data.current_justified.epoch,
      finalizedEpoch: data.finalized.epoch,
    },
    fields: {
      "ethereum.justified_epoch": data.current_justified.epoch,
      "ethereum.justified_root": data.current_justified.root,
      "ethereum.finalized_epoch": data.finalized.epoch,
      "ethereum.finalized_root": data.finalized.root,
    },
  }),
});
