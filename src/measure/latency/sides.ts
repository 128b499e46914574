import { type Centre, centreOf } from "../../lib/statistics.ts";
import type { BlockTimes } from "./block-times.ts";
import { differencesOf } from "./differences.ts";
import type { Estimate } from "./least-squares.ts";

/** Two nodes, and what their differences say once it is known from which side the blocks came. */
export type PairSides = {
  a: string;
  b: string;
  differences: readonly number[];
  /** Bias of `b` less that of `a`, with its standard error. */
  difference: number;
  error: number;
  /** Half of there and back between the two, ms; undefined where it cannot be told from their biases. */
  latency: Estimate | undefined;
  /** How far the blocks from either side lie from what the pair's estimate says. */
  residuals: readonly number[];
};

/** Each side must have so many blocks, and such a share of both sides' blocks: fewer may be a few slow ones. */
const LEAST_BLOCKS = 5;
const LEAST_SHARE = 0.2;

/**
 * How far from their middle, in standard deviations of one side and beyond twice the standard error, the sides must be.
 * A single cloud of normal differences, cut in two, has halves 1.14 such deviations from the middle, one that is spread
 * evenly 1.35; with six nodes, of which one has to be first, they come to 1.5.
 */
const APART = 2;

/** Which node each block came in by, by slot: the first once the nodes' biases are taken off. */
export function labelSides(blocks: readonly BlockTimes[], biases: ReadonlyMap<string, Estimate>): Map<number, string> {
  const sides = new Map<number, string>();
  for (const { slot, seenMs } of blocks) {
    let first: string | undefined;
    let firstMs = Number.POSITIVE_INFINITY;
    for (const [node, ms] of seenMs) {
      const bias = biases.get(node);
      if (bias === undefined || ms - bias.value >= firstMs) continue;
      first = node;
      firstMs = ms - bias.value;
    }
    if (first !== undefined) sides.set(slot, first);
  }
  return sides;
}

/** Every pair of nodes that have five blocks or more in common. */
export function pairSides(input: {
  blocks: readonly BlockTimes[];
  nodes: readonly string[];
  sides: ReadonlyMap<number, string>;
}): PairSides[] {
  const { blocks, nodes, sides } = input;
  return nodes.flatMap((a, index) =>
    nodes.slice(index + 1).flatMap((b) => {
      const from = (node: string) =>
        differencesOf(
          blocks.filter(({ slot }) => sides.get(slot) === node),
          a,
          b,
        );
      return pairOf({ a, b, all: differencesOf(blocks, a, b), fromA: from(a), fromB: from(b) });
    }),
  );
}

function pairOf(input: {
  a: string;
  b: string;
  all: readonly number[];
  fromA: readonly number[];
  fromB: readonly number[];
}): PairSides | [] {
  const { a, b, all, fromA, fromB } = input;
  const whole = centreOf(all);
  if (whole === undefined || all.length < LEAST_BLOCKS) return [];
  const ofA = centreOf(fromA);
  const ofB = centreOf(fromB);
  if (ofA === undefined || ofB === undefined || !areApart(ofA, ofB)) {
    const residuals = all.map((one) => Math.abs(one - whole.median));
    return { a, b, differences: all, difference: whole.median, error: whole.error, latency: undefined, residuals };
  }
  const error = Math.hypot(ofA.error, ofB.error) / 2;
  return {
    a,
    b,
    differences: all,
    difference: (ofA.median + ofB.median) / 2,
    error,
    latency: { value: (ofA.median - ofB.median) / 2, error },
    residuals: [...fromA.map((one) => Math.abs(one - ofA.median)), ...fromB.map((one) => Math.abs(one - ofB.median))],
  };
}

/** Blocks came from both sides, and what lies between the sides is more than what lies within each. */
function areApart(ofA: Centre, ofB: Centre): boolean {
  const fewest = Math.min(ofA.n, ofB.n);
  if (fewest < LEAST_BLOCKS || fewest < LEAST_SHARE * (ofA.n + ofB.n)) return false;
  const within = Math.sqrt((ofA.n * ofA.deviation ** 2 + ofB.n * ofB.deviation ** 2) / (ofA.n + ofB.n));
  return (ofA.median - ofB.median) / 2 > APART * within + Math.hypot(ofA.error, ofB.error);
}
