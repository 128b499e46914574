import type { JsonObject } from "../../events/foreign.ts";
import { refused } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import { fieldDifferences } from "./mapping-fields.ts";
import { plain } from "./search.ts";

/** The index templates of ours that a cluster has, by name. Rejects with `engine_*`. */
export async function readTemplates(engine: Engine, signal?: AbortSignal): Promise<Map<string, JsonObject>> {
  const answer = await engine.ask({ method: "GET", path: "/_index_template/ethmon-*", signal });
  if (answer.status >= 300 && answer.status !== 404) throw refused("read its index templates", answer);
  const { index_templates: all = [] } = plain(answer.body) as {
    index_templates?: { name: string; index_template: JsonObject }[];
  };
  return new Map(all.map(({ name, index_template }) => [name, index_template]));
}

/** The path of the first part of a template that is another one than it is to be; undefined where none is. */
export function changedPart(wanted: JsonObject, found: JsonObject): string | undefined {
  const inner = (template: JsonObject) => (template["template"] ?? {}) as JsonObject;
  const settingsOf = (template: JsonObject) => flat((inner(template)["settings"] ?? {}) as JsonObject);
  const mappingOf = (template: JsonObject) => (inner(template)["mappings"] ?? {}) as JsonObject;
  if (JSON.stringify(wanted["index_patterns"]) !== JSON.stringify(found["index_patterns"])) return "index_patterns";
  if (Number(wanted["priority"]) !== Number(found["priority"])) return "priority";
  if ((wanted["data_stream"] === undefined) !== (found["data_stream"] === undefined)) return "data_stream";
  const settings = settingsOf(found);
  for (const [name, value] of settingsOf(wanted)) {
    if (settings.get(name) !== value) return `template.settings.${name}`;
  }
  const { missing, other } = fieldDifferences(mappingOf(wanted), mappingOf(found));
  const field = missing[0] ?? other[0]?.field;
  if (field !== undefined) return `template.mappings, the field ${field}`;
  if (String(mappingOf(wanted)["dynamic"]) !== String(mappingOf(found)["dynamic"])) return "template.mappings.dynamic";
  const kept = (template: JsonObject) => (inner(template)["lifecycle"] as JsonObject | undefined)?.["data_retention"];
  return kept(wanted) === kept(found) ? undefined : "template.lifecycle.data_retention";
}

/** Settings by their full names; an engine tells all values as texts. */
function flat(settings: JsonObject, above = ""): Map<string, string> {
  return new Map(
    Object.entries(settings).flatMap(([name, value]): [string, string][] => {
      const path = above === "" ? name : `${above}.${name}`;
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      return isObject ? [...flat(value as JsonObject, path)] : [[path, String(value)]];
    }),
  );
}
