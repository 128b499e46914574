import { dateFormat } from "../dates/date-format.ts";
import { unknownOption } from "../elsewhere.ts";
import type { FieldType } from "../fields/field-type.ts";
import type { Scalar } from "../fields/literals.ts";
import { isObject, isScalar } from "../json-shape.ts";
import { MAX_SORT_FIELDS } from "../limits.ts";
import { invalid, unsupported } from "../search-fault.ts";

const MODES = ["min", "max", "sum", "avg", "median"] as const;
export type SortMode = (typeof MODES)[number];

export type SortKey = {
  field: string;
  order: "asc" | "desc";
  /** Where documents without a value stand, or the value that they are taken to have. */
  missing: "_first" | "_last" | { value: Scalar };
  mode: SortMode;
  unmappedType?: FieldType;
  /** Of the sort values of a date. */
  format?: string;
};

/** Types that Elasticsearch takes for `unmapped_type` and whose values have an order. */
const UNMAPPED_TYPES: readonly string[] = [
  "keyword",
  "long",
  "integer",
  "short",
  "byte",
  "unsigned_long",
  "double",
  "float",
  "half_float",
  "boolean",
  "date",
  "ip",
];

export function parseSort(value: unknown): SortKey[] {
  if (value === undefined || value === null) return [];
  const entries = Array.isArray(value) ? (value as unknown[]) : [value];
  const keys = entries.flatMap((entry) => {
    if (typeof entry === "string") {
      // As in the query string of a request: `field:desc`.
      const [, field = entry, order] = /^(.*):(asc|desc)$/.exec(entry) ?? [];
      return [sortKey(field, order)];
    }
    if (!isObject(entry))
      throw invalid("[sort] malformed: fields or objects are expected", "illegal_argument_exception");
    return Object.entries(entry).map(([field, options]) => sortKey(field, options));
  });
  if (keys.length > MAX_SORT_FIELDS) throw invalid(`[sort] has more than ${MAX_SORT_FIELDS} fields`);
  return keys;
}

const OPTIONS = ["order", "missing", "mode", "unmapped_type", "format", "numeric_type"];

function sortKey(field: string, given: unknown): SortKey {
  const options: Record<string, unknown> = isObject(given) ? given : given === undefined ? {} : { order: given };
  for (const key of Object.keys(options)) if (!OPTIONS.includes(key)) throw unknownOption("field_sort", key, "object");
  const order = options["order"] ?? (field === "_score" ? "desc" : "asc");
  if (order !== "asc" && order !== "desc")
    throw invalid(
      `[field_sort] failed to parse field [order]: Unknown SortOrder [${String(order)}]`,
      "x_content_parse_exception",
    );
  if (options["numeric_type"] !== undefined) throw unsupported("[numeric_type] in [sort]");
  const mode = options["mode"] ?? (order === "asc" ? "min" : "max");
  if (!isMode(mode)) throw invalid(`Unknown SortMode [${String(mode)}]`, "illegal_argument_exception");
  const unmapped = options["unmapped_type"];
  if (unmapped !== undefined && !UNMAPPED_TYPES.includes(unmapped as string)) {
    throw invalid(`No mapper found for type [${String(unmapped)}]`, "illegal_argument_exception");
  }
  const format = options["format"];
  if (format !== undefined) dateFormat(String(format));
  return {
    field,
    order,
    missing: missingOf(options["missing"]),
    mode,
    ...(unmapped === undefined ? {} : { unmappedType: unmapped as FieldType }),
    ...(format === undefined ? {} : { format: String(format) }),
  };
}

function isMode(value: unknown): value is SortMode {
  return MODES.some((mode) => mode === value);
}

function missingOf(value: unknown): SortKey["missing"] {
  if (value === undefined || value === "_last") return "_last";
  if (value === "_first") return "_first";
  if (isScalar(value)) return { value };
  throw invalid("[missing] in [sort] must be _first, _last or a value", "illegal_argument_exception");
}
