/** One line of the table: what happened, what the monitor says of it, and whether that is right. */
export type Row = { what: string; expected: string; found: string; ok: boolean };

/** Both must hold the same items; where they do not, only what differs is shown. */
export function sameItems(input: { what: string; expected: readonly string[]; found: readonly string[] }): Row {
  const { what, expected, found } = input;
  const missing = expected.filter((item) => !found.includes(item));
  const extra = found.filter((item) => !expected.includes(item));
  if (missing.length === 0 && extra.length === 0) {
    return { what, expected: listed(expected), found: listed(found), ok: true };
  }
  return { what, expected: `also ${listed(missing)}`, found: `also ${listed(extra)}`, ok: false };
}

const SHOWN = 6;

export function listed(items: readonly (string | number)[]): string {
  if (items.length === 0) return "none";
  const shown = items.slice(0, SHOWN).join(", ");
  return items.length > SHOWN ? `${items.length}: ${shown}, ...` : shown;
}

export function tableOf(rows: readonly Row[]): string {
  const cells = [
    ["", "expected", "found", ""],
    ...rows.map((row) => [row.what, row.expected, row.found, row.ok ? "ok" : "WRONG"]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
