/** One line of the table: what happened, what the monitor says of it, and whether that is right. */
export type Row = { what: string; expected: string; found: string; ok: boolean };

/** Both must hold the same items; what only one of them holds is shown in full. */
export function sameItems(input: { what: string; expected: readonly string[]; found: readonly string[] }): Row {
  const { what, expected, found } = input;
  const missing = expected.filter((item) => !found.includes(item));
  const extra = found.filter((item) => !expected.includes(item));
  const ok = missing.length === 0 && extra.length === 0 && expected.length === found.length;
  const differing = (items: readonly string[]) => (ok || items.length === 0 ? "" : `, here alone: ${items.join(", ")}`);
  return { what, expected: listed(expected) + differing(missing), found: listed(found) + differing(extra), ok };
}

const SHOWN = 6;

/** A few items by themselves, many by their number. */
export function listed(items: readonly (string | number)[]): string {
  if (items.length === 0) return "none";
  return items.length > SHOWN ? `${items.length} in all` : items.join(", ");
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
