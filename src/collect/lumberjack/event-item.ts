import type { Json } from "../../events/document.ts";
import type { ForeignItem, JsonObject } from "../../events/foreign.ts";
import { indexNameError } from "../../events/index-name.ts";
import { parseJsonExact } from "../../lib/json.ts";

/** Elastic's own default data stream, for events that say nothing of where they belong. */
const DEFAULT_INDEX = "logs-generic-default";

export type ReadEvent = { item: ForeignItem } | { reason: string; index?: string };

/**
 * One event as an item: `@metadata` says where it belongs and is not part of the document. What Logstash's documented
 * output does (`%{[@metadata][beat]}-%{[@metadata][version]}`) and what the Beats' Elasticsearch output does with
 * `raw_index`, `index`, `alias`, `pipeline`, `_id` and `op_type` (libbeat, idxmgmt and outputs/elasticsearch) come to
 * the same documents.
 */
export function readEvent(payload: Buffer, receivedAtUs: number): ReadEvent {
  let event: unknown;
  try {
    event = parseJsonExact(payload.toString("utf8"));
  } catch (error) {
    return { reason: `The event is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (!isObject(event)) return { reason: "The event is not a JSON object." };
  const { metadata, source } = withoutMetadata(event);
  const index = indexOf(metadata, source);
  const nameError = indexNameError(index);
  if (nameError !== undefined) return { reason: nameError.reason, index };
  const id = word(metadata["_id"]) ?? word(metadata["id"]);
  const pipeline = word(metadata["pipeline"]);
  const action = actionOf(word(metadata["op_type"]));
  if (action === undefined) return { reason: `The operation ${String(metadata["op_type"])} is not known.`, index };
  if (action === "delete" && id === undefined) return { reason: "A deletion needs an _id.", index };
  return {
    item: {
      action,
      index,
      ...(id === undefined ? {} : { id }),
      ...(pipeline === undefined ? {} : { pipeline }),
      source: action === "delete" ? {} : source,
      receivedAtUs,
    },
  };
}

/** `@metadata` may be an object or dotted keys, as all of an event's fields may. */
function withoutMetadata(event: JsonObject): { metadata: JsonObject; source: JsonObject } {
  const { "@metadata": told, ...source } = event;
  const metadata = isObject(told) ? told : {};
  const dotted = Object.keys(source).filter((name) => name.startsWith("@metadata."));
  if (dotted.length === 0) return { metadata, source };
  const isDotted = new Set(dotted);
  return {
    metadata: { ...Object.fromEntries(dotted.map((name) => [name.slice(10), source[name] ?? null])), ...metadata },
    source: Object.fromEntries(Object.entries(source).filter(([name]) => !isDotted.has(name))),
  };
}

function indexOf(metadata: JsonObject, source: JsonObject): string {
  const whole = word(metadata["alias"]) ?? word(metadata["raw_index"]);
  if (whole !== undefined) return whole.toLowerCase();
  const daily = word(metadata["index"]);
  if (daily !== undefined) return `${daily.toLowerCase()}-${dayOf(source)}`;
  const stream = dataStreamOf(source);
  if (stream !== undefined) return stream;
  const beat = word(metadata["beat"]);
  const version = word(metadata["version"]);
  if (beat === undefined) return DEFAULT_INDEX;
  return (version === undefined ? beat : `${beat}-${version}`).toLowerCase();
}

/** `2026.11.28`; without a readable time the prefix stands for itself as "undated". */
function dayOf(source: JsonObject): string {
  const timeMs = Date.parse(word(source["@timestamp"]) ?? "");
  return Number.isNaN(timeMs) ? "undated" : new Date(timeMs).toISOString().slice(0, 10).replaceAll("-", ".");
}

/** `logs-nginx.access-default`, from ECS' `data_stream`, nested or dotted, when all three parts are there. */
function dataStreamOf(source: JsonObject): string | undefined {
  const nested = isObject(source["data_stream"]) ? source["data_stream"] : {};
  const part = (name: string) => word(nested[name]) ?? word(source[`data_stream.${name}`]);
  const [type, dataset, namespace] = [part("type"), part("dataset"), part("namespace")];
  return type === undefined || dataset === undefined || namespace === undefined
    ? undefined
    : `${type}-${dataset}-${namespace}`.toLowerCase();
}

function actionOf(operation: string | undefined): "create" | "index" | "delete" | undefined {
  switch (operation) {
    case undefined:
    case "create":
      return "create";
    case "index":
    case "delete":
      return operation;
    default:
      return undefined;
  }
}

function word(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
