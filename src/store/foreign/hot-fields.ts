import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { DocumentValues } from "../../search/document-values.ts";
import { type FieldType, type ValueClass, valueClassOf } from "../../search/fields/field-type.ts";

/** Fields of other people's documents that are searched often: they have a column each, all others stand in one JSON. */
export const HOT_FIELDS: ReadonlyMap<string, ValueClass> = new Map<string, ValueClass>([
  ...keywords(
    "agent.name",
    "agent.type",
    "container.name",
    "data_stream.dataset",
    "error.type",
    "ethereum.block.root",
    "ethereum.network",
    "event.action",
    "event.dataset",
    "event.module",
    "event.outcome",
    "host.hostname",
    "host.name",
    "http.request.method",
    "log.file.path",
    "log.level",
    "log.logger",
    "metricset.name",
    "network.transport",
    "observer.name",
    "process.name",
    "service.name",
    "service.type",
    "type",
  ),
  ["destination.ip", "ip"],
  ["source.ip", "ip"],
  ["message", "text"],
  ["destination.port", "long"],
  ["ethereum.epoch", "long"],
  ["ethereum.slot", "long"],
  ["event.duration", "long"],
  ["http.response.status_code", "long"],
  ["network.bytes", "long"],
  ["source.port", "long"],
  ["ethereum.delay_ms", "double"],
  ["system.cpu.total.norm.pct", "double"],
  ["system.load.1", "double"],
  ["system.memory.actual.used.pct", "double"],
]);

function keywords(...names: string[]): [string, ValueClass][] {
  return names.map((name) => [name, "keyword"]);
}

/** The hot fields that stand in their columns under a mapping: those whose type is the column's. A type never changes. */
export function hotFieldsOf(mapping: JsonObject): ReadonlyMap<string, FieldType> {
  const found = new Map<string, FieldType>();
  for (const [name, columnClass] of HOT_FIELDS) {
    const type = typeAt(mapping, name);
    if (type !== undefined && valueClassOf(type) === columnClass) found.set(name, type);
  }
  return found;
}

function typeAt(mapping: JsonObject, field: string): FieldType | undefined {
  let at: Json | undefined = mapping;
  for (const part of field.split(".")) at = property(property(at, "properties"), part);
  const type = property(at, "type");
  return typeof type === "string" ? (type as FieldType) : undefined;
}

function property(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined;
}

/**
 * Takes the values of hot fields apart from all others. Undefined for a document that has several values in one of
 * them: such a document has no columns.
 */
export function splitHot(
  values: DocumentValues,
  hot: ReadonlyMap<string, unknown>,
): { columns: Record<string, string | number | boolean>; rest: DocumentValues } | undefined {
  const columns: Record<string, string | number | boolean> = {};
  const rest: DocumentValues = {};
  for (const [name, list] of Object.entries(values)) {
    const [value] = list;
    if (!hot.has(name)) rest[name] = list;
    else if (list.length > 1 || typeof value === "object" || value === undefined) return undefined;
    else columns[name] = value;
  }
  return { columns, rest };
}
