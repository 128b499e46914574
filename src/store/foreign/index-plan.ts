import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { flatSettings, normalSettings } from "../../events/index-settings.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { illegalArgument } from "../../events/refusal.ts";
import { wildcard } from "../../lib/wildcard.ts";
import {
  BUILT_IN_PRIORITY,
  beatStream,
  builtInComponents,
  builtInStream,
  type TemplateParts,
} from "./built-in-templates.ts";
import { composedMappings } from "./mapping/compose-mappings.ts";
import type { MappingLimits } from "./mapping/dynamic-update.ts";
import type { TemplateBook } from "./template-book.ts";

/** What an index of a name is when it is made. */
export type IndexPlan = {
  kind: "stream" | "index";
  /** Name of the composable template, also of one that comes with the program. */
  template?: string;
  /** Below `index`, nested, every value a text. */
  settings: JsonObject;
  mappings: JsonObject;
  aliases: JsonObject;
  /** False: a document alone does not make it. */
  autoCreate: boolean;
};

const DEFAULT_TOTAL_FIELDS = 1000;
const MAX_TOTAL_FIELDS = 50_000;
const STREAM_MAPPING: JsonObject = { properties: { "@timestamp": { type: "date" } } };

/**
 * What the templates say of a new index's name, as Elasticsearch puts it together: the composable template of the highest
 * priority with its components in their order; without one the legacy templates in theirs; without any, what comes with
 * this program for ECS's data streams and for Beats' own.
 */
export function planIndex(name: string, templates: TemplateBook): IndexPlan {
  const best = composableTemplate(name, templates);
  const builtIn = builtInStream(name);
  if (best !== undefined && (builtIn === undefined || best.priority >= BUILT_IN_PRIORITY)) {
    return ofComposable(best, templates);
  }
  if (builtIn !== undefined) return { ...ofBuiltIn(builtIn), template: builtIn.name };
  const legacy = [...templates.all("legacy_template").values()]
    .filter((template) => patternsMatch(template, name))
    .sort((a, b) => Number(a["order"] ?? 0) - Number(b["order"] ?? 0));
  const beat = legacy.length === 0 ? beatStream(name) : undefined;
  return beat === undefined ? joinedPlan("index", legacy) : ofBuiltIn(beat);
}

/** The lifecycle that a data stream has from its template, whose own goes before those of its components. */
export function streamLifecycle(name: string, templates: Pick<TemplateBook, "all">): JsonObject | undefined {
  const best = composableTemplate(name, templates);
  const parts = best === undefined ? [] : partsOf(best.template, templates);
  return parts.map(({ lifecycle }) => lifecycle).findLast(isJsonObject);
}

function composableTemplate(name: string, templates: Pick<TemplateBook, "all">) {
  const matching = [...templates.all("index_template")]
    .filter(([, template]) => patternsMatch(template, name))
    .map(([key, template]) => ({ name: key, template, priority: Number(template["priority"] ?? 0) }));
  return matching.sort((a, b) => b.priority - a.priority)[0];
}

function ofComposable({ name, template }: { name: string; template: JsonObject }, templates: TemplateBook): IndexPlan {
  const { data_stream: stream, allow_auto_create: autoCreate } = template;
  return {
    ...joinedPlan(stream === undefined ? "index" : "stream", partsOf(template, templates)),
    template: name,
    autoCreate: autoCreate !== false && autoCreate !== "false",
  };
}

/** What its components say in their order, then what it says itself. */
function partsOf(template: JsonObject, templates: Pick<TemplateBook, "all">): JsonObject[] {
  const { composed_of: components = [] } = template;
  const names = Array.isArray(components) ? components.map(String) : [];
  const parts = names.map(
    (component) => templates.all("component_template").get(component) ?? builtInComponents.get(component),
  );
  return [...parts, template].map((part) => (part?.["template"] ?? {}) as JsonObject);
}

function ofBuiltIn(parts: TemplateParts): IndexPlan {
  return joinedPlan("stream", [parts]);
}

/** What comes later goes before what comes earlier. */
function joinedPlan(kind: IndexPlan["kind"], parts: readonly JsonObject[]): IndexPlan {
  const of = (key: string) => parts.map((part) => part[key]).filter(isJsonObject);
  const mappings = of("mappings");
  return {
    kind,
    settings: joinedSettings(of("settings")),
    mappings: composedMappings(kind === "stream" ? [STREAM_MAPPING, ...mappings] : mappings),
    aliases: Object.assign({}, ...of("aliases")) as JsonObject,
    autoCreate: true,
  };
}

/** A plan with what a request to make the index says itself. */
export function withRequest(
  plan: IndexPlan,
  { settings, mappings }: { settings?: JsonObject; mappings?: JsonObject },
): IndexPlan {
  return {
    ...plan,
    settings: joinedSettings([plan.settings, settings ?? {}]),
    mappings: composedMappings([plan.mappings, mappings ?? {}]),
  };
}

function joinedSettings(settings: readonly JsonObject[]): JsonObject {
  return normalSettings(Object.assign({}, ...settings.map(flatSettings)) as JsonObject);
}

function patternsMatch({ index_patterns: patterns = [] }: JsonObject, name: string): boolean {
  const list = Array.isArray(patterns) ? patterns : [patterns];
  return list.some((pattern: Json) => typeof pattern === "string" && wildcard(pattern)(name));
}

/** What of an index's settings is heeded here. */
export type HeededSettings = { limits: MappingLimits; defaultPipeline?: string; finalPipeline?: string };

/** Throws Elasticsearch's 400 for a limit that is none. */
export function heededSettings(settings: JsonObject): HeededSettings {
  const flat = flatSettings(settings);
  const limit = flat["index.mapping.total_fields.limit"];
  const totalFields = limit === undefined || limit === null ? DEFAULT_TOTAL_FIELDS : Number(limit);
  if (!Number.isSafeInteger(totalFields) || totalFields < 0) {
    throw illegalArgument(`Failed to parse value [${String(limit)}] for setting [index.mapping.total_fields.limit]`);
  }
  const isOn = (name: string) => flat[`index.mapping.${name}`] === "true";
  const pipeline = (name: string) => {
    const value = flat[`index.${name}`];
    return typeof value === "string" && value !== "_none" ? value : undefined;
  };
  const [defaultPipeline, finalPipeline] = [pipeline("default_pipeline"), pipeline("final_pipeline")];
  return {
    limits: {
      totalFields: Math.min(totalFields, MAX_TOTAL_FIELDS),
      ignoreBeyond: isOn("total_fields.ignore_dynamic_beyond_limit"),
      defaults: { ignoreMalformed: isOn("ignore_malformed") },
    },
    ...(defaultPipeline === undefined ? {} : { defaultPipeline }),
    ...(finalPipeline === undefined ? {} : { finalPipeline }),
  };
}
