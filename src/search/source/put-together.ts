import type { SqlResult } from "../hits/sql-result.ts";
import { referencesOf, withoutReferences } from "./cell-references.ts";
import { cellText, LITERAL } from "./cell-texts.ts";
import { BETWEEN_LITERALS, type Gap, type SourceShape } from "./source-shape.ts";

/** The JSON text that was taken apart. */
export function putTogether(
  { gaps, end, all }: SourceShape,
  { cellsOf, rest }: { cellsOf: (field: string) => readonly SqlResult[]; rest: string | null },
): string {
  const given = literalsOf(rest);
  const tokenOf = ({ way, node, at }: Gap) => cellText(way, cellsOf(node.path)[at] ?? null);
  const tokenAt = (place: number) => {
    const gap = all[place];
    return gap === undefined ? "" : tokenOf(gap);
  };
  let text = "";
  for (const gap of gaps) {
    const token = gap.way === LITERAL ? withoutReferences(given[gap.literals] ?? "null", tokenAt) : tokenOf(gap);
    text += gap.before + token;
  }
  return text + end;
}

/** The gaps whose cells are pieces of the literals that a shape shows. */
export function referredIn({ gaps, all, referred }: SourceShape, rest: string | null): Gap[] {
  const given = literalsOf(rest);
  const places = new Set(
    gaps.flatMap(({ way, literals }) => (way === LITERAL ? referencesOf(given[literals] ?? "") : [])),
  );
  for (const place of places) referred.add(place);
  return [...places].flatMap((place) => all[place] ?? []);
}

function literalsOf(rest: string | null): readonly string[] {
  return rest === null ? [] : rest.split(BETWEEN_LITERALS);
}
