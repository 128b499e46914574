import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { normalSettings } from "../../events/index-settings.ts";
import { illegalArgument, refusal } from "../../events/refusal.ts";
import { wildcard } from "../../lib/wildcard.ts";
import { builtInComponents } from "../../store/foreign/built-in-templates.ts";
import { parseMapping } from "../../store/foreign/mapping/read-mapping.ts";
import type { SettingsBook } from "./settings-book.ts";

const INDEX_TEMPLATE = [
  "index_patterns",
  "template",
  "composed_of",
  "priority",
  "version",
  "_meta",
  "data_stream",
  "allow_auto_create",
  "ignore_missing_component_templates",
  "deprecated",
];
const COMPONENT_TEMPLATE = ["template", "version", "_meta", "deprecated"];
const LEGACY_TEMPLATE = ["index_patterns", "order", "version", "settings", "mappings", "aliases"];
const TEMPLATE = ["settings", "mappings", "aliases", "lifecycle", "data_stream_options"];

/** A composable template as it is kept and answered; throws Elasticsearch's 400. */
export function readIndexTemplate(name: string, body: JsonObject, settings: SettingsBook): JsonObject {
  checkKeys("index_template", body, INDEX_TEMPLATE);
  const patterns = patternsOf(body);
  const {
    composed_of: composedOf = [],
    data_stream: stream,
    template,
    ignore_missing_component_templates: mayMiss = [],
  } = body;
  const missing = wordsOf(composedOf, "composed_of").filter(
    (component) =>
      settings.get("component_template", component) === undefined &&
      !builtInComponents.has(component) &&
      !wordsOf(mayMiss, "ignore_missing_component_templates").includes(component),
  );
  if (missing.length > 0) {
    const cause = `index template [${name}] specifies component templates [${missing.join(", ")}] that do not exist`;
    throw refusal({
      type: "invalid_index_template_exception",
      reason: `index_template [${name}] invalid, cause [${cause}]`,
      status: 400,
    });
  }
  const {
    index_patterns: _patterns,
    template: _template,
    composed_of: _composedOf,
    data_stream: _stream,
    ...rest
  } = body;
  return {
    index_patterns: patterns,
    ...(template === undefined ? {} : { template: readTemplate(template) }),
    composed_of: composedOf,
    ...rest,
    ...(stream === undefined
      ? {}
      : { data_stream: { hidden: false, allow_custom_routing: false, ...(stream as JsonObject) } }),
  };
}

export function readComponentTemplate(body: JsonObject): JsonObject {
  checkKeys("component_template", body, COMPONENT_TEMPLATE);
  const { template, ...rest } = body;
  if (template === undefined) throw illegalArgument("Required [template]");
  return { template: readTemplate(template), ...rest };
}

/** A legacy template, as `PUT /_template` takes it. */
export function readLegacyTemplate(body: JsonObject): JsonObject {
  checkKeys("template", body, LEGACY_TEMPLATE);
  const { settings = {}, mappings = {}, aliases = {}, order = 0, version } = body;
  checkMappings(mappings);
  return {
    order,
    ...(version === undefined ? {} : { version }),
    index_patterns: patternsOf(body),
    settings: normalSettings(settings as JsonObject),
    mappings,
    aliases,
  };
}

/** The template of the highest priority whose pattern a name matches. */
export function templateFor(name: string, settings: SettingsBook): { name: string; template: JsonObject } | undefined {
  const matching = [...settings.all("index_template")].filter(([, { index_patterns: patterns }]) =>
    wordsOf(patterns ?? [], "index_patterns").some((pattern) => wildcard(pattern)(name)),
  );
  const [best] = matching.sort(([, a], [, b]) => Number(b["priority"] ?? 0) - Number(a["priority"] ?? 0));
  return best === undefined ? undefined : { name: best[0], template: best[1] };
}

function readTemplate(value: Json): JsonObject {
  if (!isObject(value)) throw illegalArgument("[template] must be an object");
  checkKeys("template", value, TEMPLATE);
  const { settings, ...rest } = value;
  checkMappings(rest["mappings"] ?? {});
  if (settings === undefined) return rest;
  if (!isObject(settings)) throw illegalArgument("[settings] must be an object");
  return { settings: normalSettings(settings), ...rest };
}

/** What cannot be the mapping of an index is told when its template is put, not by its documents. */
function checkMappings(mappings: Json): void {
  if (!isObject(mappings)) throw illegalArgument("[mappings] must be an object");
  parseMapping(mappings, { ignoreMalformed: false });
}

function checkKeys(what: string, body: JsonObject, known: readonly string[]): void {
  const strange = Object.keys(body).find((key) => !known.includes(key));
  if (strange === undefined) return;
  throw refusal({
    type: "x_content_parse_exception",
    reason: `[1:1] [${what}] unknown field [${strange}]`,
    status: 400,
  });
}

function patternsOf(body: JsonObject): readonly string[] {
  const { index_patterns: patterns } = body;
  if (patterns === undefined) throw illegalArgument("Required [index_patterns]");
  return wordsOf(patterns, "index_patterns");
}

function wordsOf(value: Json, name: string): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((word: Json) => {
    if (typeof word === "string") return word;
    throw illegalArgument(`[${name}] must be a list of strings`);
  });
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
