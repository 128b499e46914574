import type { Json } from "../events/document.ts";
import type { JsonObject } from "../events/foreign.ts";
import type { SearchResponse } from "../search/request.ts";
import type { AlertRule } from "./alert-rule.ts";
import type { WatchContext } from "./context.ts";

/** A watch as it was put, read: Elasticsearch Watcher's JSON with our own `stream` trigger and `metadata.alert`. */
export type Watch = {
  id: string;
  /** As it was put. */
  source: JsonObject;
  trigger: WatchTrigger;
  metadata: JsonObject;
  throttlePeriodMs: number | undefined;
  actions: readonly WatchAction[];
  /** What its alerts say, from `metadata.alert`; undefined for a plain watch of Watcher. */
  alert: AlertRule | undefined;
  /** Input, then condition, then transform. Synchronous where neither a search nor HTTP is needed. Never throws. */
  check(ctx: WatchContext, ports: WatchPorts): WatchCheck | Promise<WatchCheck>;
};

export type WatchTrigger =
  | {
      kind: "schedule";
      /** The first moment after this one; undefined where there is none. Unix milliseconds. */
      nextMs(afterMs: number): number | undefined;
    }
  | {
      kind: "stream";
      dataset: string;
      /** Only documents whose source meets it are taken, into `ctx.vars.last`, too. */
      takes(source: JsonObject): boolean;
      /** How many of the newest documents stand in `ctx.vars.last`; 0: none. */
      last: number;
    };

/** What a check found; `payload` is after the watch's transform. */
export type WatchCheck = {
  met: boolean;
  payload: Json;
  /** Watcher's own `result` of input, condition and transform, for history and `_execute`. */
  result: JsonObject;
  /** Why it could not be carried out: Elasticsearch's error object. */
  error?: { type: string; reason: string } | undefined;
};

/** What inputs and transforms need. `nowMs` is what `now` means in date math. */
export type WatchPorts = {
  search(asked: { indices: readonly string[]; body: JsonObject; nowMs: number }): Promise<SearchResponse>;
  /** One HTTP request of an `http` input. */
  fetch(asked: HttpAsked): Promise<{ status: number; headers: Readonly<Record<string, string>>; text: string }>;
  nowMs: number;
  signal: AbortSignal;
};

export type HttpAsked = {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  timeoutMs: number;
};

export type ActionKind = "email" | "webhook" | "slack" | "index" | "logging";

export type WatchAction = {
  id: string;
  kind: ActionKind;
  throttlePeriodMs: number | undefined;
  /**
   * Condition, transform, `foreach`, then templates: what is to be sent, one content an element. Never throws.
   * `ports` as in a check: a transform may search.
   */
  render(ctx: WatchContext, ports: WatchPorts): RenderedAction | Promise<RenderedAction>;
};

export type RenderedAction =
  | { kind: "contents"; contents: readonly JsonObject[] }
  | { kind: "condition_not_met" }
  | { kind: "failed"; type: string; reason: string };
