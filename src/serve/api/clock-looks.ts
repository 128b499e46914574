import { clockDataset } from "../../events/clock.ts";
import { recordOfSource } from "../../events/record.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { Store } from "../../store/store.ts";
import type { ClockAnswer, ClockLook } from "../views.ts";
import { isoOfMs } from "./iso-time.ts";
import { BY_ARRIVAL } from "./stored-records.ts";

/** When a document of the clock was made is its `@timestamp` alone. */
const stamped = {
  ...clockDataset,
  columns: [
    ...clockDataset.columns,
    { key: "at_ms", name: "@timestamp", type: "date" as const, words: "When it was made." },
  ],
};

/** One page of looks at the clock, newest first, those before `before` (exclusive, Unix milliseconds). */
export async function readClockLooks(input: {
  store: Pick<Store, "search">;
  network: string;
  limit: number;
  before: number | undefined;
  signal: AbortSignal;
}): Promise<ClockAnswer> {
  const { store, network, limit, before, signal } = input;
  const { hits } = await store.search(
    indexName(clockDataset, network),
    {
      query: { bool: { filter: before === undefined ? [] : [{ range: { "@timestamp": { lt: isoOfMs(before) } } }] } },
      sort: [{ "@timestamp": "desc" }, BY_ARRIVAL],
      size: limit + 1,
      track_total_hits: false,
    },
    { signal },
  );
  const looks = hits.hits.map((hit) => recordOfSource(stamped, hit._source) as ClockLook);
  const page = looks.slice(0, limit);
  return { looks: page, next_before: looks.length > limit ? (page.at(-1)?.at_ms ?? null) : null };
}
