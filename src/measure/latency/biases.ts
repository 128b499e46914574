import type { ComparedTopic, NodeEpochRecord } from "../../events/comparison.ts";
import { quantile } from "../../lib/statistics.ts";
import { type BlockTimes, blockTimes, COMPARED_TOPICS } from "./block-times.ts";
import { type Estimate, solveDifferences } from "./least-squares.ts";
import { labelSides, type PairSides, pairSides } from "./sides.ts";

export type Biases = {
  topic: ComparedTopic;
  /** By node: how much later than the average node it tells of what reaches all at once, ms; they add up to 0. */
  byNode: ReadonlyMap<string, Estimate>;
  pairs: readonly PairSides[];
};

/** Fewer blocks with two nodes tell nothing. */
const LEAST_BLOCKS = 5;

/** The sides are found again with the biases that they gave, until they stay; they do within a few turns. */
const MOST_TURNS = 12;

/** Where the biases may begin: the middle of the differences, and the middle of their range, where few come from one side. */
const STARTS: readonly (readonly number[])[] = [[0.5], [0.1, 0.9], [0.02, 0.98]];

/** A start other than the first has to explain the blocks better by this much. */
const CLEARLY_BETTER = 0.8;

/**
 * Each node's own bias (client, machine, clock, way to the monitor) apart from the latency between the nodes.
 *
 * With block b from the side of node o, node i tells of it at `origin_b + latency(o, i) + bias_i + noise`. A difference
 * of two nodes' first-seen times is therefore `+latency + (bias_b - bias_a)` for blocks from the side of `a` and
 * `-latency + (bias_b - bias_a)` for those from the side of `b`: half the sum of both medians is the difference of the
 * biases, half their difference the latency. From the biases' differences of all pairs least squares give each node's.
 * Which side a block came from is told by the node that had it first once its bias is taken off, so that both are found
 * in turns.
 *
 * Only differences are observed, and three things stay open, as with NTP. A constant that all nodes share: the biases
 * add up to 0. What one way takes longer than the other: `latency` is half of there and back, and half of what they
 * differ by counts as bias. And where the blocks of a pair do not come from both sides, or its latency drowns in noise:
 * then the pair's `latency` is undefined, and the median difference, a constant latency with it, counts as bias.
 * Blocks that come from farther away than both nodes lead one of them by their latency at most: then it is a lower bound.
 *
 * Undefined when no two nodes have five blocks in common on one topic.
 */
export function estimateBiases(input: {
  epochs: readonly NodeEpochRecord[];
  slotDurationMs: number;
}): Biases | undefined {
  const topics = COMPARED_TOPICS.map((topic) => ({ topic, blocks: blockTimes({ ...input, topic }) }));
  // One topic for all, since a node's bias differs from topic to topic: that which most nodes give.
  const [chosen] = topics
    .map(({ topic, blocks }) => ({ topic, blocks, nodes: nodesOf(blocks) }))
    .sort((a, b) => b.nodes.length - a.nodes.length);
  if (chosen === undefined || chosen.nodes.length < 2) return undefined;
  return { topic: chosen.topic, ...fitBiases(chosen) };
}

/** The same of blocks whose times are known; exported for the planted biases of the tests. */
export function fitBiases(input: { blocks: readonly BlockTimes[]; nodes: readonly string[] }): Omit<Biases, "topic"> {
  const [first, ...others] = STARTS.map((shares) => fitFrom({ ...input, shares }));
  let best = first;
  for (const fit of others) if (best === undefined || fit.residual < CLEARLY_BETTER * best.residual) best = fit;
  return { byNode: best?.byNode ?? new Map(), pairs: best?.pairs ?? [] };
}

type Fit = { byNode: Map<string, Estimate>; pairs: PairSides[]; residual: number };

function fitFrom(input: { blocks: readonly BlockTimes[]; nodes: readonly string[]; shares: readonly number[] }): Fit {
  const { blocks, nodes, shares } = input;
  let sides = new Map<number, string>();
  let pairs = pairSides({ blocks, nodes, sides });
  const middle = (values: readonly number[]) =>
    shares.reduce((sum, share) => sum + (quantile(values, share) ?? 0) / shares.length, 0);
  let byNode = solveDifferences(pairs.map((pair) => ({ ...pair, difference: middle(pair.differences) })));
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const labelled = labelSides(blocks, byNode);
    if (turn > 0 && isSame(labelled, sides)) break;
    sides = labelled;
    pairs = pairSides({ blocks, nodes, sides });
    byNode = solveDifferences(pairs);
  }
  const residuals = pairs.flatMap(({ residuals: ofPair }) => ofPair);
  const residual = residuals.reduce((sum, one) => sum + one, 0) / Math.max(1, residuals.length);
  return { byNode, pairs, residual };
}

function isSame(a: ReadonlyMap<number, string>, b: ReadonlyMap<number, string>): boolean {
  return a.size === b.size && [...a].every(([slot, node]) => b.get(slot) === node);
}

/** The nodes with enough blocks to be compared, by name. */
function nodesOf(blocks: readonly BlockTimes[]): string[] {
  const counts = new Map<string, number>();
  for (const { seenMs } of blocks) {
    if (seenMs.size < 2) continue;
    for (const node of seenMs.keys()) counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return [...counts].flatMap(([node, count]) => (count >= LEAST_BLOCKS ? node : [])).sort();
}
