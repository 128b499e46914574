import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { type Place, parseFault } from "./watch-fault.ts";

/** The parser's name of what a value begins with, for Elasticsearch's sentences. */
export function tokenOf(value: Json | undefined): string {
  if (value === null || value === undefined) return "VALUE_NULL";
  if (Array.isArray(value)) return "START_ARRAY";
  if (typeof value === "object") return "START_OBJECT";
  return `VALUE_${typeof value === "boolean" ? "BOOLEAN" : typeof value === "number" ? "NUMBER" : "STRING"}`;
}

/** The only member of an object that names its kind: `{ "search": { … } }`. Undefined for none or several. */
export function onlyMember(object: JsonObject): readonly [string, Json] | undefined {
  const [first, ...more] = Object.entries(object);
  return more.length === 0 ? first : undefined;
}

/** Throws the sentence that `reason` makes for the first key that is not known. */
export function onlyKeys(object: JsonObject, known: readonly string[], refuse: (key: string) => unknown): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown !== undefined) throw refuse(unknown);
}

/** A list of texts, or one text. */
export function textsOf(value: Json | undefined): readonly string[] | undefined {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item) => typeof item === "string");
  return texts.length === value.length ? texts : undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A time as Watcher reads it: `30s`, `1.5h`; undefined for what is none. */
export function timeValueMs(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d{1,12}(?:\.\d{1,9})?)(ms|[smhdw])$/.exec(text.trim().toLowerCase()) ?? [];
  if (text.trim() === "0") return 0;
  const unitMs = UNIT_MS[unit];
  return number === undefined || unitMs === undefined ? undefined : Math.trunc(Number(number) * unitMs);
}

type TimeField = { object: JsonObject; name: string; place: Place; reason: string };

/** `name` as a time, or `name_in_millis` as a number; undefined where there is neither. */
export function readTimeMs({ object, name, place, reason }: TimeField): number | undefined {
  const millis = object[`${name}_in_millis`];
  if (typeof millis === "number" && Number.isInteger(millis) && millis >= 0) return millis;
  const value = object[name];
  if (millis !== undefined) throw parseFault(place, reason, numberExpected(`${name}_in_millis`, millis));
  if (value === undefined || value === null) return undefined;
  const ms = typeof value === "string" ? timeValueMs(value) : undefined;
  if (ms !== undefined) return ms;
  throw parseFault(place, reason, {
    type: "parse_exception",
    reason:
      typeof value === "string"
        ? `Failed to parse setting [${name}] with value [${value}] as a time value: unit is missing or unrecognized`
        : `could not parse time value. expected either a string or a null value but found [${tokenOf(value)}] instead`,
  });
}

function numberExpected(name: string, value: Json) {
  return {
    type: "parse_exception",
    reason: `[${name}] must be a number of milliseconds, but found [${tokenOf(value)}]`,
  };
}

/** The object, or the fault. */
export function objectOf(value: Json | undefined, fault: () => unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw fault();
}
