import type { SqlResult } from "../hits/sql-result.ts";
import { cellText, LITERAL } from "./cell-texts.ts";
import { BETWEEN_LITERALS, type SourceShape } from "./source-shape.ts";

/** Which leaves of a document are wanted, by their path; the others are null. */
export type IsWanted = (path: string) => boolean;

/** What must be read to put a document of the shape together. */
export function partsOf({ gaps }: SourceShape, isWanted: IsWanted): { fields: Set<string>; rest: boolean } {
  const parts = { fields: new Set<string>(), rest: false };
  for (const { way, node } of gaps) {
    if (!isWanted(node.path)) continue;
    if (way === LITERAL) parts.rest = true;
    else parts.fields.add(node.path);
  }
  return parts;
}

/** The JSON text that was taken apart. */
export function putTogether(
  { gaps, end }: SourceShape,
  parts: { cellsOf: (field: string) => readonly SqlResult[]; rest: string | null; isWanted: IsWanted },
): string {
  const { cellsOf, rest, isWanted } = parts;
  const literals = rest === null ? [] : rest.split(BETWEEN_LITERALS);
  let literal = 0;
  let text = "";
  for (const { before, way, node, at } of gaps) {
    const token = way === LITERAL ? literals[literal++] : cellText(way, cellsOf(node.path)[at] ?? null);
    text += before + (isWanted(node.path) ? token : "null");
  }
  return text + end;
}
