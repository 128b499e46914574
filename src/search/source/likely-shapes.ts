import { knownShape, type SourceShape } from "./source-shape.ts";
import { type StoredCells, wayToTake } from "./take-cell.ts";
import { leafEnd } from "./walk-leaves.ts";

const MAX_KINDS = 1_000;
const MAX_SHAPES = 4;
const SPACE = 0x20;

/** The last shapes of documents that have values of the same fields. */
let kinds = new Map<string, readonly string[]>();

/** A document's shape where it is one that was noted of its kind, and its leaves: found without reading the keys. */
export function likelyShape(
  text: string,
  { kind, storedOf }: { kind: string; storedOf: ReadonlyMap<string, StoredCells> },
): { shape: SourceShape; tokens: string[] } | undefined {
  for (const noted of kinds.get(kind) ?? []) {
    const shape = knownShape(noted);
    const tokens = shape === undefined ? undefined : tokensOf(shape, text, storedOf);
    if (shape !== undefined && tokens !== undefined) return { shape, tokens };
  }
  return undefined;
}

/** Takes the place of the one that was noted first. */
export function noteShape(kind: string, shape: string): void {
  if (kinds.size >= MAX_KINDS) kinds = new Map();
  kinds.set(kind, [shape, ...(kinds.get(kind) ?? [])].slice(0, MAX_SHAPES));
}

/** Undefined where the text is of another shape. */
function tokensOf(
  { gaps, end }: SourceShape,
  text: string,
  storedOf: ReadonlyMap<string, StoredCells>,
): string[] | undefined {
  const tokens: string[] = [];
  let from = 0;
  for (const { before, way, node, at } of gaps) {
    if (!text.startsWith(before, from)) return undefined;
    from += before.length;
    const to = leafEnd(text, from);
    if (to < 0 || text.charCodeAt(from) < SPACE) return undefined;
    const token = text.slice(from, to);
    if (wayToTake(token, { node, stored: storedOf.get(node.path), at }) !== way) return undefined;
    tokens.push(token);
    from = to;
  }
  return text.length === from + end.length && text.endsWith(end) ? tokens : undefined;
}
