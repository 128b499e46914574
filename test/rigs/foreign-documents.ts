import type { Json } from "../../src/events/document.ts";
import type { JsonObject } from "../../src/events/foreign.ts";
import type { JsonObject as IngestedObject } from "../../src/ingest/document/json.ts";
import { type Axis, placeOnChain } from "../../src/ingest/place-on-chain.ts";
import { documentValues } from "../../src/search/document-values.ts";
import type { ForeignIndex, ForeignRecord, ForeignTables } from "../../src/store/foreign/foreign-tables.ts";
import { searchMappingOf } from "../../src/store/foreign/mapping/search-mapping.ts";

/** Documents for one data stream or index, as they come from a sender. */
export type ForeignDocuments = {
  index: string;
  kind: "stream" | "index";
  /** How texts are mapped: as data streams have them, or as Elasticsearch does without a template. */
  texts?: "keyword" | "text";
  documents: readonly JsonObject[];
};

/** What the journal's queue takes at once with ease. */
const BATCH = 1000;

/** Places documents on the chain and stores them, with a mapping that fits them. */
export async function storeForeign(
  tables: ForeignTables,
  input: { foreign: readonly ForeignDocuments[]; axis: Axis; nodeOf: (name: string) => string | undefined },
): Promise<void> {
  const { foreign, axis, nodeOf } = input;
  for (const { index, kind, texts = "keyword", documents } of foreign) {
    const sources = documents.map((source) => placeOnChain({ source: source as IngestedObject, chain: axis, nodeOf }));
    const properties: Record<string, Json> = {};
    for (const source of sources) addTypes(properties, { value: source, path: "", texts });
    const made: ForeignIndex = { name: index, kind, createdMs: 0, mapping: { properties } };
    const mapping = searchMappingOf(made.mapping);
    const records = sources.map(
      (source, at): ForeignRecord => ({
        index,
        kind,
        timestampUs: source["@timestamp"] === undefined ? 0 : Date.parse(String(source["@timestamp"])) * 1000,
        ...(kind === "index" ? { id: String(at) } : {}),
        version: 1,
        source: JSON.stringify(source),
        values: documentValues(source, mapping),
      }),
    );
    for (let at = 0; at === 0 || at < records.length; at += BATCH) {
      await tables.append({ indices: at === 0 ? [made] : [], records: records.slice(at, at + BATCH) });
    }
  }
}

function addTypes(
  properties: Record<string, Json>,
  { value, path, texts }: { value: Json; path: string; texts: "keyword" | "text" },
): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) addTypes(properties, { value: item, path, texts });
  } else if (typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) {
      addTypes(properties, { value: inner, path: path === "" ? key : `${path}.${key}`, texts });
    }
  } else {
    properties[path] = typeOf({ value, path, texts });
  }
}

function typeOf({ value, path, texts }: { value: Json; path: string; texts: "keyword" | "text" }): JsonObject {
  if (path === "@timestamp") return { type: "date" };
  if (typeof value === "number")
    return { type: Number.isInteger(value) && /bytes|slot|epoch|duration|status_code/.test(path) ? "long" : "double" };
  if (typeof value === "boolean") return { type: "boolean" };
  // The monitor types its own fields in every index.
  if (path === "observer.name") return { type: "keyword" };
  if (texts === "text") return { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } };
  if (/(^|\.)ip$/.test(path)) return { type: "ip" };
  return { type: path === "message" ? "match_only_text" : "keyword" };
}
