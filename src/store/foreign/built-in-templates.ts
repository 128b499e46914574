import type { JsonObject } from "../../events/foreign.ts";
import { ecsMapping } from "./mapping/ecs.ts";

/** What an index gets from its templates. */
export type TemplateParts = { settings: JsonObject; mappings: JsonObject };

/** Elasticsearch's own logs and metrics templates have this priority: those of higher ones go before. */
export const BUILT_IN_PRIORITY = 100;

const STREAM = /^(logs|metrics|traces|synthetics)-([^-]+)-(.+)$/;
const BEAT = /^(?:filebeat|metricbeat|packetbeat|heartbeat|auditbeat|winlogbeat)-\d+\.\d+\.\d+$/;
/** One value of a wrong type is no reason to lose a log line. */
const SETTINGS = { index: { mapping: { ignore_malformed: "true" } } };
/** As many fields as a Beat's own template allows: its metricsets have thousands together. */
const BEAT_SETTINGS = { index: { mapping: { ignore_malformed: "true", total_fields: { limit: "12500" } } } };

/** The template of data streams named by ECS's scheme, `logs-<dataset>-<namespace>`; undefined for other names. */
export function builtInStream(name: string): (TemplateParts & { name: string }) | undefined {
  const [, type = "", dataset = "", namespace = ""] = STREAM.exec(name) ?? [];
  if (type === "") return undefined;
  return { name: type, settings: SETTINGS, mappings: ecsMapping({ type, dataset, namespace }) };
}

/**
 * A Beat makes its data stream's template itself, and one that sends by Lumberjack cannot: the default names of both are
 * data streams here.
 */
export function beatStream(name: string): TemplateParts | undefined {
  return BEAT.test(name) ? { settings: BEAT_SETTINGS, mappings: ecsMapping() } : undefined;
}

/** Component templates that Elasticsearch brings, for templates that are made of them. */
export const builtInComponents: ReadonlyMap<string, JsonObject> = new Map([
  ["ecs@mappings", { template: { mappings: ecsMapping() } }],
  ["data-streams@mappings", { template: { mappings: ecsMapping() } }],
  ["logs@mappings", { template: { mappings: { date_detection: false } } }],
  ["metrics@mappings", { template: { mappings: { date_detection: false } } }],
  ["logs@settings", { template: { settings: SETTINGS } }],
  ["metrics@settings", { template: {} }],
]);
