/** One cell of a download; objects are written as JSON. */
export type CsvValue = unknown;

/**
 * A table as RFC 4180 has it, with CRLF and a byte order mark, by which spreadsheets know UTF-8. A text that a spreadsheet
 * would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return) gets an apostrophe before it:
 * graffiti and log lines are written by strangers.
 */
export function toCsv(columns: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  const lines = [columns.map(cell).join(",")];
  for (const row of rows) lines.push(row.map(cell).join(","));
  return `\uFEFF${lines.join("\r\n")}\r\n`;
}

function cell(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
