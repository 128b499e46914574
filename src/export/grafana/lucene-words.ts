import type { Json } from "../../events/document.ts";

/** What has no form in the place that it was meant for, and why. */
export type Unmapped = { unmapped: string };

export function isUnmapped(value: unknown): value is Unmapped {
  return typeof value === "object" && value !== null && "unmapped" in value;
}

/** A value that is meant as it stands. */
export function literal(value: Json): string {
  if (typeof value === "string") return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  // A minus would be read as NOT.
  return typeof value === "number" && value < 0 ? `"${value}"` : String(value);
}

export function fieldName(name: string): string {
  return name.replaceAll(/[\s:\\/()[\]{}"^~*?+!-]/g, (character) => `\\${character}`);
}
