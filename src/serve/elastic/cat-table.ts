import type { Json } from "../../events/document.ts";
import { wildcard } from "../../lib/wildcard.ts";
import type { Parameters } from "./parameters.ts";
import type { FaceAnswer } from "./route.ts";

/** One column of a `_cat` table. */
export type CatColumn = {
  name: string;
  aliases?: readonly string[];
  words: string;
  /** Numbers stand at the right. */
  isNumber?: boolean;
  /** Shown without being asked for. Default: yes. */
  isShown?: boolean;
};

/** A row's values as they are shown, and as they are sorted where that differs. */
export type CatRow = Readonly<Record<string, string | { shown: string; sorted: number }>>;

export const CAT_PARAMETERS: readonly string[] = ["v", "h", "s", "help", "bytes", "time", "local", "master_timeout"];

/** A `_cat` answer: text in columns, or JSON where that is asked for; `h` chooses, `s` sorts, `v` heads, `help` tells. */
export function catAnswer(input: {
  columns: readonly CatColumn[];
  rows: readonly CatRow[];
  parameters: Parameters;
  wantsJson: boolean;
}): FaceAnswer {
  const { columns, parameters, wantsJson } = input;
  if (parameters.flag("help") === true) return { text: helpText(columns) };
  const shown = chosen(columns, parameters.list("h"));
  const rows = sorted(input.rows, columns, parameters.list("s"));
  if (wantsJson) {
    return {
      json: rows.map((row) =>
        Object.fromEntries(shown.map(({ name, title }): [string, Json] => [title, shownOf(row, name)])),
      ),
    };
  }
  const cells = rows.map((row) => shown.map(({ name }) => shownOf(row, name)));
  const lines = parameters.flag("v") === true ? [shown.map(({ title }) => title), ...cells] : cells;
  return { text: aligned(lines, shown) };
}

type Chosen = CatColumn & { title: string };

/** `h` names columns by name, alias or pattern; a column is titled as it was asked for, unknown ones are left out. */
function chosen(columns: readonly CatColumn[], wanted: readonly string[] | undefined): readonly Chosen[] {
  if (wanted === undefined) {
    return columns.filter(({ isShown }) => isShown !== false).map((column) => ({ ...column, title: column.name }));
  }
  const found = new Map<string, Chosen>();
  for (const word of wanted) {
    const matches = wildcard(word);
    for (const column of columns) {
      const { name, aliases = [] } = column;
      const title = matches(name) ? name : aliases.includes(word) ? word : undefined;
      if (title !== undefined && !found.has(name)) found.set(name, { ...column, title });
    }
  }
  return [...found.values()];
}

function sorted(rows: readonly CatRow[], columns: readonly CatColumn[], by: readonly string[] = []): readonly CatRow[] {
  const keys = by.flatMap((word) => {
    const [name = "", order] = word.split(":");
    const column = columns.find((each) => each.name === name || each.aliases?.includes(name));
    return column === undefined ? [] : [{ name: column.name, sign: order === "desc" ? -1 : 1 }];
  });
  return [...rows].sort((a, b) => {
    for (const { name, sign } of keys) {
      const order = compare(a[name] ?? "", b[name] ?? "");
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}

type Cell = CatRow[string];

function compare(a: Cell, b: Cell): number {
  if (typeof a === "object" && typeof b === "object") return a.sorted - b.sorted;
  const [left, right] = [a, b].map((cell) => (typeof cell === "object" ? cell.shown : cell));
  return (left ?? "") < (right ?? "") ? -1 : (left ?? "") > (right ?? "") ? 1 : 0;
}

function shownOf(row: CatRow, name: string): string {
  const cell = row[name] ?? "";
  return typeof cell === "object" ? cell.shown : cell;
}

function aligned(lines: readonly (readonly string[])[], columns: readonly Chosen[]): string {
  const widths = columns.map((_, at) => Math.max(0, ...lines.map((line) => (line[at] ?? "").length)));
  return lines
    .map((line) => {
      const cells = columns.map(({ isNumber }, at) => {
        const cell = line[at] ?? "";
        if (isNumber === true) return cell.padStart(widths[at] ?? 0);
        return at === columns.length - 1 ? cell : cell.padEnd(widths[at] ?? 0);
      });
      return `${cells.join(" ")}\n`;
    })
    .join("");
}

function helpText(columns: readonly CatColumn[]): string {
  const lines = columns.map(({ name, aliases = [], words }) => [name, aliases.join(","), words]);
  const widths = [0, 1, 2].map((at) => Math.max(...lines.map((line) => (line[at] ?? "").length)));
  return lines.map((line) => `${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")}\n`).join("");
}

/** `6.4kb`, as Elasticsearch's ByteSizeValue writes sizes; with a unit (`b`, `kb`, `mb`…) whole numbers of it. */
export function byteSize(bytes: number, unit: string | undefined): string {
  const units = ["b", "kb", "mb", "gb", "tb", "pb"];
  if (unit !== undefined && units.includes(unit)) return String(Math.floor(bytes / 1024 ** units.indexOf(unit)));
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : (Math.floor(value * 10) / 10).toString()}${units[power]}`;
}
