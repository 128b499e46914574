import type { Json } from "../../events/document.ts";
import { DEFAULT_FORMAT, dateFormat } from "../dates/date-format.ts";
import { UTC } from "../dates/time-zone.ts";
import { docValuesField } from "../fields/doc-values.ts";
import { fitsPattern } from "../fields/field-pattern.ts";
import { fieldNames, findField, type SearchField } from "../fields/find-field.ts";
import { ipText } from "../fields/ip-address.ts";
import { shortestSingle } from "../fields/shortest-single.ts";
import type { SearchHit } from "../request.ts";
import type { FieldAsked } from "./asked-fields.ts";
import { inDocValueOrder } from "./doc-value-order.ts";
import type { FetchedDocument } from "./documents.ts";
import { missingSortValue, type ResolvedSortKey } from "./sort.ts";
import { filterSource, type SourceFilter } from "./source-filter.ts";
import { type SqlResult, safeInteger } from "./sql-result.ts";

/** What of a document a hit shows. */
export type HitParts = {
  source: SourceFilter;
  fields: readonly FieldAsked[];
  docvalueFields: readonly FieldAsked[];
  sort: readonly ResolvedSortKey[];
  trackScores: boolean;
  /** Neither `_id` nor `_source`. */
  bare?: boolean;
};

/** Elasticsearch's form of one hit. Without a sort, or where it is asked for, the score is 1.0. */
export function shapeHit(document: FetchedDocument, parts: HitParts, sortValues: readonly SqlResult[]): SearchHit {
  const { source, sort } = parts;
  const scored = parts.trackScores || sort.length === 0 || sort.some(({ field }) => field === "_score");
  const fields = new Map<string, Json[]>();
  // Of a field that both ask for, the values are those of `fields`.
  for (const asked of parts.docvalueFields) addFields(fields, document, asked, false);
  for (const asked of parts.fields) addFields(fields, document, asked, true);
  // `_id` and `_source` are typed as always there, for the many callers who never leave it out.
  return {
    _index: document.target.index,
    ...((parts.bare === true ? {} : { _id: document.id }) as Pick<SearchHit, "_id">),
    _score: scored ? 1 : null,
    ...((source === false ? {} : { _source: filterSource(document.source(), source) }) as Pick<SearchHit, "_source">),
    ...(fields.size === 0 ? {} : { fields: Object.fromEntries(fields) }),
    ...(sort.length === 0 ? {} : { sort: sort.map((key, k) => shapeSortValue(key, sortValues[k] ?? null)) }),
  };
}

function addFields(fields: Map<string, Json[]>, document: FetchedDocument, asked: FieldAsked, texts: boolean): void {
  const { target } = document;
  const names = asked.pattern.includes("*")
    ? fieldNames(target).filter((name) => fitsPattern(asked.pattern, name))
    : [asked.pattern];
  for (const name of names) {
    const field = findField({ target }, name);
    if (field === undefined || field.valueClass === "object") continue;
    if (!texts && asked.pattern.includes("*") && field.valueClass === "text") continue;
    if (!texts) docValuesField(field, "docvalue_fields");
    const stored = valuesOf(document, field);
    const values = texts ? stored : inDocValueOrder(field.valueClass, stored);
    if (values.length > 0)
      fields.set(
        name,
        values.map((value) => shapeValue(field, value, { ...asked, stored: !texts })),
      );
  }
}

function valuesOf(document: FetchedDocument, { name }: SearchField): readonly SqlResult[] {
  if (name === "_id") return [document.id];
  if (name === "_index") return [document.target.index];
  if (name === "_seq") return [document.seq];
  const mapped = document.target.foreign?.mapping.get(name);
  if (mapped?.value !== undefined) return [mapped.value];
  const values = document.values(mapped?.of ?? name).filter((value) => value !== null);
  const longest = mapped?.ignoreAbove;
  return longest === undefined ? values : values.filter((value) => [...String(value)].length <= longest);
}

/** A `float` is told as it was written, or by `docvalue_fields` as it is stored. */
function shapeValue(
  { valueClass, type }: SearchField,
  value: SqlResult,
  { format, stored }: FieldAsked & { stored: boolean },
): Json {
  switch (valueClass) {
    case "date":
      return (format ?? DEFAULT_FORMAT).print(BigInt(value as bigint), UTC);
    case "ip":
      return ipText(String(value));
    case "flattened":
      return typeof value === "string" && /^[[{]/.test(value) ? (JSON.parse(value) as Json) : (value as Json);
    case "double":
      return !stored && (type === "float" || type === "half_float") ? shortestSingle(Number(value)) : (value as Json);
    default:
      return typeof value === "bigint" ? safeInteger(value) : (value as Json);
  }
}

/** Milliseconds with the microseconds as fraction, so that `search_after` gets back what was sorted by. */
export function shapeSortValue(key: ResolvedSortKey, value: SqlResult): Json {
  const { sortClass, format } = key;
  if (value === null) return missingSortValue(key);
  if (sortClass === "ip" && typeof value === "string") return ipText(value);
  if (typeof value === "number" && key.single) return shortestSingle(value);
  if (typeof value !== "bigint") return value as Json;
  if (sortClass !== "date") return safeInteger(value);
  return format === undefined ? Number(value) / 1000 : dateFormat(format).print(value, UTC);
}
