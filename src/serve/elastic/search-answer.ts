import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { illegalArgument } from "../../events/refusal.ts";
import type { SearchResult } from "./search-backend.ts";

/** Each index counts as one shard, all of which answer or none. */
export function shardsOf(indices: readonly string[]): JsonObject {
  return { total: indices.length, successful: indices.length, skipped: 0, failed: 0 };
}

/** A search's whole answer: `_shards` behind what the store told, ids before. */
export function searchAnswer(input: {
  result: SearchResult;
  indices: readonly string[];
  ids?: JsonObject;
  totalAsInt: boolean;
}): JsonObject {
  const { result, indices, ids = {}, totalAsInt } = input;
  const { took, timed_out, hits, ...more } = result;
  const told = totalAsInt ? { ...hits, total: integerTotal(hits["total"]) } : hits;
  return { ...ids, took, timed_out, _shards: shardsOf(indices), hits: told, ...more };
}

/** With a total as a number it must be exact; it is -1 where it was not asked for. */
export function exactTotals(body: JsonObject, totalAsInt: boolean): JsonObject {
  if (!totalAsInt) return body;
  const { track_total_hits: asked = true } = body;
  if (typeof asked === "boolean") return { ...body, track_total_hits: asked };
  throw illegalArgument(
    `[rest_total_hits_as_int] cannot be used if the tracking of total hits is not accurate, got ${JSON.stringify(asked)}`,
  );
}

function integerTotal(total: Json | undefined): Json {
  return typeof total === "object" && total !== null && "value" in total ? (total.value as Json) : -1;
}
