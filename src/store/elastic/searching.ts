import type { Dataset } from "../../events/dataset.ts";
import { isFault } from "../../lib/fault.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { SearchParams, SearchRequest, SearchResponse } from "../../search/request.ts";
import type { SearchOptions } from "../store.ts";
import type { Cluster } from "./cluster.ts";
import type { Engine } from "./engine.ts";
import { momentFields } from "./moment-fields.ts";
import { searchCluster } from "./search.ts";

/**
 * Searches where ours are always there to who names them: one that nothing was stored in yet is made first. Who has
 * resolved a pattern (`ignoreMissing`) names all that fits it, and means what is there. Rejects as `searchCluster` does,
 * and with `engine_*`.
 */
export function createSearching(deps: {
  engine: Engine;
  cluster: Pick<Cluster, "ensureOwn">;
  datasets: readonly Dataset[];
  network: string;
  limitMs: number;
}): (pattern: string, request: SearchRequest, options: SearchOptions) => Promise<SearchResponse> {
  const { engine, cluster, datasets, network, limitMs } = deps;
  const own = new Set(datasets.map((dataset) => indexName(dataset, network)));
  const moments = momentFields(datasets);

  /** Whether all of them are there now. */
  const ensure = async (names: readonly string[], signal: AbortSignal | undefined): Promise<boolean> => {
    let isThere = true;
    for (const name of names) {
      const made = await cluster.ensureOwn(name, signal).catch((error: unknown) => {
        // Full disks and missing rights forbid to make an index; what is there can be searched all the same.
        if (isFault(error, "engine_refused")) return false;
        throw error;
      });
      isThere = made && isThere;
    }
    return isThere;
  };

  return async (pattern, request, { signal, params = {} }) => {
    signal?.throwIfAborted();
    const ask = (asked: SearchParams) =>
      searchCluster({ engine, pattern, request, params: asked, moments, limitMs, signal });
    const named = pattern.split(",").filter((name) => own.has(name));
    if (params.ignoreMissing !== true) {
      return await ask((await ensure(named, signal)) ? params : { ...params, ignoreMissing: true });
    }
    const answer = await ask(params);
    // Where nothing of it is there, nobody says what an aggregation over no document looks like.
    const isNothing = answer._shards.total === 0 && named.length > 0;
    return isNothing && (await ensure(named, signal)) ? await ask(params) : answer;
  };
}
