import type { Json } from "../../events/document.ts";
import { messageOf } from "../../lib/fault.ts";
import { parseJsonExact } from "../../lib/json.ts";
import { isDeeperThan } from "../../lib/json-depth.ts";

/** Jackson's StreamReadConstraints, as Elasticsearch uses them. */
const MAX_NESTING = 1000;

/** Why a text is no JSON, as Elasticsearch words it: `[line:column] …`. */
export type JsonError = { readonly type: string; readonly reason: string };

/** A JSON text as a value, or why it is none. Integers beyond 2^53 become strings. */
export function readJson(text: string): { value: Json } | { error: JsonError } {
  if (isDeeperThan(text, MAX_NESTING)) {
    const reason = `Document nesting depth (${MAX_NESTING + 1}) exceeds the maximum allowed (${MAX_NESTING}, from \`StreamReadConstraints.getMaxNestingDepth()\`)`;
    return { error: { type: "x_content_parse_exception", reason } };
  }
  try {
    return { value: parseJsonExact(text) as Json };
  } catch (error) {
    const message = messageOf(error);
    return { error: { type: "x_content_parse_exception", reason: `[${placeOf(message, text)}] ${message}` } };
  }
}

/** `line:column` from 1, of the character that V8 complains of. */
function placeOf(message: string, text: string): string {
  const told = /line (\d+) column (\d+)/.exec(message);
  if (told !== null) return `${told[1]}:${told[2]}`;
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, position).split("\n");
  return `${before.length}:${(before.at(-1) ?? "").length + 1}`;
}

/** The token that Jackson sees first in a value. */
export function tokenOf(value: Json | undefined): string {
  if (value === null) return "VALUE_NULL";
  if (Array.isArray(value)) return "START_ARRAY";
  switch (typeof value) {
    case "string":
      return "VALUE_STRING";
    case "number":
      return "VALUE_NUMBER";
    case "boolean":
      return "VALUE_BOOLEAN";
    case "undefined":
      return "null";
    default:
      return "START_OBJECT";
  }
}
