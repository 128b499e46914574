import { rowsOf } from "../../../src/panels/value-at.ts";

/** One row of an answer with its values by dotted path. */
export type AnswerRow = Readonly<Record<string, unknown>>;

/** What Elasticsearch says of each bucket beside its values: no figure of the panel. */
const NOISE = /(^|\.)(key_as_string|doc_count_error_upper_bound|sum_other_doc_count|meta)$|^_index$|^_id$|^_score$/;
/** More rows than a person reads, or a download of one panel needs. */
const MOST_ROWS = 100_000;

/**
 * The rows of an answer that `property` names (`aggregations.slots.buckets`, `hits.hits`), flat: a bucket that holds
 * buckets becomes a row for each of them, and a hit is its document.
 */
export function answerRows(answer: unknown, property: string): AnswerRow[] {
  const rows: AnswerRow[] = [];
  for (const element of rowsOf(answer, property)) {
    for (const row of flattened(element)) {
      if (rows.length >= MOST_ROWS) return rows;
      rows.push(row);
    }
  }
  return rows;
}

/** The columns of rows in the order in which they come up. */
export function columnsOf(rows: readonly AnswerRow[]): string[] {
  const columns = new Set<string>();
  for (const row of rows) for (const column of Object.keys(row)) columns.add(column);
  return [...columns];
}

function flattened(element: unknown): AnswerRow[] {
  if (!isObject(element)) return [{ value: element }];
  const flat: Record<string, unknown> = {};
  const nested: [string, unknown[]][] = [];
  const source = element["_source"];
  collect(isObject(source) ? source : element, "", flat, nested);
  if (nested.length === 0) return [flat];
  return nested.flatMap(([path, buckets]) =>
    buckets.flatMap((bucket) =>
      flattened(bucket).map((inner) => ({
        ...flat,
        ...Object.fromEntries(Object.entries(inner).map(([key, value]) => [`${path}.${key}`, value])),
      })),
    ),
  );
}

function collect(
  object: Readonly<Record<string, unknown>>,
  prefix: string,
  flat: Record<string, unknown>,
  nested: [string, unknown[]][],
): void {
  for (const [key, value] of Object.entries(object)) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (NOISE.test(path)) continue;
    if (key === "buckets" && Array.isArray(value) && value.length > 0) nested.push([prefix, value]);
    else if (isKeyed(value)) for (const one of value) flat[`${path}.${one.key}`] = one.value;
    else if (isObject(value)) collect(value, path, flat, nested);
    else if (Array.isArray(value) && value.length === 1 && isObject(value[0])) collect(value[0], path, flat, nested);
    else if (!(key === "buckets" && Array.isArray(value))) flat[path] = value;
  }
}

/** Percentiles, as a list of keys and their values. */
function isKeyed(value: unknown): value is readonly { key: unknown; value: unknown }[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((one) => isObject(one) && "key" in one && "value" in one)
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
