import { z } from "zod";
import { count, signedMs, unixMs } from "./record-fields.ts";

const topic = z.enum(["block_gossip", "block", "head"]);
const share = z.number().min(0).max(1);

const nodeSchema = z.strictObject({
  node: z.string(),
  client: z.string().nullable(),
  blocks_seen: count.describe("Blocks of any branch that the node told of."),
  blocks_total: count.describe("Blocks that any node told of, in slots in which this one was watched."),
  votes_seen: count.describe("Votes of single validators that the node told of within the slot after theirs."),
  votes_total: count.describe("The same of any node; 0 where no node gives such votes."),
  echoes: count,
  gaps: count.describe("Spans without events; one that touches several epochs counts in each."),
  gap_ms: z.number(),
  bias_ms: signedMs
    .nullable()
    .describe(
      "How much later than the average node it tells of what reaches all at once, by least squares over all pairs; the " +
        "biases add up to 0. Where a pair's latency_ms is null its latency, too, counts as bias. Null without a pair.",
    ),
  bias_error_ms: z.number().nullable().describe("Standard error."),
});

const pairSchema = z.strictObject({
  a: z.string(),
  b: z.string(),
  topic: topic.describe("Topic whose first events were compared."),
  median_ms: signedMs.describe("Median of (seen by b - seen by a); positive when b is later."),
  p90_ms: z.number().describe("90th percentile of the absolute difference."),
  n: count.describe("Blocks that were compared."),
  error_ms: z.number().describe("What the median may be off by: 1.96 standard errors and stamps.loop_delay_ms."),
  below_error: z.boolean().describe("The median lies within its error: the two cannot be told apart."),
  latency_ms: z
    .number()
    .nullable()
    .describe(
      "Half of there and back between the two, apart from their biases: half the distance between blocks that came in " +
        "by a and those that came in by b. Half of what one way takes longer than the other counts as bias. A lower " +
        "bound where blocks come from farther away. Null where they do not come from both sides, or it drowns in noise.",
    ),
  latency_error_ms: z.number().nullable().describe("Standard error."),
});

const pointSchema = z.strictObject({
  ms: signedMs,
  share: share.describe("Share of the watched nodes that had the block by then, over all blocks."),
  median: share.describe("That share in the median slot."),
  p90: share.describe("The share that was reached in nine slots of ten."),
});

export const latencySchema = z
  .strictObject({
    from_ms: unixMs.describe("Start of the first epoch."),
    to_ms: unixMs.describe("End of the last epoch."),
    epochs: count.describe("Epochs with figures between the two."),
    nodes: z.array(nodeSchema).describe("By name."),
    pairs: z.array(pairSchema).describe("Every two nodes that have a block in common, by name."),
    bias_topic: topic.nullable().describe("The topic that gave the biases: the one that most nodes give."),
    spread: z
      .strictObject({ median_ms: z.number(), p90_ms: z.number(), slots: count })
      .nullable()
      .describe("From the first to the last node that had a slot's block."),
    curves: z
      .strictObject({ from_slot_start: z.array(pointSchema), from_first_seen: z.array(pointSchema) })
      .describe("Propagation over the nodes in steps of 50 ms."),
    orphans: z
      .strictObject({
        attestation_due_ms: z.number(),
        bins: z.array(
          z.strictObject({
            from_ms: signedMs.describe("Earliest arrival on any node, from the attestation deadline."),
            to_ms: signedMs,
            blocks: count,
            orphaned: count,
            share,
            low: share.describe("Wilson's interval, 95 %."),
            high: share,
          }),
        ),
      })
      .describe("The probability of being orphaned by arrival; bins without a block are left out."),
    stamps: z
      .strictObject({
        loop_delay_ms: z
          .number()
          .nullable()
          .describe("How late the event loop stamped: p99 of the median look; null while not known."),
        steps: count.describe("Times at which the clock was found moved by more than its error."),
        offset_ms: z.number().nullable(),
        offset_error_ms: z.number().nullable(),
        reachable: z.boolean().nullable(),
      })
      .describe(
        "What the stamps are worth, which are one machine's. The offset is an error of delays from the slot's start and " +
          "cancels in differences between nodes.",
      ),
  })
  .describe("How the nodes compare.");
