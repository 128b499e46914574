import { catalogue } from "../../src/events/catalogue.ts";
import type { Json } from "../../src/events/document.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { openStore } from "../../src/run/open-store.ts";
import type { SearchHit } from "../../src/search/request.ts";
import type { ElasticStoreSettings } from "../../src/store/elastic/settings.ts";
import type { Store } from "../../src/store/store.ts";

/** Every document of an index pattern in the store of a data directory that no program uses now, oldest first. */
export async function storedHits(input: {
  directory: string;
  patterns: readonly string[];
  /** As the indices are named after it. */
  network?: string;
  /** Undefined: the embedded store. */
  cluster?: ElasticStoreSettings | undefined;
}): Promise<SearchHit[][]> {
  const { directory, patterns, network = "devnet", cluster } = input;
  const store = await openStore(cluster, {
    directory,
    network,
    datasets: catalogue,
    clock: systemClock(),
    log: silentLog,
  });
  try {
    await store.settled();
    const all: SearchHit[][] = [];
    for (const pattern of patterns) all.push(await hitsOf(store, pattern));
    return all;
  } finally {
    await store.close();
  }
}

/** Every document of an index pattern, oldest first. */
export async function hitsOf(store: Pick<Store, "search">, pattern: string): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  let after: readonly Json[] | undefined;
  do {
    const page = await store.search(pattern, {
      sort: [{ _seq: "asc" }],
      size: 10_000,
      ...(after === undefined ? {} : { search_after: after }),
    });
    hits.push(...page.hits.hits);
    after = page.hits.hits.at(-1)?.sort;
  } while (after !== undefined);
  return hits;
}

/** The value at a path of a `_source`. */
export function valueAt(hit: SearchHit, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>((value, key) => {
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as { readonly [key: string]: Json })[key]
      : undefined;
  }, hit._source);
}
