import { type WatchStateRecord, watchStateDataset } from "../../events/alert-records.ts";
import type { Document } from "../../events/document.ts";
import { documentOf } from "../../events/record.ts";
import type { Watch } from "../watch.ts";
import { type ActionStatuses, createActionStatuses } from "./action-statuses.ts";
import { createStreamWindow, type StreamWindow } from "./stream-window.ts";

/** A watch with all that is known of it. Moments are Unix milliseconds. */
export type KeptWatch = {
  watch: Watch;
  active: boolean;
  version: number;
  /** When it was put or its state was set. */
  changedMs: number;
  statuses: ActionStatuses;
  /** Of a stream trigger that keeps the newest documents. */
  window: StreamWindow | undefined;
  /** Of a schedule. */
  nextMs: number | undefined;
  lastCheckedMs: number | undefined;
  lastMetMs: number | undefined;
  /** Why it could not be judged, or failed, when last checked. */
  cannotJudge: string | undefined;
  failure: string | undefined;
  checks: number;
  /** A schedule's check that is under way; the next one is left out meanwhile. */
  isChecking: boolean;
  /** What could not be checked in time: the bounded line of its documents was full, or it was still being checked. */
  leftOut: number;
  /** Numbers what is sent, within one millisecond, too. */
  executions: number;
  /** When each open alert was last written. */
  writtenMs: Map<string, number>;
  /** When the failure was last told. */
  failureToldMs: number;
};

export function nextExecution(kept: Pick<KeptWatch, "executions">): number {
  kept.executions += 1;
  return kept.executions;
}

export function keepWatch(input: {
  watch: Watch;
  active: boolean;
  version: number;
  state: WatchStateRecord | undefined;
  /** The window goes on where the trigger is what it was. */
  before?: KeptWatch | undefined;
  nowMs: number;
}): KeptWatch {
  const { watch, active, version, state, before, nowMs } = input;
  const { trigger } = watch;
  const isSameTrigger = before !== undefined && hasSameTrigger(before.watch, watch);
  return {
    watch,
    active,
    version,
    changedMs: nowMs,
    statuses: createActionStatuses(watch, nowMs, state?.actions),
    window: isSameTrigger
      ? before.window
      : trigger.kind === "stream" && trigger.last > 0
        ? createStreamWindow(trigger.last)
        : undefined,
    nextMs: trigger.kind === "schedule" ? trigger.nextMs(nowMs) : undefined,
    lastCheckedMs: state?.last_checked_ms ?? undefined,
    lastMetMs: state?.last_met_ms ?? undefined,
    cannotJudge: state?.cannot_judge ?? undefined,
    failure: undefined,
    checks: 0,
    isChecking: false,
    leftOut: 0,
    executions: 0,
    writtenMs: new Map(),
    failureToldMs: 0,
  };
}

export function hasSameTrigger(a: Watch, b: Watch): boolean {
  return JSON.stringify(a.source["trigger"]) === JSON.stringify(b.source["trigger"]);
}

/** What has to be remembered of it. */
export function stateOf({
  watch,
  active,
  version,
  lastCheckedMs,
  lastMetMs,
  cannotJudge,
  statuses,
}: KeptWatch): WatchStateRecord {
  return {
    watch: watch.id,
    active,
    version,
    last_checked_ms: lastCheckedMs ?? null,
    last_met_ms: lastMetMs ?? null,
    cannot_judge: cannotJudge ?? null,
    actions: statuses.view(),
  };
}

export function stateDocument(kept: KeptWatch, nowMs: number): Document {
  const timestampUs = Math.round(nowMs * 1000);
  return documentOf({ dataset: watchStateDataset, record: stateOf(kept), timestampUs, id: kept.watch.id });
}
