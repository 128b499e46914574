import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { isJsonObject } from "../../../events/json-object.ts";
import { wildcard } from "../../../lib/wildcard.ts";
import { mappingFault, unsupportedMapping } from "./mapping-fault.ts";

/** What a value is before there is a field for it. */
export type JsonType = "object" | "string" | "long" | "double" | "boolean" | "date";

/** A rule for fields that a mapping does not have yet. */
export type DynamicTemplate = {
  name: string;
  /** As it was given. */
  json: JsonObject;
  matches(field: { path: string; name: string; jsonType: JsonType }): boolean;
  /** The mapping of a field that it matches, with `{name}` and `{dynamic_type}` filled in. */
  mappingFor(field: { name: string; dynamicType: string }): JsonObject;
};

const JSON_TYPES: readonly string[] = ["object", "string", "long", "double", "boolean", "date", "binary", "*"];
const KEYS = [
  "match",
  "unmatch",
  "path_match",
  "path_unmatch",
  "match_mapping_type",
  "unmatch_mapping_type",
  "match_pattern",
  "mapping",
];

/** `dynamic_templates` of a mapping: a list of objects, each with one name. */
export function readDynamicTemplates(json: Json): readonly DynamicTemplate[] {
  if (!Array.isArray(json)) throw mappingFault("Dynamic template syntax error. An array of named objects is expected.");
  return json.map((entry: Json) => {
    const [named, ...others] = isJsonObject(entry) ? Object.entries(entry) : [];
    if (named === undefined || others.length > 0 || !isJsonObject(named[1])) {
      throw mappingFault("A dynamic template must be defined with a name");
    }
    return readDynamicTemplate(named[0], named[1]);
  });
}

export function dynamicTemplatesJson(templates: readonly DynamicTemplate[]): Json {
  return templates.map(({ name, json }) => ({ [name]: json }));
}

function readDynamicTemplate(name: string, json: JsonObject): DynamicTemplate {
  if (json["runtime"] !== undefined) throw unsupportedMapping(`[runtime] of the dynamic template [${name}]`);
  const strange = Object.keys(json).find((key) => !KEYS.includes(key));
  if (strange !== undefined) {
    throw mappingFault(`Illegal dynamic template parameter: [${strange}] in template [${name}]`);
  }
  const { mapping, match_pattern: pattern = "simple" } = json;
  if (!isJsonObject(mapping)) throw mappingFault(`template [${name}] must have either mapping or runtime set`);
  if (pattern !== "simple" && pattern !== "regex") {
    throw mappingFault(`No matching pattern matched on [${String(pattern)}]`);
  }
  const test = pattern === "regex" ? regexTest : wildcard;
  const [match, unmatch] = [testsOf(json["match"], test), testsOf(json["unmatch"], test)];
  const [pathMatch, pathUnmatch] = [testsOf(json["path_match"], test), testsOf(json["path_unmatch"], test)];
  const types = typesOf(json["match_mapping_type"]);
  const excluded = typesOf(json["unmatch_mapping_type"]);
  return {
    name,
    json,
    matches: ({ path, name: key, jsonType }) =>
      (pathMatch?.(path) ?? true) &&
      (match?.(key) ?? true) &&
      !(pathUnmatch?.(path) ?? false) &&
      !(unmatch?.(key) ?? false) &&
      (types === undefined || types.includes("*") || types.includes(jsonType)) &&
      !(excluded?.includes(jsonType) ?? false),
    mappingFor({ name: key, dynamicType }) {
      const filled = (value: Json): Json => {
        if (typeof value === "string")
          return value
            .replaceAll("{name}", key)
            .replaceAll("{dynamic_type}", dynamicType)
            .replaceAll("{dynamicType}", dynamicType);
        if (Array.isArray(value)) return value.map(filled);
        if (!isJsonObject(value)) return value;
        return Object.fromEntries(
          Object.entries(value).map(([inner, one]) => [String(filled(inner)), filled(one as Json)]),
        );
      };
      const made = filled(mapping) as JsonObject;
      return made["type"] === undefined ? { type: dynamicType, ...made } : made;
    },
  };
}

type Test = (text: string) => boolean;

/** Any of the patterns; undefined where there are none. */
function testsOf(json: Json | undefined, test: (pattern: string) => Test): Test | undefined {
  if (json === undefined) return undefined;
  const tests = (Array.isArray(json) ? json : [json]).map((pattern: Json) => test(String(pattern)));
  return (text) => tests.some((matches) => matches(text));
}

/** What a regular expression may be: no groups that repeat what repeats, so that a name cannot keep it busy. */
const SAFE_REGEX = /^(?:\\[wdsWDS.\-_]|\[[^\]\\]*\]|[^()[\]{}\\|?*+]|[*+?](?![*+?]))*$/;
const MAX_REGEX = 200;

function regexTest(pattern: string): Test {
  const inner = pattern.replace(/^\^/, "").replace(/\$$/, "");
  if (pattern.length > MAX_REGEX || !SAFE_REGEX.test(inner) || (inner.match(/[*+]/g) ?? []).length > 3) {
    throw unsupportedMapping(`the regular expression [${pattern.slice(0, MAX_REGEX)}] of a dynamic template`);
  }
  const regex = new RegExp(`^(?:${inner})$`);
  return (text) => regex.test(text);
}

function typesOf(json: Json | undefined): readonly string[] | undefined {
  if (json === undefined) return undefined;
  const types = (Array.isArray(json) ? json : [json]).map(String);
  const strange = types.find((type) => !JSON_TYPES.includes(type));
  if (strange === undefined) return types;
  throw mappingFault(
    `No field type matched on [${strange}], possible values are [object, string, long, double, boolean, date, binary]`,
  );
}
