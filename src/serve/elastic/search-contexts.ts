import { randomBytes } from "node:crypto";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { illegalArgument, refusal } from "../../events/refusal.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Fault } from "../../lib/fault.ts";

/** A view of these indices as they were when `maxSeq` was the newest document. */
export type PointInTime = { kind: "pit"; indices: readonly string[]; maxSeq: number };

/** A search that is read page by page. */
export type Scroll = {
  kind: "scroll";
  indices: readonly string[];
  maxSeq: number;
  body: JsonObject;
  /** Sort values of the last hit so far. */
  after: Json | undefined;
  total: Json | undefined;
  isSorted: boolean;
};

export type SearchContexts = {
  /** Opens one and answers its id; 429 when too many are open. */
  open(context: PointInTime | Scroll, keepAliveMs: number): string;
  /** The open one, which lives on for `keepAliveMs` from now; 404 when it has expired or was closed, 400 for no id of ours. */
  use<Kind extends "pit" | "scroll">(
    kind: Kind,
    id: string,
    keepAliveMs?: number,
  ): Extract<PointInTime | Scroll, { kind: Kind }>;
  /** How many of these were open; 400 for no ids of ours. */
  close(kind: "pit" | "scroll", ids: readonly string[]): number;
  closeAll(kind: "pit" | "scroll"): number;
};

const MAX_KEEP_ALIVE_MS = 86_400_000;

type Entry = { context: PointInTime | Scroll; keepAliveMs: number; expiresUs: number };

/** Points in time and scrolls: few, and forgotten when nobody used them in time. An id holds its `_seq`. */
export function createSearchContexts(deps: { clock: Clock; limit: number }): SearchContexts {
  const { clock, limit } = deps;
  const entries = new Map<string, Entry>();
  const forget = () => {
    for (const [id, { expiresUs }] of entries) if (expiresUs <= clock.monoUs()) entries.delete(id);
  };
  const live = (keepAliveMs: number) => {
    if (keepAliveMs <= MAX_KEEP_ALIVE_MS) return clock.monoUs() + keepAliveMs * 1000;
    throw illegalArgument(`Keep alive for request (${keepAliveMs}ms) is too large. It must be less than (1d).`);
  };
  return {
    open(context, keepAliveMs) {
      const expiresUs = live(keepAliveMs);
      forget();
      if (entries.size >= limit) throw tooMany(limit);
      const id = Buffer.from(JSON.stringify([context.kind, context.maxSeq, randomBytes(12).toString("hex")])).toString(
        "base64url",
      );
      entries.set(id, { context, keepAliveMs, expiresUs });
      return id;
    },
    use(kind, id, keepAliveMs) {
      checkId(kind, id);
      forget();
      const entry = entries.get(id);
      if (entry === undefined || entry.context.kind !== kind) throw missing(id);
      entry.keepAliveMs = keepAliveMs ?? entry.keepAliveMs;
      entry.expiresUs = live(entry.keepAliveMs);
      return entry.context as Extract<PointInTime | Scroll, { kind: typeof kind }>;
    },
    close(kind, ids) {
      for (const id of ids) checkId(kind, id);
      forget();
      return ids.filter((id) => entries.get(id)?.context.kind === kind && entries.delete(id)).length;
    },
    closeAll(kind) {
      forget();
      const ids = [...entries].filter(([, { context }]) => context.kind === kind).map(([id]) => id);
      return ids.filter((id) => entries.delete(id)).length;
    },
  };
}

function checkId(kind: "pit" | "scroll", id: string): void {
  try {
    const told = JSON.parse(Buffer.from(id, "base64url").toString("utf8")) as unknown;
    if (Array.isArray(told) && told[0] === kind && typeof told[1] === "number") return;
  } catch {
    // It is no id of ours, as it is when it can be read and says something else.
  }
  throw illegalArgument(kind === "scroll" ? "Cannot parse scroll id" : `invalid id: [${id.slice(0, 200)}]`);
}

function missing(id: string): Fault {
  const cause = { type: "search_context_missing_exception", reason: `No search context found for id [${id}]` };
  return refusal({
    type: "search_phase_execution_exception",
    reason: "all shards failed",
    status: 404,
    more: {
      phase: "query",
      grouped: true,
      failed_shards: [{ shard: -1, index: null, reason: cause }],
    },
    causedBy: cause,
  });
}

function tooMany(limit: number): Fault {
  return refusal({
    type: "too_many_scroll_contexts_exception",
    reason: `Trying to create too many scroll contexts. Must be less than or equal to: [${limit}].`,
    status: 429,
  });
}
