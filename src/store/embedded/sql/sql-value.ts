import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
} from "@duckdb/node-api";
import type { Json } from "../../../events/document.ts";
import { isoFromUs } from "../../../search/dates/iso-date.ts";

/** A value of the database as JSON: integers beyond 2^53 and what JSON lacks as text, moments in ISO 8601. */
export function jsonOfSql(value: unknown): Json {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "string":
    case "boolean":
      return value;
    default:
      return jsonOfObject(value);
  }
}

function jsonOfObject(value: unknown): Json {
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(jsonOfSql);
  const micros = microsOf(value);
  if (micros !== undefined) return isAmongDates(micros) ? isoFromUs(micros) : String(value);
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([key, inner]) => [key, jsonOfSql(inner)]));
  }
  if (value instanceof DuckDBMapValue) {
    return value.entries.map(({ key, value: inner }) => ({ key: jsonOfSql(key), value: jsonOfSql(inner) }));
  }
  if (value instanceof DuckDBUnionValue) return jsonOfSql(value.value);
  if (value instanceof DuckDBBlobValue) return `0x${Buffer.from(value.bytes).toString("hex")}`;
  return String(value);
}

/** Of any of the database's moments. */
function microsOf(value: unknown): bigint | undefined {
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return value.micros;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis * 1000n;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds * 1_000_000n;
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos / 1000n;
  return undefined;
}

/** The years 0 to 9999, as ISO 8601 writes them; infinite moments are none. */
function isAmongDates(micros: bigint): boolean {
  return micros >= -62_167_219_200_000_000n && micros < 253_402_300_800_000_000n;
}
