import { catalogue } from "../../src/events/catalogue.ts";
import type { Json } from "../../src/events/document.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import type { SearchHit } from "../../src/search/request.ts";
import { createEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";

/** Every document of an index pattern in a data directory that no program uses now, oldest first. */
export async function storedHits(input: {
  directory: string;
  patterns: readonly string[];
  /** As the indices are named after it. */
  network?: string;
}): Promise<SearchHit[][]> {
  const { directory, patterns, network = "devnet" } = input;
  const store = await createEmbeddedStore({
    directory,
    network,
    datasets: catalogue,
    clock: systemClock(),
    log: silentLog,
  });
  try {
    await store.settled();
    const all: SearchHit[][] = [];
    for (const pattern of patterns) {
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
      all.push(hits);
    }
    return all;
  } finally {
    await store.close();
  }
}

/** The value at a path of a `_source`. */
export function valueAt(hit: SearchHit, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>((value, key) => {
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as { readonly [key: string]: Json })[key]
      : undefined;
  }, hit._source);
}
