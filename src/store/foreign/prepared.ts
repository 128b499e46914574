import type { Json } from "../../events/document.ts";
import type { ForeignItem, JsonObject } from "../../events/foreign.ts";
import { isJsonObject } from "../../events/json-object.ts";

/** An item on its way into an index: its document went through the pipelines and has its place on the chain. */
export type Prepared = {
  /** `index` is the index's own name; `source` and `upsert` are as the pipelines left them. */
  item: ForeignItem;
  /** JSON text of `item.source`, but for `added`. */
  text: string | undefined;
  /** Fields of the first level that `item.source` has beyond `text`. */
  added: JsonObject;
};

/** The JSON text that is kept of a document: as it was sent where that is known, with what was added behind. */
export function sourceText({ item, text, added }: Prepared): string {
  if (text === undefined) return JSON.stringify(item.source);
  const more = JSON.stringify(added).slice(1, -1);
  if (more === "") return text;
  const body = text.slice(0, text.lastIndexOf("}")).trimEnd();
  return `${body}${body.endsWith("{") ? "" : ","}${more}}`;
}

/**
 * A document with what its place on the chain added to it: `after` is `before`, which is the document with its dotted
 * names taken apart, and more. Where only fields of the first level are new, the text that was sent stays; a document
 * that had part of them itself is written anew.
 */
export function withPlace(
  item: ForeignItem,
  text: string | undefined,
  { before, after }: { before: JsonObject; after: JsonObject },
): Prepared {
  const changed = Object.keys(after).filter((key) => after[key] !== before[key]);
  if (changed.length === 0) return { item, text, added: {} };
  if (changed.some((key) => Object.hasOwn(before, key))) {
    return { item: { ...item, source: after }, text: undefined, added: {} };
  }
  const added: JsonObject = Object.fromEntries(changed.map((key) => [key, after[key] as Json]));
  return { item: { ...item, source: { ...item.source, ...added } }, text, added };
}

/** Names with dots on the first level stand for objects: who looks for `host.name` must take them apart before. */
export function hasDottedNames(source: JsonObject): boolean {
  for (const key in source) if (key.includes(".")) return true;
  return false;
}

/** Elasticsearch's `_source` of an update's document where there was none. */
export function upsertOf(item: ForeignItem): JsonObject | undefined {
  if (item.docAsUpsert === true) return item.source;
  return isJsonObject(item.upsert) ? item.upsert : undefined;
}
