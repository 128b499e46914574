import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { isJsonObject } from "../../../events/json-object.ts";
import { dateFormat } from "../../../search/dates/date-format.ts";
import type { MappedField } from "../../../search/target.ts";
import { isKept, isSearched, parametersOf } from "./field-types.ts";
import { javaClass, mappingFault, unsupportedMapping } from "./mapping-fault.ts";
import type { LeafField } from "./mapping-tree.ts";

/** Index-wide defaults that a field's own parameters go before. */
export type FieldDefaults = { ignoreMalformed: boolean };

const MALFORMED = ["long", "integer", "short", "byte", "unsigned_long", "double", "float", "half_float"];
const CAN_IGNORE_MALFORMED: readonly string[] = [...MALFORMED, "scaled_float", "boolean", "date", "ip"];

/** A field with values, of its JSON. Throws `mapper_parsing_exception` for what is unknown, by its name. */
export function readLeaf(name: string, json: JsonObject, defaults: FieldDefaults): LeafField {
  const { type: typeName, fields, ...parameters } = json;
  const type = String(typeName);
  if (!isSearched(type) && !isKept(type)) {
    throw mappingFault(
      `The mapper type [${type}] declared on field [${name}] does not exist. It might have been created within a future version or requires a plugin to be installed. Check the documentation.`,
    );
  }
  if (parameters["copy_to"] !== undefined) throw unsupportedMapping(`[copy_to] of field [${name}]`);
  if (parameters["script"] !== undefined) throw unsupportedMapping(`[script] of field [${name}]`);
  const known = parametersOf(type);
  const strange = Object.keys(parameters).find((key) => known !== undefined && !known.includes(key));
  if (strange !== undefined) {
    throw mappingFault(`unknown parameter [${strange}] on mapper [${name}] of type [${type}]`);
  }
  const mapped = mappedField({ name, type, parameters, defaults });
  if (name === "@timestamp" && mapped.type !== "date") {
    throw mappingFault(`[@timestamp] is of type [${type}], and the embedded store takes [date] alone`);
  }
  return { kind: "leaf", type, parameters, mapped, fields: readMultiFields(name, fields, defaults) };
}

function readMultiFields(
  name: string,
  json: Json | undefined,
  defaults: FieldDefaults,
): ReadonlyMap<string, LeafField> {
  if (json === undefined || (Array.isArray(json) && json.length === 0)) return new Map();
  if (!isJsonObject(json))
    throw mappingFault(`expected map for property [fields] on field [${name}] but got a class ${javaClass(json)}`);
  return new Map(
    Object.entries(json).map(([sub, field]: [string, Json]) => {
      const path = `${name}.${sub}`;
      if (sub.includes(".") || sub === "__proto__")
        throw mappingFault(`Field name [${sub}] which is a multi field of [${name}] cannot contain '.'`);
      if (!isJsonObject(field) || field["type"] === undefined)
        throw mappingFault(`no type specified for property [${sub}]`);
      const type = String(field["type"]);
      if (type === "object" || type === "nested" || type === "alias" || field["properties"] !== undefined)
        throw mappingFault(`Type [${type}] cannot be used in multi field`);
      if (field["fields"] !== undefined) throw unsupportedMapping(`[fields] within the multi field [${path}]`);
      return [sub, readLeaf(path, field, defaults)];
    }),
  );
}

type Given = { name: string; type: string; parameters: JsonObject; defaults: FieldDefaults };

function mappedField({ name, type: given, parameters, defaults }: Given): MappedField {
  // Dates are kept to the microsecond.
  const type = given === "date_nanos" ? "date" : given;
  if (!isSearched(type)) return { type: "object", unsearched: type };
  const isUnsearched = parameters["index"] === false && (type === "text" || parameters["doc_values"] === false);
  if (isUnsearched) return { type: "object", unsearched: `${type}, not indexed` };
  refuseAnalysis(name, parameters);
  if (parameters["coerce"] === false || parameters["coerce"] === "false") {
    throw unsupportedMapping(`[coerce] false of field [${name}]`);
  }
  const mapped: MappedField = { type };
  const { ignore_above: above, ignore_malformed: malformed, null_value: nullValue, format, value } = parameters;
  if (above !== undefined) mapped.ignoreAbove = wholeNumber(name, "ignore_above", above);
  const ignores = malformed === undefined ? defaults.ignoreMalformed : malformed === true || malformed === "true";
  if (ignores && CAN_IGNORE_MALFORMED.includes(type)) mapped.ignoreMalformed = true;
  if (nullValue !== undefined && nullValue !== null) mapped.nullValue = nullValue as string;
  if (type === "date" && format !== undefined) mapped.format = readFormat(name, format);
  if (type === "constant_keyword" && value !== undefined && value !== null) mapped.value = String(value);
  if (type === "scaled_float") {
    const factor = Number(parameters["scaling_factor"]);
    if (parameters["scaling_factor"] === undefined) throw mappingFault("Field [scaling_factor] is required");
    if (!(factor > 0)) throw mappingFault(`[scaling_factor] must be a positive number, got [${factor}]`);
    mapped.scalingFactor = factor;
  }
  return mapped;
}

/** Texts are taken apart by the standard analyzer, words are kept as they are. */
function refuseAnalysis(name: string, parameters: JsonObject): void {
  for (const key of ["analyzer", "search_analyzer", "search_quote_analyzer"]) {
    const analyzer = parameters[key];
    if (analyzer === undefined || analyzer === "standard" || analyzer === "default") continue;
    throw unsupportedMapping(`the analyzer [${String(analyzer)}] of field [${name}]`);
  }
  const { normalizer } = parameters;
  if (normalizer !== undefined && normalizer !== null) {
    throw unsupportedMapping(`the normalizer [${String(normalizer)}] of field [${name}]`);
  }
}

function readFormat(name: string, format: Json): string {
  try {
    dateFormat(String(format));
    return String(format);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw mappingFault(`Error parsing [format] on field [${name}]: ${why}`);
  }
}

function wholeNumber(name: string, parameter: string, value: Json): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw mappingFault(`Failed to parse value [${String(value)}] as an integer for [${parameter}] on field [${name}]`);
}
