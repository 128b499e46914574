import type { SqlResult } from "../hits/sql-result.ts";

const BETWEEN = "\u0001";

/** The keys of a bucket and of those above it, as one text. */
export function pathOf(keys: readonly SqlResult[]): string {
  return keys.map((key) => (key === null ? "\u0002" : String(key))).join(BETWEEN);
}

/** The path of a bucket below another one; `width` tells how many keys the path of that one has. */
export function pathBelow(path: string, width: number, keys: readonly SqlResult[]): string {
  if (keys.length === 0) return path;
  return width === 0 ? pathOf(keys) : `${path}${BETWEEN}${pathOf(keys)}`;
}

/** Paths that no bucket has: of those that fill a gap in a series, and of others without documents. */
export const NOWHERE = "\u0003";
export const NOBODY = "\u0004";

/** A value of the database within JSON. */
export function jsonOf(value: SqlResult): string {
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}

/** The last step of a path: the aggregation, and the property of its result. */
export function splitProperty(step: string): { name: string; property: string | undefined } {
  const [, bracketed, inBrackets] = /^(.*)\[([^\]]*)\]$/.exec(step) ?? [];
  if (bracketed !== undefined) return { name: bracketed, property: inBrackets };
  const dot = step.indexOf(".");
  if (dot < 0) return { name: step, property: undefined };
  return { name: step.slice(0, dot), property: step.slice(dot + 1) };
}
