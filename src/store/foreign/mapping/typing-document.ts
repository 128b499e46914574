import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { isJsonObject } from "../../../events/json-object.ts";

/**
 * A document for its types alone: what JavaScript makes of `1.0` and of integers beyond 2^53 is told by the text no
 * more, so here the first is 0.5 and the second is 0.
 */
export function typingDocument(text: string): JsonObject | undefined {
  const typed: Json = JSON.parse(text, typedNumber) as Json;
  return isJsonObject(typed) ? typed : undefined;
}

function typedNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number") return value;
  if (/[.eE]/.test(context?.source ?? "")) return 0.5;
  return Number.isSafeInteger(value) ? value : 0;
}
