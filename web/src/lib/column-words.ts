import type { Panel, ValueFormat } from "../../../src/panels/panel.ts";
import type { AnswerRow } from "./answer-rows.ts";

/** A column of a chart's values: what its axis calls it, and how its values are read. */
export type ColumnWords = { column: string; title: string; format: ValueFormat };

/** Earlier than this a number is no moment of a chain: in Unix milliseconds, the year 2001. */
const FIRST_MOMENT_MS = 1e12;

/** The columns of a chart's values, those first that the specification gives a title. */
export function columnWords(panel: Panel, rows: readonly AnswerRow[], columns: readonly string[]): ColumnWords[] {
  const titles = panel.view.kind === "vega-lite" ? titlesOf(panel.view.spec) : new Map<string, string>();
  const words = columns.map((column): ColumnWords => {
    const title = titles.get(column);
    return { column, title: title ?? plainName(column), format: formatOf(rows, column) };
  });
  return [...words.filter(({ column }) => titles.has(column)), ...words.filter(({ column }) => !titles.has(column))];
}

function plainName(column: string): string {
  const name = column.replace(/\.value$/, "");
  const [, of, percent] = /^(.*)\.values\.(\d+(?:\.\d+)?)$/.exec(name) ?? [];
  if (percent !== undefined) return `${of} p${Number(percent)}`;
  if (name === "doc_count") return "documents";
  return name.endsWith(".doc_count") ? `${name.slice(0, -".doc_count".length)}, documents` : name;
}

function formatOf(rows: readonly AnswerRow[], column: string): ValueFormat {
  const values = rows.slice(0, 50).flatMap((row) => {
    const value = row[column];
    return value === null || value === undefined ? [] : [value];
  });
  if (values.length === 0 || !values.every((value) => typeof value === "number")) return "text";
  return /(^|\.)key$/.test(column) && values.every((value) => value > FIRST_MOMENT_MS) ? "time" : "number";
}

/** The titles that a specification gives its fields, wherever in it they are encoded. */
function titlesOf(spec: unknown): Map<string, string> {
  const titles = new Map<string, string>();
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) for (const one of part) visit(one);
    else if (typeof part === "object" && part !== null) {
      const { field, title, axis } = part as { field?: unknown; title?: unknown; axis?: unknown };
      const said =
        title ?? (typeof axis === "object" && axis !== null ? (axis as { title?: unknown }).title : undefined);
      if (typeof field === "string" && typeof said === "string") {
        const path = field.replaceAll("\\.", ".").replace(/\[['"]?([^\]'"]+)['"]?\]/g, ".$1");
        if (!titles.has(path)) titles.set(path, said);
      }
      for (const inner of Object.values(part)) visit(inner);
    }
  };
  visit(spec);
  return titles;
}
