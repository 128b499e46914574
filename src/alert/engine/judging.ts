import type { Document } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { messageOf } from "../../lib/fault.ts";
import type { AlertBook, AlertChange } from "../alerts/alert-book.ts";
import type { DataQuality } from "../alerts/data-quality.ts";
import type { WatchContext, WatchTriggerEvent } from "../context.ts";
import type { WatchCheck, WatchPorts } from "../watch.ts";
import { type CarriedOut, type CarryingOut, carryOutChanges, carryOutPlain } from "./carry-out.ts";
import type { Decision } from "./decisions.ts";
import { foundBy, lifeOf, notMetBy } from "./findings.ts";
import { type ActionResult, type ExecutionState, historyDocument } from "./history-record.ts";
import { type KeptWatch, stateDocument } from "./kept-watch.ts";
import { andThen } from "./lanes.ts";
import type { MetricBook } from "./metric-book.ts";

/** What triggered a check, and with what it begins. */
export type Asked = {
  trigger: WatchTriggerEvent;
  payload: JsonObject;
  /** Of a stream: its window, and what tells the document from every other. */
  last?: WatchContext["vars"]["last"] | undefined;
  document?: string | undefined;
};

/** Checks a watch, and turns what it found into alerts and messages. */
export type Judging = {
  /** Never throws or rejects: what goes wrong is a failure in the watch's history. */
  check(kept: KeptWatch, asked: Asked): void | Promise<void>;
  /** Why it cannot be judged now; undefined where it can. */
  lacking(kept: KeptWatch): string | undefined;
  /** Carries out what began or ended by time alone. */
  tell(kept: KeptWatch, changes: readonly AlertChange[]): void | Promise<void>;
};

export type JudgingDeps = {
  book: AlertBook;
  /** So long an alert of the watch goes on when its condition is not met. */
  lastsMs(kept: KeptWatch): number;
  quality: DataQuality;
  metrics: MetricBook;
  ports: Pick<WatchPorts, "search" | "fetch">;
  routed: CarryingOut["routed"];
  silencedBy(alert: AlertChange["alert"], nowMs: number): string | undefined;
  /** A watch that was changed or taken away meanwhile says nothing any more. */
  isKept(kept: KeptWatch): boolean;
  decide(decision: Decision): void;
  nowMs(): number;
  signal: AbortSignal;
};

type Run = { kept: KeptWatch; ctx: WatchContext; document: string | undefined; startedMs: number };

export function createJudging(deps: JudgingDeps): Judging {
  const { book, lastsMs, quality, metrics, ports, isKept, decide, nowMs, signal } = deps;

  const carryingOut = (kept: KeptWatch): CarryingOut => {
    const atMs = nowMs();
    return {
      kept,
      book,
      metrics,
      ports: { ...ports, nowMs: atMs, signal },
      nowMs: atMs,
      lastsMs: lastsMs(kept),
      routed: deps.routed,
      silencedBy: (alert) => deps.silencedBy(alert, atMs),
    };
  };

  const conclude = (run: Run, told: WatchCheck): void | Promise<void> => {
    const { kept, ctx, document, startedMs } = run;
    const { watch } = kept;
    if (!kept.active || !isKept(kept)) return;
    if (told.error !== undefined) return noteFailure(run, told);
    kept.failure = undefined;
    if (told.met) kept.lastMetMs = startedMs;
    const lacking = lackingFor(kept);
    if (lacking !== undefined) return noteUnjudged(run, { told, reason: lacking });
    kept.cannotJudge = undefined;
    const found = foundBy(watch, told, ctx);
    const notMet = notMetBy(watch, told, ctx);
    noteMetrics(run, { told, found });
    const changes = book.judge({ rule: lifeOf(watch), found, notMet, document, nowMs: nowMs() });
    const carrying = carryingOut(kept);
    const isPlainMet = watch.alert === undefined && told.met;
    const acksEnded = watch.alert === undefined && !told.met && kept.statuses.notMet(carrying.nowMs);
    const done = isPlainMet
      ? carryOutPlain({ ctx: { ...ctx, payload: told.payload }, change: changes.at(-1) }, carrying)
      : carryOutChanges(changes, carrying);
    return andThen(done, (carried) => finish(run, { told, carried, changes, acksEnded }));
  };

  const lackingFor = ({ watch: { alert } }: KeptWatch): string | undefined =>
    alert === undefined || (alert.needsNodes === 0 && !alert.needsClock)
      ? undefined
      : quality.lacking({ nodes: alert.needsNodes, clock: alert.needsClock });

  /** The figure is of interest before and after the alert, too. */
  const noteMetrics = (
    { kept: { watch }, ctx, startedMs }: Run,
    { told, found }: { told: WatchCheck; found: readonly { about: string; ctx: WatchContext }[] },
  ): void => {
    if (watch.alert?.metric === undefined) return;
    const { alert } = watch;
    const all =
      found.length > 0
        ? found
        : alert.each({ ...ctx, payload: told.payload }).map((one) => ({ about: alert.about(one), ctx: one }));
    for (const { about, ctx: seen } of all) metrics.note(watch, { about, ctx: seen, nowMs: startedMs });
  };

  const noteFailure = (run: Run, told: WatchCheck): void => {
    const { kept, startedMs } = run;
    const reason = told.error?.reason ?? "";
    // What fails with every check is news once, and now and then that it still does.
    const isOld = kept.failure === reason && startedMs - kept.failureToldMs < FAILURE_AGAIN_MS;
    if (isOld || signal.aborted) return;
    kept.failure = reason;
    kept.failureToldMs = startedMs;
    decide({ ...NOTHING, documents: [history(run, { told, state: "failed", reason })] });
  };

  const noteUnjudged = (run: Run, { told, reason }: { told: WatchCheck; reason: string }): void => {
    const { kept } = run;
    const isNew = kept.cannotJudge !== reason;
    kept.cannotJudge = reason;
    if (!told.met || !isNew) return;
    const documents = [history(run, { told, state: "cannot_judge", reason }), stateDocument(kept, nowMs())];
    decide({ ...NOTHING, documents });
  };

  const finish = (
    run: Run,
    end: { told: WatchCheck; carried: CarriedOut; changes: readonly AlertChange[]; acksEnded: boolean },
  ): void => {
    const { told, carried, changes, acksEnded } = end;
    const { decision, actions } = carried;
    // Most checks find nothing new: only what is written is made a document.
    const state = () => stateDocument(run.kept, nowMs());
    if (actions.length === 0 && changes.every(({ kind }) => kind === "again")) {
      const documents = acksEnded ? [...decision.documents, state()] : decision.documents;
      if (documents.length > 0) decide({ ...decision, documents });
      return;
    }
    const document = history(run, {
      told,
      state: stateOf(actions),
      reason: actions.find(({ status }) => status === "failure")?.reason,
      actions,
      alerts: changes.map(({ alert }) => alert.id),
      slot: changes[0]?.alert.slot ?? undefined,
    });
    decide({ ...decision, documents: [...decision.documents, document, state()] });
  };

  const history = (
    { kept, ctx, startedMs }: Run,
    more: {
      told: WatchCheck;
      state: ExecutionState;
      reason?: string | undefined;
      actions?: readonly ActionResult[];
      alerts?: readonly string[];
      slot?: number | undefined;
    },
  ): Document => {
    const { told, state, reason, actions = [], alerts = [], slot } = more;
    const tookMs = Math.max(0, nowMs() - startedMs);
    const execution = { watch: kept.watch, ctx, check: told, state, actions, startedMs, tookMs };
    return historyDocument(execution, { alerts, slot, reason });
  };

  const failed = ({ ctx }: Run, error: unknown): WatchCheck => ({
    met: false,
    payload: ctx.payload,
    result: {},
    error: { type: "watch_execution_exception", reason: messageOf(error) },
  });

  return {
    lacking: lackingFor,
    check(kept, asked) {
      const startedMs = nowMs();
      kept.checks += 1;
      kept.lastCheckedMs = startedMs;
      const run: Run = { kept, ctx: contextOf(kept, asked, startedMs), document: asked.document, startedMs };
      const caught = (error: unknown) => noteFailure(run, failed(run, error));
      try {
        const told = kept.watch.check(run.ctx, { ...ports, nowMs: startedMs, signal });
        const done = andThen(told, (one) => conclude(run, one));
        return done instanceof Promise ? done.catch(caught) : done;
      } catch (error) {
        return caught(error);
      }
    },
    tell(kept, changes) {
      return andThen(carryOutChanges(changes, carryingOut(kept)), ({ decision }) => {
        if (decision.documents.length > 0) decide(decision);
      });
    },
  };
}

const FAILURE_AGAIN_MS = 5 * 60_000;
const NOTHING: Decision = { documents: [], deliveries: [], alerts: [] };

export function contextOf(
  { watch }: Pick<KeptWatch, "watch">,
  { trigger, payload, last }: Asked,
  startedMs: number,
): WatchContext {
  return {
    watch_id: watch.id,
    id: `${watch.id}_${Math.round(startedMs)}`,
    execution_time: new Date(startedMs).toISOString(),
    trigger,
    metadata: watch.metadata,
    vars: last === undefined ? {} : { last },
    payload,
  };
}

function stateOf(actions: readonly ActionResult[]): ExecutionState {
  if (actions.some(({ status }) => status === "success")) return "executed";
  if (actions.some(({ status }) => status === "failure")) return "failed";
  if (actions.some(({ status }) => status === "acknowledged")) return "acknowledged";
  return actions.some(({ status }) => status === "throttled") ? "throttled" : "executed";
}
