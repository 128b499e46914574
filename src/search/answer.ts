import type { ColumnType } from "../events/dataset.ts";
import type { Json } from "../events/document.ts";
import { isoFromUs } from "./dates.ts";
import type { SearchHit, SearchResponse } from "./request.ts";
import type { ResolvedSortKey } from "./sort.ts";
import type { SearchColumn, SearchTarget } from "./target.ts";

/** A value as the database gives it: 64-bit integers are bigints, dates microseconds, JSON is text. */
export type SqlResult = string | number | bigint | boolean | null | readonly SqlResult[];

/** The hit of one row of `fetchSql`: `_seq`, `_id`, `@timestamp`, then the target's columns. */
export function shapeHit(options: {
  target: SearchTarget;
  row: readonly SqlResult[];
  sort: readonly ResolvedSortKey[];
  sortValues: readonly SqlResult[];
}): SearchHit {
  const { target, row, sort, sortValues } = options;
  const [seq, id, timestampUs, ...cells] = row;
  const source: Record<string, Json> = { "@timestamp": isoFromUs(timestampUs as bigint) };
  let i = 0;
  for (const column of target.columns.values()) {
    const cell = cells[i++];
    if (cell !== null && cell !== undefined) place(source, column.name, shapeColumn(column, cell));
  }
  return {
    _index: target.index,
    _id: typeof id === "string" ? id : String(seq),
    _source: source,
    ...(sort.length === 0 ? {} : { sort: sort.map((key, k) => shapeSortValue(key, sortValues[k] ?? null)) }),
  };
}

export function shapeAnswer(options: {
  tookMs: number;
  hits: readonly SearchHit[];
  /** Documents counted, at most one more than the limit; a limit of 0 means no total. */
  counted: number;
  countLimit: number;
}): SearchResponse {
  const { tookMs, hits, counted, countLimit } = options;
  const total =
    counted > countLimit
      ? { value: countLimit, relation: "gte" as const }
      : { value: counted, relation: "eq" as const };
  return { took: tookMs, timed_out: false, hits: { ...(countLimit === 0 ? {} : { total }), hits } };
}

/** `a.b.c` becomes nested objects, as Elasticsearch's documents are. */
function place(source: Record<string, Json>, path: string, value: Json): void {
  let at: Record<string, Json> = source;
  let from = 0;
  for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", from)) {
    const part = path.slice(from, dot);
    at[part] ??= {};
    at = at[part] as Record<string, Json>;
    from = dot + 1;
  }
  at[path.slice(from)] = value;
}

function shapeColumn({ type, list }: SearchColumn, cell: SqlResult): Json {
  return list ? (cell as readonly SqlResult[]).map((item) => shapeValue(type, item)) : shapeValue(type, cell);
}

function shapeValue(type: ColumnType, value: SqlResult): Json {
  if (value === null) return null;
  if (type === "date") return isoFromUs(value as bigint);
  if (type === "flattened") return JSON.parse(value as string) as Json;
  return typeof value === "bigint" ? safeInteger(value) : (value as Json);
}

/** Milliseconds with the microseconds as fraction, so that `search_after` gets back what was sorted by. */
function shapeSortValue({ sortClass }: ResolvedSortKey, value: SqlResult): Json {
  if (typeof value !== "bigint") return value as Json;
  return sortClass === "date" ? Number(value) / 1000 : safeInteger(value);
}

/** A number where it is exact, else the decimal text. */
function safeInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
