import type { ComparedTopic, NodeEpochRecord } from "../../events/comparison.ts";
import { centreOf, quantile, roundMs } from "../../lib/statistics.ts";
import { type BlockTimes, blockTimes, COMPARED_TOPICS } from "./block-times.ts";

/** Two nodes by name, `a` before `b`, and how much later `b` told of the same blocks. */
export type PairDifference = {
  a: string;
  b: string;
  topic: ComparedTopic;
  /** Median of (seen by b - seen by a), signed; positive when b is later. */
  medianMs: number;
  /** 90th percentile of the absolute difference. */
  p90Ms: number;
  n: number;
  /** Standard error of the median. */
  samplingErrorMs: number;
};

/** Topics are preferred that both nodes gave for this share at least of the blocks that they have in common. */
const ENOUGH_IN_COMMON = 0.5;

/**
 * Like with like: for each pair the first events of the same blocks on one topic, block_gossip before block before
 * head. Pairs that have no block in common are left out; sorted by name.
 */
export function pairDifferences(input: {
  epochs: readonly NodeEpochRecord[];
  slotDurationMs: number;
}): PairDifference[] {
  const times = COMPARED_TOPICS.map((topic) => ({ topic, blocks: blockTimes({ ...input, topic }) }));
  const nodes = [...new Set(input.epochs.map(({ node }) => node))].sort();
  return nodes.flatMap((a, index) => nodes.slice(index + 1).flatMap((b) => differenceOf(a, b, times) ?? []));
}

/** The differences of the blocks that both nodes have: seen by `b` less seen by `a`, milliseconds. */
export function differencesOf(blocks: readonly BlockTimes[], a: string, b: string): number[] {
  return blocks.flatMap(({ seenMs }) => {
    const ofA = seenMs.get(a);
    const ofB = seenMs.get(b);
    return ofA === undefined || ofB === undefined ? [] : ofB - ofA;
  });
}

function differenceOf(
  a: string,
  b: string,
  times: readonly { topic: ComparedTopic; blocks: readonly BlockTimes[] }[],
): PairDifference | undefined {
  const found = times.map(({ topic, blocks }) => ({ topic, differences: differencesOf(blocks, a, b) }));
  const most = Math.max(...found.map(({ differences }) => differences.length));
  const best = found.find(({ differences }) => differences.length >= most * ENOUGH_IN_COMMON);
  const centre = centreOf(best?.differences ?? []);
  if (best === undefined || centre === undefined) return undefined;
  const { topic, differences } = best;
  return {
    a,
    b,
    topic,
    medianMs: roundMs(centre.median),
    p90Ms: roundMs(quantile(differences.map(Math.abs), 0.9) ?? 0),
    n: differences.length,
    samplingErrorMs: roundMs(centre.error),
  };
}
