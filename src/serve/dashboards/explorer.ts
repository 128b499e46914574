import { catalogue } from "../../events/catalogue.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { Clock } from "../../lib/clock.ts";
import { Fault } from "../../lib/fault.ts";
import { indexName, matchIndices } from "../../search/index-pattern.ts";
import type { QueryBody } from "../../search/request.ts";
import type { ForeignTables } from "../../store/foreign/foreign-tables.ts";
import type { Store } from "../../store/store.ts";
import type { FieldView, IndexLine, ValuesAnswer } from "../dashboards-view.ts";
import { fieldCaps } from "../elastic/field-caps.ts";
import type { SearchBackend, SearchResult } from "../elastic/search-backend.ts";
import { createStoreSearch } from "../elastic/store-search.ts";

export type ExplorableStore = Pick<Store, "search" | "use" | "state"> & { foreign: Pick<ForeignTables, "indices"> };

/** What can be searched, and what fields and values there are. */
export type Explorer = {
  /**
   * Over our own datasets of the network and what others brought, whatever else a cluster holds. A name that is not there
   * is refused, unless `ignoreMissing`. Throws what a search throws.
   */
  search(asked: {
    index: string;
    body: JsonObject;
    ignoreMissing?: boolean;
    signal: AbortSignal;
  }): Promise<SearchResult>;
  indices(signal: AbortSignal): Promise<IndexLine[]>;
  /** The field by which time narrows what a pattern matches; undefined where none of it has one. */
  timeField(index: string, signal: AbortSignal): Promise<string | undefined>;
  fields(index: string, signal: AbortSignal): Promise<FieldView[]>;
  /** The most frequent first. Throws `field_unknown`. */
  values(asked: {
    index: string;
    field: string;
    prefix?: string | undefined;
    limit: number;
    time: QueryBody | undefined;
    signal: AbortSignal;
  }): Promise<ValuesAnswer["values"]>;
};

const TIME_FIELD = "@timestamp";
/** Of fields whose values cannot be searched by how they begin, so many are looked through. */
const LOOKED_THROUGH = 1_000;

export function createExplorer(deps: { store: ExplorableStore; network: () => string; clock: Clock }): Explorer {
  const { store, network, clock } = deps;
  let known: { network: string; backend: SearchBackend; own: readonly string[] } | undefined;

  const ofNetwork = () => {
    const name = network();
    if (known?.network === name) return known;
    const backend = createStoreSearch({ store, datasets: catalogue, network: name, clock });
    known = { network: name, backend, own: catalogue.map((dataset) => indexName(dataset, name)) };
    return known;
  };
  /** What a pattern matches of our own datasets and of what others brought, with the mappings of the latter. */
  const match = async (index: string, options: { signal: AbortSignal; ignoreMissing?: boolean }) => {
    const { signal, ignoreMissing } = options;
    const others = new Map((await store.foreign.indices(signal)).map(({ name, mapping }) => [name, mapping]));
    const names = [...matchIndices(index, [...ofNetwork().own, ...others.keys()], { ignoreMissing })];
    return { names, others };
  };
  const search: Explorer["search"] = async ({ index, body, ignoreMissing = false, signal }) => {
    const { names: indices } = await match(index, { signal, ignoreMissing });
    return ofNetwork().backend.search({ indices, body, typedKeys: false, signal });
  };
  const fields: Explorer["fields"] = async (index, signal) => {
    const { names } = await match(index, { signal });
    const mappings = await ofNetwork().backend.mappings(names, signal);
    const wanted = { fields: ["*"], filters: ["-metadata", "-parent"], types: [], includeUnmapped: false };
    return Object.entries(fieldCaps(mappings, wanted)["fields"] as Readonly<Record<string, JsonObject>>).map(
      ([name, byType]) => {
        const types = Object.values(byType) as unknown as readonly FieldType[];
        return {
          name,
          type: types.length === 1 ? (types[0]?.type ?? "object") : "conflict",
          searchable: types.every(({ searchable }) => searchable),
          aggregatable: types.length === 1 && types.every(({ aggregatable }) => aggregatable),
        };
      },
    );
  };

  return {
    search,
    fields,
    async indices(signal) {
      const views = await ofNetwork().backend.indices(signal);
      const titles = new Map(catalogue.map((dataset) => [indexName(dataset, network()), dataset.title]));
      const others = new Map((await store.foreign.indices(signal)).map(({ name, mapping }) => [name, mapping]));
      const single = views.map(({ name, documents }) => ({
        name,
        title: titles.get(name) ?? name,
        time_field: hasTime(others.get(name)) ? TIME_FIELD : null,
        documents,
      }));
      return [...patterns(single, network()), ...single];
    },
    async timeField(index, signal) {
      const { names, others } = await match(index, { signal, ignoreMissing: true });
      return names.length === 0 || names.some((name) => hasTime(others.get(name))) ? TIME_FIELD : undefined;
    },
    async values({ index, field, prefix = "", limit, time, signal }) {
      const found = (await fields(index, signal)).find(({ name }) => name === field);
      if (found?.aggregatable !== true) {
        const why = found === undefined ? "is no field of" : "has no values to count in";
        throw new Fault("field_unknown", `'${field}' ${why} ${index}.`);
      }
      const byPrefix = prefix !== "" && found.type === "keyword" ? [{ prefix: { [field]: { value: prefix } } }] : [];
      const filter = [...byPrefix, ...(time === undefined ? [] : [time])];
      const terms = { field, size: prefix === "" ? limit : LOOKED_THROUGH };
      const body = { size: 0, track_total_hits: false, query: { bool: { filter } }, aggs: { values: { terms } } };
      const { aggregations } = await search({ index, body: body as JsonObject, signal });
      const { buckets = [] } = ((aggregations as JsonObject | undefined)?.["values"] ?? {}) as { buckets?: Bucket[] };
      return buckets
        .map(({ key, key_as_string: text, doc_count }) => ({ value: text ?? key, count: doc_count }))
        .filter(({ value }) => String(value).startsWith(prefix))
        .slice(0, limit);
    },
  };
}

type FieldType = { type: string; searchable: boolean; aggregatable: boolean };
type Bucket = { key: string | number; key_as_string?: string; doc_count: number };

/** Our own indices have no mapping of others. */
function hasTime(mapping: JsonObject | undefined): boolean {
  return mapping === undefined || TIME_FIELD in ((mapping["properties"] ?? {}) as object);
}

/** Patterns over several of what there is. */
function patterns(lines: readonly IndexLine[], network: string): IndexLine[] {
  const candidates = [
    { name: `logs-ethereum.*-${network}`, title: "All that nodes told" },
    { name: "logs-*-*,-logs-ethereum.*", title: "All logs of others" },
    { name: "metrics-*-*", title: "All metrics of others" },
  ];
  const names = lines.map(({ name }) => name);
  return candidates.flatMap(({ name, title }) => {
    const matched = matchIndices(name, names);
    if (matched.size < 2) return [];
    const of = lines.filter((line) => matched.has(line.name));
    const documents = of.reduce((sum, line) => sum + line.documents, 0);
    return [{ name, title, time_field: TIME_FIELD, documents }];
  });
}
