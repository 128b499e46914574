import type { Json } from "../../events/document.ts";
import { fieldOf, type RecordDataset, recordOfSource } from "../../events/record.ts";
import { indexName } from "../../search/index-pattern.ts";
import { MAX_RESULT_WINDOW } from "../../search/limits.ts";
import type { QueryBody, SortBody } from "../../search/request.ts";
import type { Store } from "../../store/store.ts";
import { isoOfMs } from "./iso-time.ts";

/** Decides between what is equal otherwise: a cluster has no order of its own. */
export const BY_ARRIVAL = { _seq: "asc" } as const;

export type RecordQuery = {
  dataset: RecordDataset;
  network: string;
  filter?: readonly QueryBody[];
  mustNot?: readonly QueryBody[];
  /** Of equal ones the first to arrive comes first. */
  sort?: readonly SortBody[];
  size?: number;
  /** Fields that are not read. */
  without?: readonly string[];
  signal: AbortSignal;
};

/**
 * Searches one dataset and answers its records. The caller names the record's type: the documents were made from
 * records of that type by `documentOf`, over the same columns.
 */
export async function searchRecords<R>(store: Pick<Store, "search">, query: RecordQuery): Promise<R[]> {
  const { dataset, network, filter = [], mustNot = [], sort, size = MAX_RESULT_WINDOW, without, signal } = query;
  const response = await store.search(
    indexName(dataset, network),
    {
      query: { bool: { filter, must_not: mustNot } },
      size,
      track_total_hits: false,
      ...(without === undefined ? {} : { _source: { excludes: without } }),
      ...(sort === undefined ? {} : { sort: [...sort, BY_ARRIVAL] }),
    },
    { signal },
  );
  return response.hits.hits.map((hit) => recordOfSource(dataset, hit._source) as R);
}

/**
 * One page of records, newest first by the number under `key`. Records that share the last key of a page stay on it,
 * so that the exclusive cursor `next_before` skips none.
 */
export async function searchPage<R>(
  store: Pick<Store, "search">,
  query: Omit<RecordQuery, "sort" | "size"> & {
    key: keyof R & string;
    tieBreak?: string;
    limit: number;
    before: number | undefined;
  },
): Promise<{ records: R[]; next_before: number | null }> {
  const { key, tieBreak, limit, before, filter = [], ...rest } = query;
  const field = fieldOf(query.dataset, key);
  const value = valueFor(query.dataset, key);
  const keyOf = (record: R | undefined) => Number(record?.[key]);
  const sort = [{ [field]: "desc" as const }, ...(tieBreak === undefined ? [] : [{ [tieBreak]: "asc" as const }])];
  const search = (filters: readonly QueryBody[], size: number) =>
    searchRecords<R>(store, { ...rest, filter: [...filter, ...filters], sort, size });

  const bound = before === undefined ? [] : [{ range: { [field]: { lt: value(before) } } }];
  const found = await search(bound, limit + 1);
  if (found.length <= limit) return { records: found, next_before: null };
  const last = keyOf(found[limit - 1]);
  if (keyOf(found[limit]) !== last) return { records: found.slice(0, limit), next_before: last };
  const tied = await search([{ range: { [field]: { gte: value(last), lte: value(last) } } }], MAX_RESULT_WINDOW);
  return { records: [...found.filter((record) => keyOf(record) > last), ...tied], next_before: last };
}

/** How a key's number stands in a query: dates as ISO strings, which keep their microseconds. */
function valueFor(dataset: RecordDataset, key: string): (value: number) => Json {
  const isDate = dataset.columns.some((column) => column.key === key && column.type === "date");
  return isDate ? isoOfMs : (value) => value;
}
