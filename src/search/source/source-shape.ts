import { isWay, LITERAL } from "./cell-texts.ts";
import { type PathNode, walkLeaves } from "./walk-leaves.ts";

/** Where a leaf was taken out: `at` cells of its field and `literals` literals stand before it. */
export type Gap = { before: string; way: string; node: PathNode; at: number; literals: number };

/** A shape, read once for all documents that have it. */
export type SourceShape = {
  text: string;
  gaps: readonly Gap[];
  end: string;
  /** Also those that are not shown where the shape is a narrowed one: literals refer to them by their places. */
  all: readonly Gap[];
  /** The places to which literals referred that were read of late. */
  referred: Set<number>;
};

/** Stands between the literals of a document: tokens of JSON have no such character. */
export const BETWEEN_LITERALS = "\u0001";

/** Of all shapes that are remembered: some megabytes. Documents of others have few, as programs write them. */
const MAX_GAPS = 100_000;
/** What a shape takes beside its gaps, counted as such. */
const OWN_GAPS = 10;

let known = new Map<string, SourceShape>();
let knownGaps = 0;

/** Undefined for a shape that no document of late had. */
export function knownShape(text: string): SourceShape | undefined {
  return known.get(text);
}

export function readShape(text: string): SourceShape {
  const before = known.get(text);
  if (before !== undefined) return before;
  const gaps: Gap[] = [];
  const cells = new Map<string, number>();
  let literals = 0;
  let taken = 0;
  walkLeaves(text, (from, to, node) => {
    const way = text.slice(from, to);
    if (way !== LITERAL && !isWay(way)) return;
    const at = cells.get(node.path) ?? 0;
    gaps.push({ before: text.slice(taken, from), way, node, at, literals });
    if (way === LITERAL) literals += 1;
    else cells.set(node.path, at + 1);
    taken = to;
  });
  const shape = { text, gaps, end: text.slice(taken), all: gaps, referred: new Set<number>() };
  if (knownGaps > MAX_GAPS) {
    known = new Map();
    knownGaps = 0;
  }
  known.set(text, shape);
  knownGaps += gaps.length + OWN_GAPS;
  return shape;
}

/** The shape of documents with null for each leaf whose path is not wanted. */
export function narrowShape(shape: SourceShape, isWanted: (path: string) => boolean): SourceShape {
  const kept: Gap[] = [];
  let before = "";
  for (const gap of shape.gaps) {
    before += gap.before;
    if (isWanted(gap.node.path)) {
      kept.push({ ...gap, before });
      before = "";
    } else before += "null";
  }
  return { ...shape, gaps: kept, end: before + shape.end };
}
