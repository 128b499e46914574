import { type DateFormat, dateFormat } from "../dates/date-format.ts";
import { isObject } from "../json-shape.ts";
import { invalid, unsupported } from "../search-fault.ts";

/** One entry of `fields` or `docvalue_fields`. */
export type FieldAsked = { pattern: string; format?: DateFormat };

const MAX_FIELDS = 100;

export function parseFields(part: string, value: unknown): FieldAsked[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`Unknown key for a VALUE_STRING in [${part}].`);
  if (value.length > MAX_FIELDS) {
    throw invalid(
      `Trying to retrieve too many ${part}. Must be less than or equal to: [${MAX_FIELDS}] but was [${value.length}].`,
      "illegal_argument_exception",
    );
  }
  return value.map((entry: unknown) => {
    if (typeof entry === "string") return { pattern: entry };
    if (!isObject(entry) || typeof entry["field"] !== "string") {
      throw invalid(`[${part}] holds names of fields or objects with [field]`, "illegal_argument_exception");
    }
    for (const key of Object.keys(entry)) {
      if (!["field", "format", "include_unmapped"].includes(key)) throw unsupported(`[${key}] in [${part}]`);
    }
    const { field, format } = entry;
    if (format === undefined || format === "use_field_mapping") return { pattern: field };
    return { pattern: field, format: dateFormat(String(format)) };
  });
}
