import type { Json } from "../../events/document.ts";
import type { JsonObject, Outcome } from "../../events/foreign.ts";
import { filterSource, type SourceFilter } from "./source-filter.ts";

/** One copy of everything, which is the primary. */
const SHARDS = { total: 1, successful: 1, failed: 0 };
const NO_SHARDS = { total: 0, successful: 0, failed: 0 };

/** What Elasticsearch tells of one operation that was carried out. */
export function outcomeAnswer(
  outcome: Outcome,
  more: { forcedRefresh: boolean; sourceFilter?: SourceFilter },
): JsonObject {
  const { _index, _id, _version = 1, result, _seq_no = 0, _primary_term = 1, source } = outcome;
  const { forcedRefresh, sourceFilter } = more;
  // A pipeline dropped it: no shard ever saw it.
  if (result === "noop" && outcome._seq_no === undefined) return { _index, _id, _version, result, _shards: NO_SHARDS };
  const get: Json | undefined =
    sourceFilter === undefined || sourceFilter.none || source === undefined
      ? undefined
      : { _seq_no, _primary_term, found: true, _source: filterSource(source, sourceFilter) };
  return {
    _index,
    _id,
    _version,
    result: result ?? "created",
    ...(forcedRefresh ? { forced_refresh: true } : {}),
    _shards: SHARDS,
    _seq_no,
    _primary_term,
    ...(get === undefined ? {} : { get }),
  };
}
