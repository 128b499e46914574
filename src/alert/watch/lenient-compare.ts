import type { Json } from "../../events/document.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { isFault } from "../../lib/fault.ts";
import { DEFAULT_FORMAT } from "../../search/dates/date-format.ts";
import { UTC } from "../../search/dates/time-zone.ts";

/** What a watch compares with: a JSON value, or a moment that date math gave. */
export type Compared = { value: Json } | { momentUs: bigint };

/** As Java's `Double.valueOf` takes them. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?$/;

/**
 * Watcher's lenient comparison: what the watch says (`right`) tells whether numbers, texts or moments are compared.
 * Negative, 0 or positive; undefined where the two have no order and are not equal.
 */
export function lenientCompare(left: Json, right: Compared): number | undefined {
  if ("momentUs" in right) {
    const us = momentUs(left);
    return us === undefined ? undefined : us < right.momentUs ? -1 : us > right.momentUs ? 1 : 0;
  }
  const { value } = right;
  if (same(left, value)) return 0;
  if (left === null || value === null) return undefined;
  if (typeof value === "number") {
    const number = numberOf(left);
    return number === undefined ? undefined : number < value ? -1 : number > value ? 1 : 0;
  }
  if (typeof value === "string") {
    const text = typeof left === "object" ? JSON.stringify(left) : String(left);
    return text < value ? -1 : text > value ? 1 : 0;
  }
  return undefined;
}

function numberOf(value: Json): number | undefined {
  if (typeof value === "number") return value;
  const text = typeof value === "string" ? value.trim() : "";
  return NUMBER.test(text) ? Number.parseFloat(text) : undefined;
}

function momentUs(value: Json): bigint | undefined {
  if (typeof value === "number") return BigInt(Math.trunc(value)) * 1000n;
  if (typeof value !== "string") return undefined;
  try {
    return DEFAULT_FORMAT.parse(value, { zone: UTC, roundUp: false });
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

function same(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => same(item, b[index] ?? null));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key] ?? null, b[key] ?? null))
  );
}
