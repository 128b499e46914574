import type { JsonObject } from "../../../events/foreign.ts";
import { dateFormat } from "../../../search/dates/date-format.ts";
import { UTC } from "../../../search/dates/time-zone.ts";
import type { JsonType } from "./dynamic-template.ts";
import type { MappingTree } from "./mapping-tree.ts";

/** What a value without a field is taken for, and the mapping that it gets where no dynamic template says otherwise. */
export type DynamicType = { jsonType: JsonType; typeName: string; mapping: JsonObject; format?: string };

const DEFAULT_FORMATS = ["strict_date_optional_time", "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis"];
const LONG: DynamicType = { jsonType: "long", typeName: "long", mapping: { type: "long" } };
const FLOAT: DynamicType = { jsonType: "double", typeName: "float", mapping: { type: "float" } };
const BOOLEAN: DynamicType = { jsonType: "boolean", typeName: "boolean", mapping: { type: "boolean" } };
const TEXT: DynamicType = {
  jsonType: "string",
  typeName: "text",
  mapping: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } },
};

/** Elasticsearch's dynamic rules for one value. */
export function dynamicTypeOf(value: string | number | boolean, tree: MappingTree): DynamicType {
  if (typeof value === "boolean") return BOOLEAN;
  if (typeof value === "number") return Number.isSafeInteger(value) ? LONG : FLOAT;
  const isLong = /^[+-]?\d{1,19}$/.test(value);
  const isNumber = isLong || (value.trim() !== "" && Number.isFinite(Number(value)));
  if (tree.numericDetection && isNumber) return isLong ? LONG : FLOAT;
  // A number is too often no year and no moment.
  if (!tree.dateDetection || isNumber) return TEXT;
  const format = (tree.dateFormats ?? DEFAULT_FORMATS).find((name) => fits(value, name));
  if (format === undefined) return TEXT;
  const isPlain = format === "strict_date_optional_time";
  const mapping = { type: "date", ...(isPlain ? {} : { format }) };
  return { jsonType: "date", typeName: "date", mapping, ...(isPlain ? {} : { format }) };
}

function fits(value: string, format: string): boolean {
  try {
    dateFormat(format).parse(value, { zone: UTC, roundUp: false });
    return true;
  } catch {
    return false;
  }
}
