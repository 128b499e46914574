import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isFault } from "../../lib/fault.ts";
import type { SearchResponse } from "../../search/request.ts";
import type { WatchContext } from "../context.ts";
import type { HttpAsked, WatchPorts } from "../watch.ts";

export const RIG_NOW_MS = Date.parse("2026-11-28T10:00:00.000Z");

/** A context of the rig's moment. */
export function rigContext(payload: Json = {}, more: Partial<WatchContext> = {}): WatchContext {
  const at = new Date(RIG_NOW_MS).toISOString();
  return {
    watch_id: "w",
    id: "w_1",
    execution_time: at,
    trigger: { triggered_time: at, scheduled_time: at },
    metadata: {},
    vars: {},
    payload,
    ...more,
  };
}

type SearchAsked = Parameters<WatchPorts["search"]>[0];
type Answers = {
  search?: (asked: SearchAsked) => Promise<SearchResponse>;
  fetch?: (asked: HttpAsked) => ReturnType<WatchPorts["fetch"]>;
};

export type RigPorts = WatchPorts & { searched: SearchAsked[]; fetched: HttpAsked[] };

/** Ports that keep what was asked of them; what no answer is given for fails. */
export function rigPorts({ search, fetch }: Answers = {}): RigPorts {
  const searched: SearchAsked[] = [];
  const fetched: HttpAsked[] = [];
  return {
    searched,
    fetched,
    nowMs: RIG_NOW_MS,
    signal: new AbortController().signal,
    search(asked) {
      searched.push(asked);
      return search?.(asked) ?? Promise.reject(new Error("no search is answered"));
    },
    fetch(asked) {
      fetched.push(asked);
      return fetch?.(asked) ?? Promise.reject(new Error("no request is answered"));
    },
  };
}

/** A search's answer with these documents. */
export function rigResponse(sources: readonly JsonObject[], total = sources.length): SearchResponse {
  return {
    took: 1,
    timed_out: false,
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
    hits: {
      total: { value: total, relation: "eq" },
      max_score: null,
      hits: sources.map((source, index) => ({ _index: "logs", _id: String(index), _score: null, _source: source })),
    },
  };
}

/** The details of the refusal that reading something throws. */
export function refusalOf(read: () => unknown): Readonly<Record<string, unknown>> {
  try {
    read();
  } catch (error) {
    if (isFault(error, "watch_invalid")) return error.details;
    throw error;
  }
  throw new Error("it was not refused");
}
