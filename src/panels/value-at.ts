import type { Json } from "../events/document.ts";

/** The value at a path of an answer: names and places in lists, joined by dots; undefined where there is none. */
export function valueAt(tree: unknown, path: string): Json | undefined {
  let value: unknown = tree;
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value as Json | undefined;
}

/** The rows that a panel shows: the list at `property` of an answer, and none where nothing was found. */
export function rowsOf(answer: unknown, property: string): readonly Json[] {
  const rows = valueAt(answer, property);
  return Array.isArray(rows) ? rows : [];
}
