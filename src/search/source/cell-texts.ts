import type { ColumnType } from "../../events/dataset.ts";
import { isoFromUs } from "../dates/iso-date.ts";
import { ipText } from "../fields/ip-address.ts";
import { shortestSingle } from "../fields/shortest-single.ts";
import type { SqlResult } from "../hits/sql-result.ts";

/** Stands for a piece of text that no cell gives back. */
export const LITERAL = "\u0002";

/** Ways to write a cell as JSON; each is told by a control character, which no JSON text has between its tokens. */
const WAYS = {
  "\u0001": (cell: SqlResult) => (typeof cell === "string" ? JSON.stringify(cell) : bare(cell)),
  // What was sent as the other kind of token: numbers and booleans within quotation marks, and numbers for a keyword.
  "\u0003": (cell: SqlResult) => (typeof cell === "string" ? cell : `"${bare(cell)}"`),
  // As Go's encoding/json writes it unless it is told not to.
  "\u0004": (cell: SqlResult) => JSON.stringify(String(cell)).replace(/[<>&\u2028\u2029]/g, escaped),
  // As Java and Python write a whole number of their floating point types.
  "\u0005": (cell: SqlResult) => `${bare(cell)}.0`,
  // Dates as most write them, and as they are written without what is zero.
  "\u0006": (cell: SqlResult) => `"${withFraction(cell)}"`,
  "\u0007": (cell: SqlResult) => `"${isoText(cell)}"`,
  // Addresses of an `ip`.
  "\u0008": (cell: SqlResult) => `"${addressText(cell)}"`,
} as const satisfies Readonly<Record<string, (cell: SqlResult) => string>>;

type Way = keyof typeof WAYS;

/** The ways to write the cells of a column, the most frequent ones first. */
const WAYS_OF: Readonly<Record<ColumnType, readonly Way[]>> = {
  keyword: ["\u0001", "\u0004", "\u0003", "\u0008"],
  text: ["\u0001", "\u0004", "\u0003"],
  long: ["\u0001", "\u0003", "\u0005"],
  unsigned_long: ["\u0001", "\u0003", "\u0005"],
  double: ["\u0001", "\u0005", "\u0003"],
  boolean: ["\u0001", "\u0003"],
  date: ["\u0006", "\u0007"],
  flattened: [],
};

/**
 * The character of the way in which a cell is written as just this token, a whole one of a well-formed text; `usual` is
 * tried first. Undefined where there is none.
 */
export function wayOf(
  token: string,
  { type, cell, usual }: { type: ColumnType; cell: SqlResult; usual: string },
): string | undefined {
  if (typeof cell === "string") {
    if (isPlain(token, cell)) return PLAIN;
    if (!isKept(token, cell)) return undefined;
  }
  if (isWay(usual) && cellText(usual, cell) === token) return usual;
  for (const way of WAYS_OF[type]) if (WAYS[way](cell) === token) return way;
  return undefined;
}

const PLAIN: Way = "\u0001";

/** Whether a token is a string without escapes, and just this one. */
function isPlain(token: string, cell: string): boolean {
  return token.length === cell.length + 2 && token.startsWith('"') && token.startsWith(cell, 1) && !cell.includes("\\");
}

export function isWay(mark: string): boolean {
  return Object.hasOwn(WAYS, mark);
}

/** The JSON token of a cell, written in one of the ways. */
export function cellText(way: string, cell: SqlResult): string {
  return WAYS[way as Way](cell);
}

/** The database keeps neither lone surrogates nor zero characters. JSON writes both as escapes. */
function isKept(token: string, cell: string): boolean {
  return !token.includes("\\") || (cell.isWellFormed() && !cell.includes("\0"));
}

function bare(cell: SqlResult): string {
  if (typeof cell !== "number") return String(cell);
  const text = String(cell);
  // A `float` has 24 bits, and more digits as a double than it was sent with.
  return text.length > MAX_SINGLE && !Number.isInteger(cell) && Math.fround(cell) === cell
    ? String(shortestSingle(cell))
    : text;
}

/** Most doubles are as short, and were sent so. */
const MAX_SINGLE = 9;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Empty for what is beyond the dates of JavaScript. */
function isoText(us: SqlResult): string {
  return typeof us === "bigint" && us >= -MAX_US && us <= MAX_US ? isoFromUs(us) : "";
}

const MAX_US = 8_640_000_000_000_000_000n;

/** Milliseconds also where they are zero, as most senders write them. */
function withFraction(us: SqlResult): string {
  const text = isoText(us);
  return text === "" || text.includes(".") ? text : `${text.slice(0, -1)}.000Z`;
}

function addressText(cell: SqlResult): string {
  return typeof cell === "string" && DIGITS.test(cell) ? ipText(cell) : "";
}

const DIGITS = /^[0-9a-f]{32}$/;
