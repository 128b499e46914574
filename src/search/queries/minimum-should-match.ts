import { invalid } from "../search-fault.ts";

const SIMPLE = /^-?\d+%?$/;
const CONDITION = /^(\d+)<(-?\d+%?)$/;

/**
 * How many of `count` optional clauses have to match: `2`, `-1`, `75%`, `-25%`, or conditions such as `2<75% 9<-3`.
 * May be more than there are, and is never negative.
 */
export function minimumShouldMatch(spec: unknown, count: number): number {
  if (typeof spec === "number" && Number.isSafeInteger(spec)) return fromEnd(spec, count);
  const parts = typeof spec === "string" ? spec.trim().split(/\s+/) : [];
  const [first = ""] = parts;
  if (parts.length === 1 && SIMPLE.test(first)) return simple(first, count);
  if (!parts.every((part) => CONDITION.test(part)) || parts.length === 0) {
    throw invalid(`For input string: "${String(spec)}" in [minimum_should_match]`, "number_format_exception");
  }
  let needed = count;
  for (const part of parts) {
    const [, above = "", value = ""] = CONDITION.exec(part) ?? [];
    if (count <= Number(above)) return needed;
    needed = simple(value, count);
  }
  return needed;
}

function simple(text: string, count: number): number {
  if (!text.endsWith("%")) return fromEnd(Number(text), count);
  return fromEnd(Math.trunc((count * Number(text.slice(0, -1))) / 100), count);
}

/** A negative number tells how many may be missing. */
function fromEnd(number: number, count: number): number {
  return Math.max(0, number < 0 || Object.is(number, -0) ? count + number : number);
}
