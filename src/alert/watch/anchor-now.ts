import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";

/** Where a search says a moment: bounds of ranges and of aggregations, the origin of a decay. */
const MOMENTS: ReadonlySet<string> = new Set(["gt", "gte", "lt", "lte", "from", "to", "min", "max", "origin"]);
/** What is not the search's own words. */
const LEFT_ALONE: ReadonlySet<string> = new Set(["script", "params", "_source", "runtime_mappings"]);
const MATH = /^now((?:[+-]\d*[yMwdhHms]|\/[yMwdhHms])*)$/;
/** A range within a query string: `[now-5m TO now]`, `:>=now-1h`. */
const IN_QUERY = /(?<before>[[{]\s*|\sTO\s+|:[<>]=?)now(?<math>(?:[+-]\d*[yMwdhHms]|\/[yMwdhHms])*)(?=[\s\]}]|$)/g;
const ISO_FORMAT = /(?:^|\|\|)(?:strict_)?date_optional_time(?:_nanos)?(?:\|\||$)|(?:^|\|\|)iso8601(?:\|\||$)/;

/**
 * A search body in which `now` means the given moment, whenever it is searched: `now-5m` becomes `<moment>||-5m`. Live,
 * replay, back-test and a real cluster then agree. A format that could not read the moment is given one that can.
 */
export function anchorNow(body: JsonObject, nowMs: number): JsonObject {
  return anchoredObject(body, new Date(nowMs).toISOString());
}

function anchored(value: Json, moment: string): Json {
  if (Array.isArray(value)) return value.map((item: Json) => anchored(item, moment));
  return isJsonObject(value) ? anchoredObject(value, moment) : value;
}

function anchoredObject(object: JsonObject, moment: string): JsonObject {
  const made: Record<string, Json> = Object.create(null);
  let moved = false;
  for (const [key, value] of Object.entries(object)) {
    const [, math] = MOMENTS.has(key) && typeof value === "string" ? (MATH.exec(value) ?? []) : [];
    if (math !== undefined) moved = true;
    if (math !== undefined) made[key] = bound(moment, math);
    else if (key === "query" && typeof value === "string") made[key] = inQueryString(value, moment);
    else made[key] = LEFT_ALONE.has(key) ? value : anchored(value, moment);
    // The bounds of date_range stand a level below its format.
    if (key === "ranges" && JSON.stringify(made[key]) !== JSON.stringify(value)) moved = true;
  }
  const { format } = object;
  if (moved && typeof format === "string" && !ISO_FORMAT.test(format))
    made["format"] = `${format}||strict_date_optional_time`;
  return { ...made };
}

function inQueryString(query: string, moment: string): string {
  return query.replaceAll(IN_QUERY, (whole: string, before: string, math: string) => {
    const date = bound(moment, math);
    // Behind a colon a date has to be quoted, for its own colons.
    return before.startsWith(":") ? `${before}"${date}"` : whole.replace(`now${math}`, date);
  });
}

function bound(moment: string, math: string): string {
  return math === "" ? moment : `${moment}||${math}`;
}
