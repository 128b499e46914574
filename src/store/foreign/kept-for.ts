import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { flatSettings } from "../../events/index-settings.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { readDurationMs } from "../../events/time-value.ts";
import type { ForeignIndex } from "./foreign-tables.ts";
import { streamLifecycle } from "./index-plan.ts";
import type { TemplateBook } from "./template-book.ts";

/** What clients put that says how long documents are kept. */
export type LifecycleBook = {
  all(section: Parameters<TemplateBook["all"]>[0] | "ilm_policy" | "data_stream"): ReadonlyMap<string, JsonObject>;
};

/**
 * For how long the documents of a data stream are kept by what its senders put, milliseconds; undefined where they put
 * nothing that ends. As in Elasticsearch a policy (`index.lifecycle.name`) goes before the stream's lifecycle, and that
 * before its template's. A policy's deletion counts from the rollover, so what may pass before that is added.
 */
export function keptForMs({ name, kind, settings = {} }: ForeignIndex, book: LifecycleBook): number | undefined {
  if (kind !== "stream") return undefined;
  const policyName = flatSettings(settings)["index.lifecycle.name"];
  const policy = typeof policyName === "string" ? book.all("ilm_policy").get(policyName) : undefined;
  if (policy !== undefined) return keptByPolicy(policy);
  const own = book.all("data_stream").get(name)?.["lifecycle"];
  const lifecycle = isJsonObject(own) ? own : streamLifecycle(name, book);
  const isOn = lifecycle?.["enabled"] !== false && lifecycle?.["enabled"] !== "false";
  return isOn ? durationMs(lifecycle?.["data_retention"]) : undefined;
}

function keptByPolicy(policy: JsonObject): number | undefined {
  const phases = inner(inner(policy, "policy"), "phases");
  const deletion = inner(phases, "delete");
  if (deletion === undefined) return undefined;
  const rollover = inner(inner(inner(phases, "hot"), "actions"), "rollover");
  const minAgeMs = durationMs(deletion["min_age"] ?? "0ms");
  const beforeMs = rollover?.["max_age"] === undefined ? 0 : durationMs(rollover["max_age"]);
  return minAgeMs === undefined || beforeMs === undefined ? undefined : minAgeMs + beforeMs;
}

function inner(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object?.[key];
  return isJsonObject(value) ? value : undefined;
}

/** What cannot be read ends nothing. */
function durationMs(value: Json | undefined): number | undefined {
  try {
    return typeof value === "string" ? readDurationMs(value, "retention") : undefined;
  } catch {
    return undefined;
  }
}
