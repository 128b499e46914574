import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";
import { isFault } from "../../lib/fault.ts";
import type { Span } from "../alert-rule.ts";
import type { WatchContext } from "../context.ts";
import { reached } from "../template/path.ts";
import { timeValueMs } from "./reading.ts";
import { parseScript } from "./script-field.ts";
import { parseTemplate } from "./text-template.ts";
import { below, errorOf, type Place, parseFault } from "./watch-fault.ts";

/** Reads the members of `metadata.alert`, with one way to refuse them. */
export type AlertFields = {
  object: JsonObject;
  place: Place;
  fault(key: string, words: string): unknown;
};

export function alertFields(body: JsonObject, place: Place): AlertFields {
  return {
    object: body,
    place,
    fault: (key, words) =>
      parseFault(below(place, key), `could not parse [metadata.alert] of watch [${place.watchId}]. [${key}] ${words}`),
  };
}

/** One of some words; undefined where it is left out. */
export function readWord<Word extends string>(
  fields: AlertFields,
  key: string,
  words: readonly Word[],
): Word | undefined {
  const value = fields.object[key];
  if (value === undefined) return undefined;
  const word = words.find((one) => one === value);
  if (word !== undefined) return word;
  throw fields.fault(key, `must be one of [${words.join(", ")}], but is [${String(value)}]`);
}

export function readFlag(fields: AlertFields, key: string): boolean | undefined {
  const value = fields.object[key];
  if (value === undefined || typeof value === "boolean") return value;
  throw fields.fault(key, "must be true or false");
}

export function readText(fields: AlertFields, key: string): string | undefined {
  const value = fields.object[key];
  if (value === undefined || (typeof value === "string" && value.trim() !== "")) return value;
  throw fields.fault(key, "must be a text");
}

/** A template that never throws: what goes wrong stands where its text would. */
export function readTemplate(fields: AlertFields, key: string): ((ctx: WatchContext) => string) | undefined {
  const text = readText(fields, key);
  return text === undefined ? undefined : safeTemplate(text, below(fields.place, key));
}

export function safeTemplate(text: string, place: Place): (ctx: WatchContext) => string {
  const template = parseTemplate(text, { place, form: "text" });
  return (ctx) => {
    try {
      return template(ctx);
    } catch (error) {
      if (isFault(error)) return `(${place.path}: ${errorOf(error).reason})`;
      throw error;
    }
  };
}

/** `30s`, `2m`, `4 slots`, `1 epoch`; undefined where it is left out. */
export function readSpan(fields: AlertFields, key: string): Span | undefined {
  const value = fields.object[key];
  if (value === undefined) return undefined;
  const text = typeof value === "string" ? value.trim() : "";
  const [, count, unit] = /^(\d{1,6}) ?(slot|epoch)s?$/.exec(text) ?? [];
  if (count !== undefined) return { unit: unit === "slot" ? "slots" : "epochs", count: Number(count) };
  const ms = timeValueMs(text);
  if (ms !== undefined) return { unit: "ms", count: ms };
  throw fields.fault(
    key,
    `must be a time or a number of slots or epochs, such as [30s] or [4 slots], but is [${String(value)}]`,
  );
}

/** A path below `ctx`, with or without that word before it. */
export function pathKeys(path: string): readonly string[] {
  return path.replace(/^ctx\./, "").split(".");
}

/** A path of the context, or a script: a number, or undefined where it gives none. Never throws. */
export function readNumber(value: Json, place: Place): (ctx: WatchContext) => number | undefined {
  if (typeof value === "string" && /^[\w@-]+(?:\.[\w@-]+)*$/.test(value)) {
    const keys = pathKeys(value);
    return (ctx) => numberOf(reached(ctx, keys));
  }
  const script = parseScript(value, place);
  return (ctx) => {
    try {
      return numberOf(script.value(ctx));
    } catch (error) {
      if (isFault(error)) return undefined;
      throw error;
    }
  };
}

function numberOf(value: Json | undefined): number | undefined {
  const number = typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** One context an element of the list there, which is the payload in it; none where there is no list. */
export function elementsAt(ctx: WatchContext, keys: readonly string[]): readonly WatchContext[] {
  const list = reached(ctx, keys);
  const items: readonly Json[] = Array.isArray(list) ? list : [];
  return items.map((item) => ({ ...ctx, payload: isJsonObject(item) ? item : { _value: item } }));
}
