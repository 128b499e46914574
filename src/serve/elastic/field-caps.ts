import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { illegalArgument } from "../../events/refusal.ts";
import { wildcard } from "../../lib/wildcard.ts";
import { isKept } from "../../store/foreign/mapping/field-types.ts";

export type FieldCapsRequest = {
  /** Names and patterns. */
  fields: readonly string[];
  filters: readonly string[];
  types: readonly string[];
  includeUnmapped: boolean;
};

type Capability = {
  name: string;
  type: string;
  searchable: boolean;
  aggregatable: boolean;
  metadata: boolean;
  isMulti: boolean;
};

const FILTERS = ["+metadata", "-metadata", "-parent", "-nested", "-multifield"];

/** Types that Elasticsearch tells by the name of their family. */
const FAMILY: Readonly<Record<string, string>> = {
  match_only_text: "text",
  search_as_you_type: "text",
  constant_keyword: "keyword",
  wildcard: "keyword",
};

const METADATA: readonly Capability[] = [
  { name: "_id", type: "_id", searchable: true, aggregatable: false },
  { name: "_index", type: "_index", searchable: true, aggregatable: true },
  { name: "_source", type: "_source", searchable: false, aggregatable: false },
  { name: "_seq_no", type: "_seq_no", searchable: true, aggregatable: true },
].map((field) => ({ ...field, metadata: true, isMulti: false }));

/** `_field_caps` of these mappings, by index. */
export function fieldCaps(mappings: ReadonlyMap<string, JsonObject>, request: FieldCapsRequest): JsonObject {
  for (const filter of request.filters) {
    if (!FILTERS.includes(filter)) throw illegalArgument(`Unknown field caps filter [${filter}]`);
  }
  const wanted = request.fields.map(wildcard);
  const byField = new Map<string, Map<string, { capability: Capability; indices: string[] }>>();
  for (const [index, mapping] of mappings) {
    for (const capability of [...METADATA, ...capabilities(mapping, mapping, "")]) {
      if (!wanted.some((matches) => matches(capability.name)) || isFilteredOut(capability, request)) continue;
      const byType = byField.get(capability.name) ?? new Map<string, { capability: Capability; indices: string[] }>();
      const entry = byType.get(capability.type) ?? { capability, indices: [] };
      entry.indices.push(index);
      byType.set(capability.type, entry);
      byField.set(capability.name, byType);
    }
  }
  const indices = [...mappings.keys()];
  const fields = [...byField]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, byType]): [string, Json] => [
      name,
      typesOf(byType, { indices, includeUnmapped: request.includeUnmapped }),
    ]);
  return { indices, fields: Object.fromEntries(fields) };
}

function typesOf(
  byType: ReadonlyMap<string, { capability: Capability; indices: readonly string[] }>,
  { indices, includeUnmapped }: { indices: readonly string[]; includeUnmapped: boolean },
): JsonObject {
  const mapped = new Set([...byType.values()].flatMap((entry) => entry.indices));
  const unmapped = includeUnmapped ? indices.filter((index) => !mapped.has(index)) : [];
  // Which indices have a type is told only where they part.
  const isConflict = byType.size + (unmapped.length > 0 ? 1 : 0) > 1;
  const told = [...byType].map(([type, { capability, indices: own }]): [string, Json] => [
    type,
    {
      type,
      metadata_field: capability.metadata,
      searchable: capability.searchable,
      aggregatable: capability.aggregatable,
      ...(isConflict ? { indices: own } : {}),
    },
  ]);
  const none = { type: "unmapped", metadata_field: false, searchable: false, aggregatable: false, indices: unmapped };
  return Object.fromEntries(unmapped.length === 0 ? told : [...told, ["unmapped", none]]);
}

function isFilteredOut(field: Capability, { filters, types }: FieldCapsRequest): boolean {
  if (types.length > 0 && !types.includes(field.type)) return true;
  if (filters.includes("-metadata") && field.metadata) return true;
  if (filters.includes("+metadata") && !field.metadata) return true;
  if (filters.includes("-parent") && (field.type === "object" || field.type === "nested")) return true;
  if (filters.includes("-nested") && field.type === "nested") return true;
  return filters.includes("-multifield") && field.isMulti;
}

function* capabilities(mapping: JsonObject, root: JsonObject, prefix: string): Generator<Capability> {
  for (const [name, field] of Object.entries((mapping["properties"] ?? {}) as Record<string, JsonObject>)) {
    const path = `${prefix}${name}`;
    const isParent = field["properties"] !== undefined || field["type"] === "object" || field["type"] === "nested";
    if (isParent) {
      const type = field["type"] === "nested" ? "nested" : "object";
      yield { name: path, type, searchable: false, aggregatable: false, metadata: false, isMulti: false };
      yield* capabilities(field, root, `${path}.`);
      continue;
    }
    const target = field["type"] === "alias" ? fieldOf(root, String(field["path"])) : field;
    yield leaf({ name: path, field: target ?? field, isMulti: false });
    for (const [sub, inner] of Object.entries((field["fields"] ?? {}) as Record<string, JsonObject>)) {
      yield leaf({ name: `${path}.${sub}`, field: inner, isMulti: true });
    }
  }
}

/** The field that an alias leads to: a field of a mapping, or one of its multi-fields. */
function fieldOf(root: JsonObject, path: string): JsonObject | undefined {
  let at: JsonObject | undefined = root;
  for (const key of path.split(".")) {
    const inner = (at?.["properties"] ?? at?.["fields"]) as Record<string, JsonObject> | undefined;
    at = inner !== undefined && Object.hasOwn(inner, key) ? inner[key] : undefined;
  }
  return at;
}

function leaf({ name, field, isMulti }: { name: string; field: JsonObject; isMulti: boolean }): Capability {
  const own = String(field["type"] ?? "object");
  const type = FAMILY[own] ?? own;
  const isKeptAlone = isKept(own) && own !== "date_nanos";
  return {
    name,
    type,
    searchable: !isKeptAlone && field["index"] !== false,
    aggregatable: !isKeptAlone && type !== "text" && type !== "flattened" && field["doc_values"] !== false,
    metadata: false,
    isMulti,
  };
}
