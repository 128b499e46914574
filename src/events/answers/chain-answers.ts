import { z } from "zod";
import { root, uint } from "../primitives.ts";
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
