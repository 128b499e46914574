import type { Dataset } from "../../events/dataset.ts";
import { indexName, matchIndices } from "../../search/index-pattern.ts";
import type { SearchRequest } from "../../search/request.ts";
import type { WatchPorts } from "../watch.ts";
import { isoOfMs, type Past } from "./past-documents.ts";

/** Searches as they would have been answered at the moment that they are for. */
export type PastSearch = {
  search: WatchPorts["search"];
  /** Of what was searched, our own datasets whose documents are replaced. */
  replaced(): readonly string[];
};

/** Documents of a later time are left out; those without a time are as they are now. */
export function createPastSearch({ store, network, signal }: Past, datasets: readonly Dataset[]): PastSearch {
  const replacedNames = datasets.filter(({ kind }) => kind === "index").map((dataset) => indexName(dataset, network));
  const reached = new Set<string>();
  const noted = new Set<string>();

  const note = (pattern: string): void => {
    if (noted.has(pattern)) return;
    noted.add(pattern);
    for (const name of matchIndices(pattern, replacedNames, { ignoreMissing: true })) reached.add(name);
  };

  return {
    async search({ indices, body, nowMs }) {
      const pattern = indices.join(",");
      const request = body as SearchRequest;
      // Elasticsearch 8.7 fails in a date_histogram beside a range that is open at its beginning, unless it excludes.
      const later = { range: { "@timestamp": { gt: isoOfMs(nowMs) } } };
      const bounded: SearchRequest = {
        ...request,
        query: { bool: { ...(request.query === undefined ? {} : { must: [request.query] }), must_not: [later] } },
      };
      const answer = await store.search(pattern, bounded, { signal, params: { ignoreMissing: true } });
      note(pattern);
      return answer;
    },
    replaced: () => [...reached].sort(),
  };
}
