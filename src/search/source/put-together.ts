import type { SqlResult } from "../hits/sql-result.ts";
import { cellText, LITERAL } from "./cell-texts.ts";
import { BETWEEN_LITERALS, type SourceShape } from "./source-shape.ts";

/** The JSON text that was taken apart. */
export function putTogether(
  { gaps, end }: SourceShape,
  { cellsOf, rest }: { cellsOf: (field: string) => readonly SqlResult[]; rest: string | null },
): string {
  const given = rest === null ? [] : rest.split(BETWEEN_LITERALS);
  let text = "";
  for (const { before, way, node, at, literals } of gaps) {
    text += before + (way === LITERAL ? given[literals] : cellText(way, cellsOf(node.path)[at] ?? null));
  }
  return text + end;
}
