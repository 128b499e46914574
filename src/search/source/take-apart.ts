import { withReferences } from "./cell-references.ts";
import { LITERAL } from "./cell-texts.ts";
import { likelyShape, noteShape } from "./likely-shapes.ts";
import { BETWEEN_LITERALS, knownShape, readShape, type SourceShape } from "./source-shape.ts";
import { type StoredCells, wayToTake } from "./take-cell.ts";
import { walkLeaves } from "./walk-leaves.ts";

/** A document's JSON text without what its columns hold. */
export type SourceParts = {
  /** The text with a control character for each leaf: how the next cell of its field is written, or `LITERAL`. */
  shape: string;
  /** The leaves that are literals, with references to cells, between `BETWEEN_LITERALS`; undefined where there are none. */
  rest: string | undefined;
  /** No document of late had this shape. */
  isNew: boolean;
};

/** The database has a dictionary of texts up to 4096 bytes alone. */
const MAX_SHAPE_BYTES = 4_000;
const SPACE = 0x20;

/**
 * Takes out of a document's text what can be put together again to the very same text: a leaf is left out when the next
 * cell of its field, written in one of the ways, is just its token. Documents of one `kind` are likely to be of the same
 * few shapes. Undefined for a text that is better kept whole.
 */
export function takeApart(
  text: string,
  { kind, storedOf }: { kind: string; storedOf: ReadonlyMap<string, StoredCells> },
): SourceParts | undefined {
  if (!text.isWellFormed()) return undefined;
  const likely = likelyShape(text, { kind, storedOf });
  if (likely !== undefined) return partsOf({ ...likely, isNew: false });
  const used = new Map<string, number>();
  const tokens: string[] = [];
  let shape = "";
  let taken = 0;
  let isJson = true;
  const isWalked = walkLeaves(text, (from, to, node) => {
    if (text.charCodeAt(from) < SPACE) isJson = false;
    const at = used.get(node.path) ?? 0;
    const token = text.slice(from, to);
    const way = wayToTake(token, { node, stored: storedOf.get(node.path), at });
    if (way === undefined) return;
    tokens.push(token);
    if (way !== LITERAL) used.set(node.path, at + 1);
    shape += text.slice(taken, from) + way;
    taken = to;
  });
  shape += text.slice(taken);
  if (!isWalked || !isJson || Buffer.byteLength(shape) > MAX_SHAPE_BYTES) return undefined;
  const isNew = knownShape(shape) === undefined;
  noteShape(kind, shape);
  return partsOf({ shape: readShape(shape), tokens, isNew });
}

function partsOf(found: { shape: SourceShape; tokens: readonly string[]; isNew: boolean }): SourceParts {
  const { shape, tokens, isNew } = found;
  const literals = withReferences(shape.gaps, tokens);
  return { shape: shape.text, rest: literals.length === 0 ? undefined : literals.join(BETWEEN_LITERALS), isNew };
}
