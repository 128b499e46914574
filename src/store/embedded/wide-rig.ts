import type { JsonObject } from "../../events/foreign.ts";
import { documentValues } from "../../search/document-values.ts";
import type { QueryBody } from "../../search/request.ts";
import { START_US } from "../contract-data.ts";
import type { ForeignIndex, ForeignRecord } from "../foreign/foreign-tables.ts";
import { searchMappingOf } from "../foreign/mapping/search-mapping.ts";
import type { EmbeddedStore } from "./embedded-store.ts";

const NAME = "logs-wide-default";

/** A data stream with fields of these types. */
export function streamOf(types: Readonly<Record<string, string>>, name = NAME): ForeignIndex {
  const properties = Object.fromEntries(Object.entries(types).map(([field, type]) => [field, { type }]));
  return { name, kind: "stream", createdMs: START_US / 1000, mapping: { properties } };
}

/** As an index takes them; those of a plain one need their ids. */
export function recordsOf(of: ForeignIndex, sources: readonly JsonObject[]): ForeignRecord[] {
  return sources.map((source) => ({
    index: of.name,
    kind: of.kind,
    timestampUs: START_US,
    version: 1,
    source: JSON.stringify(source),
    values: documentValues(source, searchMappingOf(of.mapping)),
  }));
}

/** Stores and loads: each call is a commit of its own. */
export async function put(store: EmbeddedStore, of: ForeignIndex, sources: readonly JsonObject[]): Promise<void> {
  await store.foreign.append({ indices: [of], records: recordsOf(of, sources) });
  await store.settled();
}

/** The documents that are found, as they came, in the order of their arrival. */
export async function find(store: EmbeddedStore, query: QueryBody, pattern = NAME): Promise<unknown[]> {
  const { hits } = await store.search(pattern, { size: 1000, sort: ["_doc"], query });
  return hits.hits.map(({ _source }) => _source);
}
