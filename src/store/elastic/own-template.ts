import { type ColumnType, type Dataset, keepOf } from "../../events/dataset.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { RetentionLimits } from "../retention.ts";
import type { Dialect } from "./dialect.ts";
import { lifecycleOf } from "./lifecycle.ts";
import type { ElasticStoreSettings } from "./settings.ts";

/**
 * The journal's position of what was written, a field beside `_source`: searches sort by it as by the order of arrival.
 */
export const SEQ_FIELD = "_seq";
/** Bytes of a term are at most 32766 in Lucene, and a character takes up to four: what is longer is kept, not indexed. */
const LONGEST_KEYWORD = 8_191;
/** Above a template of the engine's own for `logs-*-*`. */
const PRIORITY = 600;

const FIELDS: Readonly<Record<ColumnType, JsonObject>> = {
  keyword: { type: "keyword", ignore_above: LONGEST_KEYWORD },
  text: { type: "text" },
  long: { type: "long" },
  unsigned_long: { type: "unsigned_long" },
  double: { type: "double" },
  boolean: { type: "boolean" },
  // Of microseconds, `date` would lose three digits.
  date: { type: "date_nanos" },
  // Ours hold lists of numbers, too, which no field type for JSON takes: kept, and not searched.
  flattened: { type: "object", enabled: false },
};

/** What the mapping of every index that we write to begins with. */
export function seqMapping(properties: JsonObject): JsonObject {
  return { _source: { excludes: [SEQ_FIELD] }, properties: { ...properties, [SEQ_FIELD]: { type: "long" } } };
}

/** The mapping of one of our datasets in a cluster. No field is ever added: what does not fit is in quarantine. */
export function elasticMapping({ columns }: Pick<Dataset, "columns">, { types }: Pick<Dialect, "types">): JsonObject {
  const known = (field: JsonObject): JsonObject => {
    const instead = types.get(String(field["type"]));
    return instead === undefined ? field : { ...field, type: instead };
  };
  const properties: Record<string, JsonObject> = { "@timestamp": FIELDS.date };
  for (const { name, type } of columns) if (name !== "@timestamp") properties[name] = known(FIELDS[type]);
  return { dynamic: "strict", ...seqMapping(nested(properties)) };
}

/** The index template of one of our datasets, as `PUT _index_template` takes it. */
export function ownTemplate(input: {
  dataset: Dataset;
  network: string;
  dialect: Dialect;
  settings: Pick<ElasticStoreSettings, "shards" | "replicas">;
  retention?: RetentionLimits | undefined;
}): JsonObject {
  const { dataset, network, dialect, settings, retention } = input;
  const isStream = dataset.kind === "stream";
  return {
    index_patterns: [indexName(dataset, network)],
    priority: PRIORITY,
    ...(isStream ? { data_stream: {} } : {}),
    template: {
      settings: { index: indexSettings(settings) },
      mappings: elasticMapping(dataset, dialect),
      ...(isStream && dialect.hasLifecycle ? { lifecycle: lifecycleOf(keepOf(dataset), retention) } : {}),
    },
    _meta: { managed_by: "ethmon", dataset: dataset.name },
  };
}

export function indexSettings({ shards, replicas }: Pick<ElasticStoreSettings, "shards" | "replicas">): JsonObject {
  return {
    number_of_shards: String(shards),
    ...(replicas === undefined ? { auto_expand_replicas: "0-1" } : { number_of_replicas: String(replicas) }),
    refresh_interval: "1s",
    codec: "best_compression",
  };
}

/** `{"a.b": x}` as `{a: {properties: {b: x}}}`, as an engine tells it again. */
function nested(fields: Readonly<Record<string, JsonObject>>): JsonObject {
  const root: Record<string, JsonObject> = {};
  for (const [name, field] of Object.entries(fields)) {
    const path = name.split(".");
    const leaf = path.pop() as string;
    let at = root;
    for (const part of path) {
      at[part] ??= { properties: {} };
      at = at[part]["properties"] as Record<string, JsonObject>;
    }
    at[leaf] = field;
  }
  return root;
}
