import type { ValueClass } from "../fields/field-type.ts";
import type { SqlResult } from "./sql-result.ts";

/** Values in the order of Lucene's doc values: ascending, words and addresses once each, numbers as often as they stand. */
export function inDocValueOrder(valueClass: ValueClass, values: readonly SqlResult[]): readonly SqlResult[] {
  if (values.length < 2) return values;
  if (valueClass === "keyword" || valueClass === "ip") {
    return [...new Set(values.map(String))].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }
  return [...values].sort((a, b) => compare(comparable(a), comparable(b)));
}

/** Integers beyond 2^53 are decimal text. */
function comparable(value: SqlResult): number | bigint {
  return typeof value === "string" && /^-?\d+$/.test(value) ? BigInt(value) : Number(value);
}

function compare(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : Number(a > b);
}
