import type { Json } from "../../../src/events/document.ts";
import type { JsonObject } from "../../../src/events/foreign.ts";
import { SERIAL } from "./mapping.ts";
import { chainDocuments, hostDocuments, logDocuments } from "./observed-documents.ts";
import { oddDocuments } from "./odd-documents.ts";

export type CorpusDocument = { id: string; source: JsonObject };

/** What both stores hold: the chain's, hosts' and clients' documents, and awkward ones, always the same. */
export function corpus(): CorpusDocument[] {
  const all = [...chainDocuments(), ...hostDocuments(), ...logDocuments(), ...oddDocuments()];
  // Ids and serial numbers are in another order than that of arrival.
  return all.map((source, i) => ({
    id: `d${(i * 7) % 1000}-${i}`,
    source: { ...source, [SERIAL]: (i * 389) % 10_007 },
  }));
}

/** What stands in a field of any document, by the field's full path: lists and nested objects taken apart. */
export function valuesByField(
  documents: readonly CorpusDocument[],
): ReadonlyMap<string, readonly (string | number | boolean)[]> {
  const found = new Map<string, Set<string | number | boolean>>();
  const walk = (value: Json, path: string): void => {
    if (value === null) return;
    if (Array.isArray(value)) {
      for (const item of value as readonly Json[]) walk(item, path);
    } else if (typeof value === "object") {
      for (const [key, inner] of Object.entries(value)) walk(inner as Json, path === "" ? key : `${path}.${key}`);
    } else {
      const values = found.get(path);
      if (values === undefined) found.set(path, new Set([value as string]));
      else values.add(value as string);
    }
  };
  for (const { source } of documents) walk(source, "");
  return new Map([...found].map(([path, values]) => [path, [...values]]));
}
