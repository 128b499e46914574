import type { Allowance } from "../regex/match.ts";
import { searchAllowance } from "../regex/regex.ts";
import { expandDocument } from "./expand.ts";
import { cloned, type GivenObject, isObject, type JsonObject, type JsonValue, ownValue } from "./json.ts";
import { pathKeys, removeAt, requireAt, setAt, valueAt } from "./path.ts";

/** What stands beside a document's source: where it goes. Pipelines read and set it as `_index`, `_id`, `_routing`. */
export type DocumentMeta = { _index: string; _id?: string; _routing?: string };

/**
 * A document of others on its way through pipelines. Paths are dotted; `_source.` may stand before them, `_ingest.` leads
 * to what the pipeline knows of itself, `_index`, `_id` and `_routing` to the meta data.
 */
export type IngestDocument = {
  get(path: string): JsonValue | undefined;
  /** Fails the document in Elasticsearch's words when there is no such field. */
  require(path: string): JsonValue;
  has(path: string): boolean;
  set(path: string, value: JsonValue): void;
  remove(path: string): void;
  /** Adds values to a list; a single value becomes one. */
  append(path: string, values: readonly JsonValue[], options: { allowDuplicates: boolean }): void;
  /** What regular expressions may still cost for this document. */
  readonly allowance: Allowance;
  /** The fields themselves, not a copy. */
  readonly source: JsonObject;
  /** `_ingest`: timestamp, pipeline, what failed. */
  readonly ingest: JsonObject;
  meta(): DocumentMeta;
  /** A member of `ctx`, as conditions see it: a field of the first level, meta data, or `_ingest`. */
  member(name: string): JsonValue | undefined;
  /** Everything as it is now, to look at later. */
  snapshot(): { meta: DocumentMeta; source: JsonObject; ingest: JsonObject };
  /** The source as it leaves: names that processors made are nested too. Fails for what is beyond the bounds. */
  finish(): JsonObject;
};

const META_FIELDS: readonly string[] = ["_index", "_id", "_routing"];

/**
 * Takes a document in: dotted names become nested (`expandDocument`). `timestamp` is `_ingest.timestamp`, ISO 8601.
 * Fails for what is beyond the bounds.
 */
export function createDocument(options: {
  source: GivenObject;
  meta: DocumentMeta;
  timestamp: string;
}): IngestDocument {
  const source = expandDocument(options.source);
  const ingest: JsonObject = { timestamp: options.timestamp };
  const metaFields: JsonObject = Object.fromEntries(
    Object.entries(options.meta).filter(([, value]) => value !== undefined),
  );

  const resolve = (path: string): { root: JsonObject; keys: readonly string[] } => {
    const keys = pathKeys(path);
    const [first = ""] = keys;
    if (first === "_ingest" && keys.length > 1) return { root: ingest, keys: keys.slice(1) };
    if (first === "_source" && keys.length > 1) return { root: source, keys: keys.slice(1) };
    if (keys.length === 1 && META_FIELDS.includes(first)) return { root: metaFields, keys };
    return { root: source, keys };
  };
  const get = (path: string) => {
    const { root, keys } = resolve(path);
    return valueAt(root, keys);
  };
  const set = (path: string, value: JsonValue) => {
    const { root, keys } = resolve(path);
    setAt(root, keys, value);
  };
  const meta = (): DocumentMeta => ({ _index: "", ...metaFields }) as DocumentMeta;

  return {
    allowance: searchAllowance(),
    source,
    ingest,
    get,
    set,
    require(path) {
      const { root, keys } = resolve(path);
      return requireAt(root, keys);
    },
    has: (path) => get(path) !== undefined,
    remove(path) {
      const { root, keys } = resolve(path);
      removeAt(root, keys);
    },
    append(path, values, { allowDuplicates }) {
      const known = get(path);
      const list = known === undefined || known === null ? [] : Array.isArray(known) ? known : [known];
      for (const value of values) {
        if (allowDuplicates || !list.some((item) => sameJson(item, value))) list.push(cloned(value));
      }
      set(path, list);
    },
    meta,
    member(name) {
      if (name === "_ingest") return ingest;
      return ownValue(META_FIELDS.includes(name) ? metaFields : source, name);
    },
    snapshot: () => ({ meta: meta(), source: structuredClone(source), ingest: structuredClone(ingest) }),
    finish: () => expandDocument(source),
  };
}

function sameJson(a: JsonValue, b: JsonValue): boolean {
  if (!isObject(a) && !Array.isArray(a)) return a === b;
  return JSON.stringify(a) === JSON.stringify(b);
}
