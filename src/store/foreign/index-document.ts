import type { Document, Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { foreignIndexDataset } from "../../events/foreign-index.ts";
import type { ForeignIndex } from "./foreign-tables.ts";

/** What is known of an index of others, as both stores keep it. */
export function indexDocument({ name, kind, createdMs, mapping, settings }: ForeignIndex): Document {
  return {
    dataset: foreignIndexDataset.name,
    id: name,
    timestampUs: createdMs * 1000,
    fields: {
      "index.kind": kind,
      "index.created_ms": createdMs,
      "index.settings": settings as Json | undefined,
      "index.mapping": mapping as Json,
    },
  };
}

/** The same again, from the `_source` of a search hit. */
export function storedIndex(name: string, { index }: { readonly [key: string]: Json }): ForeignIndex {
  const { kind, created_ms, mapping, settings } = index as JsonObject;
  return {
    name,
    kind: kind === "stream" ? "stream" : "index",
    createdMs: Number(created_ms),
    mapping: (mapping ?? {}) as JsonObject,
    ...(settings === undefined ? {} : { settings: settings as JsonObject }),
  };
}
