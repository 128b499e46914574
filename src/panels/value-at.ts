import type { Json } from "../events/document.ts";

/**
 * The value at a path of an answer: names and places in lists, joined by dots; undefined where there is none. Keys may
 * hold dots themselves (`values.50.0` of percentiles, flat field names of a document): at each step the longest key that
 * is there is taken. A name where a list stands is that name of each element.
 */
export function valueAt(tree: unknown, path: string): Json | undefined {
  if (path === "") return tree as Json | undefined;
  if (Array.isArray(tree)) {
    const [head = "", ...rest] = path.split(".");
    if (/^\d+$/.test(head)) return valueAt(tree[Number(head)], rest.join("."));
    const each = tree.map((element) => valueAt(element, path));
    return each.some((value) => value !== undefined) ? each.map((value) => value ?? null) : undefined;
  }
  if (typeof tree !== "object" || tree === null) return undefined;
  const parts = path.split(".");
  for (let length = parts.length; length > 0; length -= 1) {
    const key = parts.slice(0, length).join(".");
    if (!Object.hasOwn(tree, key)) continue;
    const found = valueAt((tree as Readonly<Record<string, unknown>>)[key], parts.slice(length).join("."));
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The rows that a panel shows of an answer: the list at `property`, buckets by name each with its name as `key`, or the
 * one value that is there; none where nothing was found.
 */
export function rowsOf(answer: unknown, property: string): readonly Json[] {
  const rows = valueAt(answer, property);
  if (rows === undefined || rows === null) return [];
  if (Array.isArray(rows)) return rows as readonly Json[];
  if (!/(?:^|\.)buckets$/.test(property) || typeof rows !== "object") return [rows];
  return Object.entries(rows).map(([key, bucket]) => ({ key, ...(bucket as object) }) as Json);
}
