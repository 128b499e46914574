import { z } from "zod";
import { dutyCauses, dutyDataset } from "../../events/duty-records.ts";
import { count, identifier, recordSchema, root, signedMs, unixMs } from "./record-fields.ts";

const side = z.enum(["own", "network", "unclear"]);
const causes = Object.keys(dutyCauses) as (keyof typeof dutyCauses)[];

export const dutySchema = recordSchema(dutyDataset, {
  id: z.string(),
  kind: z.enum(["attestation", "proposal", "sync"]),
  slot: identifier,
  epoch: identifier,
  start_ms: unixMs,
  validator: identifier,
  group: z.string(),
  own_nodes: z.array(z.string()),
  outcome: z.enum(["missed", "orphaned", "late", "wrong_target", "wrong_head"]),
  cause: z.enum(causes),
  side,
  sentence: z.string(),
  evidence: z.strictObject({
    due_ms: z.number().describe("When votes were due, ms from the slot's start."),
    block_slot: identifier.nullable().describe("Slot of the block that should have been named, or was proposed."),
    block_ms: signedMs.nullable().describe("Its first arrival over all nodes, from the start of the duty's slot."),
    own_block_ms: signedMs.nullable().describe("The same over the validator's own nodes."),
    named_root: root.nullable().describe("The block that the vote named."),
    named_slot: identifier.nullable(),
    vote_ms: signedMs.nullable().describe("First arrival of the vote as a single one."),
    vote_nodes: z.array(z.string()).describe("Nodes that told of the vote."),
    silent_nodes: z.array(z.string()).describe("Own nodes that said nothing while others went on."),
    group_expected: count.describe("Validators of the group that were to vote in the slot."),
    group_seen: count.describe("Of them, those whose vote was seen."),
    others: count.describe("Others that had the same duty in the slot."),
    others_same: count.describe("Of them, those with the same fault."),
  }),
  inclusion_delay: count.nullable(),
  sync_missed: count.nullable(),
  sync_expected: count.nullable(),
  final: z.boolean(),
  withdrawn: z.boolean(),
});

const sides = {
  faults_own: count.describe("Faults whose cause lies with the validators or their node."),
  faults_network: count.describe("Faults whose cause lies with others."),
  faults_unclear: count.describe("Faults without a cause that could be shown."),
};

export const groupSchema = z
  .strictObject({
    group: z.string(),
    nodes: z.array(z.string()).describe("The nodes that its validators use, by the label file."),
    labelled: count.describe("Validators that the label file names."),
    epochs: count.describe("Epochs of the answer's span of which something is known."),
    attestations: count.describe("Votes of slots that have begun and were watched."),
    attestations_ok: count.describe("Right, and in the next slot's block."),
    attestations_late: count,
    attestations_wrong_head: count,
    attestations_wrong_target: count,
    attestations_missed: count,
    attestations_unknown: count.describe("Blocks that could carry them were not read."),
    attestations_pending: count,
    inclusion_delay: z.number().nullable().describe("Mean slots from a vote to its first inclusion."),
    lost_share: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe(
        "Share of the judged votes' worth that was lost: source 14, target 26, head 14 of 54 (Altair's weights).",
      ),
    proposals: count,
    proposals_ok: count,
    proposals_late: count,
    proposals_orphaned: count,
    proposals_missed: count,
    proposals_unknown: count,
    sync_expected: count.nullable().describe("Sync committee signatures due; null where the committee is not known."),
    sync_signed: count.nullable(),
    ...sides,
  })
  .describe("A group of labelled validators over some epochs.");

const validatorSchema = z.strictObject({
  validator: identifier,
  attestations_missed: count,
  attestations_late: count,
  attestations_wrong_head: count,
  attestations_wrong_target: count,
  proposals_lost: count.describe("Missed or orphaned."),
  proposals_late: count,
  sync_missed: count.describe("Sync committee signatures that are missing."),
  ...sides,
  last_slot: identifier.describe("Slot of its newest fault."),
});

const span = {
  from_epoch: identifier.describe("First epoch that the figures are of."),
  through_epoch: identifier.describe("The running epoch."),
};

export const validatorsSchema = z
  .strictObject({
    labelled: z.boolean().describe("A label file is configured."),
    ...span,
    groups: z.array(groupSchema).describe("The group that lost most first."),
  })
  .describe("The groups of labelled validators.");

export const groupAnswerSchema = z
  .strictObject({
    group: groupSchema,
    ...span,
    validators: z.array(validatorSchema).describe("Those with faults, the worst first; of the newest 10000 faults."),
    faults: z.array(dutySchema).describe("Newest first."),
    next_before: z.number().nullable().describe("The `before` that continues with older faults; null at the end."),
  })
  .describe("One group, its validators with faults, and one page of its faults.");
