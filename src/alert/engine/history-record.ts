import { type WatchHistoryRecord, watchHistoryDataset } from "../../events/alert-records.ts";
import type { Document, Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { documentOf } from "../../events/record.ts";
import type { WatchContext } from "../context.ts";
import type { Watch, WatchCheck } from "../watch.ts";
import { hideSecrets } from "../watch-secrets.ts";

/** States of an execution, in Watcher's words but for `cannot_judge`. */
export type ExecutionState =
  | "executed"
  | "execution_not_needed"
  | "throttled"
  | "acknowledged"
  | "cannot_judge"
  | "failed";

/** What an action came to: Watcher's entry of `result.actions`. */
export type ActionResult = {
  id: string;
  type: string;
  status: "success" | "failure" | "simulated" | "throttled" | "acknowledged" | "condition_failed";
  reason?: string | undefined;
  /** What was rendered. */
  content?: Json | undefined;
};

export type Execution = {
  watch: Watch;
  ctx: WatchContext;
  check: WatchCheck;
  state: ExecutionState;
  actions: readonly ActionResult[];
  startedMs: number;
  tookMs: number;
};

/** Elasticsearch's watch record, as `_execute` answers it and the history keeps it. */
export function watchRecord({ watch, ctx, check, state, actions, tookMs }: Execution): JsonObject {
  const source = hideSecrets(watch.source);
  const part = (name: string) => (source[name] === undefined ? {} : { [name]: source[name] });
  return {
    watch_id: watch.id,
    state,
    trigger_event: { type: watch.trigger.kind, ...ctx.trigger },
    ...part("input"),
    ...part("condition"),
    metadata: watch.metadata,
    result: {
      execution_time: ctx.execution_time,
      execution_duration: tookMs,
      ...check.result,
      actions: actions.map(({ id, type, status, reason, content }) => ({
        id,
        type,
        status,
        ...(reason === undefined ? {} : { reason }),
        ...(content === undefined ? {} : { [type]: hideSecrets({ content })["content"] ?? null }),
      })),
    },
    messages: check.error === undefined ? [] : [check.error.reason],
  };
}

/** Payloads may be whole answers of searches: of one that is longer its beginning is kept as text. */
const MOST_CHARACTERS = 32_768;

/** The document of an execution. `alerts` are the ids it was about. */
export function historyDocument(
  execution: Execution,
  more: { alerts: readonly string[]; slot: number | undefined; reason: string | undefined },
): Document {
  const { watch, check, state, startedMs, tookMs } = execution;
  const whole = watchRecord(execution);
  const text = JSON.stringify(whole);
  const record: WatchHistoryRecord = {
    watch: watch.id,
    state,
    met: check.met,
    slot: more.slot ?? null,
    took_ms: tookMs,
    reason: more.reason ?? check.error?.reason ?? null,
    alerts: more.alerts,
    record: text.length <= MOST_CHARACTERS ? whole : { watch_id: watch.id, state, cut: text.slice(0, MOST_CHARACTERS) },
  };
  return documentOf({ dataset: watchHistoryDataset, record, timestampUs: Math.round(startedMs * 1000) });
}
