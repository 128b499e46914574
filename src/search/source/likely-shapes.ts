import { LITERAL } from "./cell-texts.ts";
import { knownShape, type SourceShape } from "./source-shape.ts";
import { type StoredCells, wayToTake } from "./take-cell.ts";
import { leafEnd } from "./walk-leaves.ts";

const MAX_KINDS = 1_000;
const MAX_SHAPES = 4;

/** The last shapes of documents that have values of the same fields. */
let kinds = new Map<string, readonly string[]>();

/** A document's shape where it is one that was noted of its kind, and its literals: found without reading the keys. */
export function likelyShape(
  text: string,
  { kind, storedOf }: { kind: string; storedOf: ReadonlyMap<string, StoredCells> },
): { shape: string; literals: string[] } | undefined {
  for (const shape of kinds.get(kind) ?? []) {
    const known = knownShape(shape);
    const literals = known === undefined ? undefined : literalsOf(known, text, storedOf);
    if (literals !== undefined) return { shape, literals };
  }
  return undefined;
}

/** Takes the place of the one that was noted first. */
export function noteShape(kind: string, shape: string): void {
  if (kinds.size >= MAX_KINDS) kinds = new Map();
  kinds.set(kind, [shape, ...(kinds.get(kind) ?? [])].slice(0, MAX_SHAPES));
}

/** Undefined where the text is of another shape. */
function literalsOf(
  { gaps, end }: SourceShape,
  text: string,
  storedOf: ReadonlyMap<string, StoredCells>,
): string[] | undefined {
  const literals: string[] = [];
  let from = 0;
  for (const { before, way, node, at } of gaps) {
    if (!text.startsWith(before, from)) return undefined;
    from += before.length;
    const to = leafEnd(text, from);
    if (to < 0) return undefined;
    const token = text.slice(from, to);
    if (wayToTake(token, { node, stored: storedOf.get(node.path), at }) !== way) return undefined;
    if (way === LITERAL) literals.push(token);
    from = to;
  }
  return text.length === from + end.length && text.endsWith(end) ? literals : undefined;
}
