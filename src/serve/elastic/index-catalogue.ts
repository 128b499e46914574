import type { Dataset } from "../../events/dataset.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { ForeignIndex } from "../../store/foreign/foreign-tables.ts";
import { ownMapping } from "../../store/foreign/own-mapping.ts";
import type { IndexView, SearchBackend } from "./search-backend.ts";

/** How much there is of an index; nothing where it is not known. */
export type IndexUse = { documents: number; bytes: number; createdMs?: number };

/**
 * All indices and data streams that can be searched, and their mappings: our own datasets of a network, and those of
 * others.
 */
export function createIndexCatalogue(deps: {
  datasets: readonly Dataset[];
  network: string;
  foreign: (signal?: AbortSignal) => Promise<readonly ForeignIndex[]>;
  uses: (signal?: AbortSignal) => Promise<ReadonlyMap<string, IndexUse>>;
}): Pick<SearchBackend, "indices" | "mappings"> {
  const { datasets, network, foreign, uses } = deps;
  const own = new Map(datasets.map((dataset) => [indexName(dataset, network), dataset]));
  const ownMappings = new Map<string, JsonObject>();

  const ownMappingOf = (name: string, dataset: Dataset): JsonObject => {
    const mapping = ownMappings.get(name) ?? ownMapping(dataset);
    ownMappings.set(name, mapping);
    return mapping;
  };
  return {
    async indices(signal) {
      const [others, used] = await Promise.all([foreign(signal), uses(signal)]);
      const view = (name: string, kind: "stream" | "index", createdMs?: number): IndexView => ({
        name,
        kind: kind === "stream" ? "data_stream" : "index",
        documents: 0,
        bytes: 0,
        ...(createdMs === undefined ? {} : { createdMs }),
        ...used.get(name),
      });
      return [
        ...[...own].map(([name, { kind }]) => view(name, kind)),
        ...others.map(({ name, kind, createdMs }) => view(name, kind, createdMs)),
      ].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async mappings(names, signal) {
      const isOther = names.some((name) => !own.has(name));
      const others = new Map(isOther ? (await foreign(signal)).map(({ name, mapping }) => [name, mapping]) : []);
      return new Map(
        names.flatMap((name): [string, JsonObject][] => {
          const dataset = own.get(name);
          const mapping = dataset === undefined ? others.get(name) : ownMappingOf(name, dataset);
          return mapping === undefined ? [] : [[name, mapping]];
        }),
      );
    },
  };
}
