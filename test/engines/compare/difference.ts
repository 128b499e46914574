import type { Json } from "../../../src/events/document.ts";
import type { JsonObject } from "../../../src/events/foreign.ts";
import type { Answer } from "./ask.ts";

/** The first place where two answers are not the same. */
export type Difference = { path: string; embedded: Json | undefined; engine: Json | undefined };

/** Floats are sums in another order. */
const RELATIVE = 1e-9;
const ESTIMATED = /^(?:[a-z_]+#)?(?:percentiles|percentile_ranks|median_absolute_deviation)_\d+$/;

/**
 * Compares what two sides answered: the same status, of errors the types, of answers everything but how long it took.
 * What an engine estimates is handed to `estimate`, which says whether it is near enough.
 */
export function differenceOf(
  embedded: Answer,
  engine: Answer,
  estimate: (path: readonly string[], embedded: Json, engine: Json) => boolean,
): Difference | undefined {
  if (embedded.status >= 400 || engine.status >= 400) return compareErrors(embedded, engine);
  return compare(withoutTime(embedded.body), withoutTime(engine.body));

  function compare(
    left: Json | undefined,
    right: Json | undefined,
    path: readonly string[] = [],
  ): Difference | undefined {
    if (left !== undefined && right !== undefined && ESTIMATED.test(path.at(-1) ?? "")) {
      return estimate(path, left, right) ? undefined : different();
    }
    if (isMissing(left, right) && path.at(-2) === "sort") return undefined;
    if (isNumber(left) && isNumber(right) && (typeof left === "number" || typeof right === "number")) {
      return isNear(Number(left), Number(right)) ? undefined : different();
    }
    if (!isTree(left) || !isTree(right) || Array.isArray(left) !== Array.isArray(right)) {
      return left === right ? undefined : different();
    }
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      // Elasticsearch names what `ignore_above` left out; that is a known difference.
      if (key === "_ignored" || key === "ignored_field_values") continue;
      // OpenSearch gives buckets of several terms an empty `meta`.
      if (key === "meta" && JSON.stringify(right[key]) === "{}") continue;
      const found = compare(left[key], right[key], [...path, key]);
      if (found !== undefined) return found;
    }
    return undefined;

    function different(): Difference {
      return { path: path.join("/"), embedded: left, engine: right };
    }
  }
}

export function isNear(left: number, right: number): boolean {
  return left === right || Math.abs(left - right) <= RELATIVE * Math.max(Math.abs(left), Math.abs(right));
}

/**
 * The sort value of what is missing, beyond all others: here 2^63 as a float, which no value is told as. In OpenSearch it
 * is the largest of the field's type, of an integer and a boolean of 32 bits; in Elasticsearch of 64 bits.
 */
function isMissing(left: Json | undefined, right: Json | undefined): boolean {
  if (left === "9223372036854776000") return right === 2 ** 31 - 1 || HIGHEST.includes(String(right));
  return left === "-9223372036854776000" && (right === -(2 ** 31) || LOWEST.includes(String(right)));
}

const HIGHEST = ["9223372036854775807", "18446744073709551615"];
const LOWEST = ["-9223372036854775808", "0"];

/** A sum beyond 2^53 is a float: whether it is written in digits, each side decides for itself. */
function isNumber(value: Json | undefined): value is number | string {
  return typeof value === "number" || (typeof value === "string" && /^-?\d{16,}$/.test(value));
}

function isTree(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null;
}

/** Equal in status, type and the type of the first cause; words are each one's own. */
function compareErrors(embedded: Answer, engine: Answer): Difference | undefined {
  const [left, right] = [errorOf(embedded), errorOf(engine)];
  const isSame = (["status", "type", "cause"] as const).every((key) => left[key] === right[key]);
  return isSame ? undefined : { path: "error", embedded: left, engine: right };
}

function errorOf({ status, body }: Answer): JsonObject {
  const error = (body as JsonObject)["error"] as JsonObject | undefined;
  if (error === undefined) return { status };
  const [cause] = (error["root_cause"] ?? []) as readonly JsonObject[];
  return { status, type: error["type"] ?? "", cause: cause?.["type"] ?? "", reason: cause?.["reason"] ?? "" };
}

function withoutTime(body: Json): Json {
  // OpenSearch alone says that it stopped looking at documents when all aggregations had what they needed.
  const { took: _, terminated_early: __, ...rest } = body as JsonObject;
  return rest;
}
