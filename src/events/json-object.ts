import type { Json } from "./document.ts";
import type { JsonObject } from "./foreign.ts";

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
