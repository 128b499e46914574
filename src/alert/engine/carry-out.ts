import type { AlertRecord, DeliveryRecord } from "../../events/alert-records.ts";
import type { AlertBook, AlertChange } from "../alerts/alert-book.ts";
import type { WatchContext } from "../context.ts";
import type { WatchPorts } from "../watch.ts";
import {
  alertDocument,
  type Decision,
  type Due,
  deliveriesOf,
  deliveryDocument,
  dueActions,
  MOST_TOLD,
  type Prepared,
  type Preparing,
  type TellingAction,
  toldOf,
  withAlert,
} from "./decisions.ts";
import type { ActionResult } from "./history-record.ts";
import { type KeptWatch, nextExecution } from "./kept-watch.ts";
import { andThen, whenAll } from "./lanes.ts";
import type { MetricBook } from "./metric-book.ts";
import { ownAction } from "./telling-actions.ts";

/** What carrying out came to, for history and `_execute`. */
export type CarriedOut = { decision: Decision; actions: readonly ActionResult[] };

export type CarryingOut = {
  kept: KeptWatch;
  book: AlertBook;
  metrics: MetricBook;
  ports: WatchPorts;
  nowMs: number;
  /** So long an alert of the watch goes on when its condition is not met. */
  lastsMs: number;
  /** Further actions for an alert: the configuration's routes. */
  routed(alert: AlertRecord): readonly TellingAction[];
  /** Why nobody is to be told of it; undefined where nothing silences it. */
  silencedBy(alert: AlertRecord): string | undefined;
};

/** One action of an execution, rendered. */
type Rendered = { due: Due; rendered: Prepared };

/** An alert's change with what its actions came to; of a plain watch that merely goes on there may be no change. */
type Task = { change: AlertChange | undefined; rendered: readonly Rendered[] };

/**
 * Renders the actions that the changes of a watch's alerts call for. Synchronous where no action searches, so that what
 * a document's check decides is decided before the next document.
 */
export function carryOutChanges(changes: readonly AlertChange[], run: CarryingOut): CarriedOut | Promise<CarriedOut> {
  const { kept, ports, nowMs, routed, metrics } = run;
  const { watch } = kept;
  const tasks = changes.map((change): Task | Promise<Task> => {
    const { alert, ctx } = change;
    const due = dueActions({
      change,
      actions: [...watch.actions.map(ownAction), ...routed(alert)],
      throttlePeriodMs: watch.throttlePeriodMs,
      tellOver: watch.alert?.tellOver ?? false,
      nowMs,
    });
    const base = ctx ?? emptyContext(watch.id, nowMs);
    const metric = metrics.series(watch, { about: alert.about, sinceMs: alert.since_ms });
    const { told: _, ...now } = alert;
    const all = due.map((one) => {
      const seen = withAlert(base, { alert, stage: one.stage, nowMs });
      return render(one, { ctx: seen, ports, alert: now, stage: one.stage, decidedMs: nowMs, metric });
    });
    return whenAll(all, (rendered) => ({ change, rendered }));
  });
  return whenAll(tasks, (done) => conclude(done, run));
}

/** The same for a plain watch whose condition is met: those of its actions that are not held back. */
export function carryOutPlain(
  { ctx, change }: { ctx: WatchContext; change: AlertChange | undefined },
  run: CarryingOut,
): CarriedOut | Promise<CarriedOut> {
  const { kept, ports, nowMs } = run;
  const held: ActionResult[] = [];
  const due: Due[] = [];
  for (const action of kept.watch.actions.map(ownAction)) {
    const why = kept.statuses.held(action.id, nowMs);
    if (why === undefined) due.push({ action, stage: change?.kind === "new" ? "new" : "repeat" });
    else held.push({ id: action.id, type: action.kind, status: why.state, reason: why.reason });
  }
  const beside = { ports, alert: undefined, decidedMs: nowMs, metric: undefined };
  const rendering = due.map((one) => render(one, { ctx, stage: one.stage, ...beside }));
  return whenAll(rendering, (rendered) => {
    const done = conclude([{ change, rendered }], run);
    for (const { due: one, rendered: how } of rendered) {
      if (how.kind === "contents") kept.statuses.executed(one.action.id, { nowMs });
      if (how.kind === "failed") kept.statuses.executed(one.action.id, { nowMs, reason: how.reason });
    }
    return { decision: done.decision, actions: [...done.actions, ...held] };
  });
}

function render(due: Due, asked: Preparing): Rendered | Promise<Rendered> {
  return andThen(due.action.prepare(asked), (rendered) => ({ due, rendered }));
}

function conclude(tasks: readonly Task[], run: CarryingOut): CarriedOut {
  const { kept, book } = run;
  const deliveries: DeliveryRecord[] = [];
  const alerts: AlertRecord[] = [];
  for (const { change, rendered } of tasks) {
    const records = recordsOf({ change, rendered }, run);
    deliveries.push(...records);
    if (change === undefined) continue;
    const { alert, kind } = change;
    const add = (one: AlertRecord): AlertRecord => ({
      ...one,
      told: [...one.told, ...records.map(toldOf)].slice(-MOST_TOLD),
    });
    const now = records.length === 0 ? alert : (book.update(alert.id, add) ?? add(alert));
    if (kind === "again" && records.length === 0 && !isStale(now, run)) continue;
    alerts.push(now);
    if (kind === "over") kept.writtenMs.delete(now.id);
    else kept.writtenMs.set(now.id, run.nowMs);
  }
  return {
    decision: {
      documents: [...alerts.map(alertDocument), ...deliveries.map(deliveryDocument)],
      deliveries: deliveries.filter(({ status }) => status === "pending"),
      alerts,
    },
    actions: tasks.flatMap(({ rendered }) => rendered.map(resultOf)),
  };

  function recordsOf({ change, rendered }: Task, carrying: CarryingOut): DeliveryRecord[] {
    const { nowMs, silencedBy } = carrying;
    const isPlain = kept.watch.alert === undefined;
    const alert = change?.alert;
    const silenced = alert === undefined ? undefined : silencedBy(alert);
    const records: DeliveryRecord[] = [];
    for (const { due, rendered: how } of rendered) {
      if (how.kind !== "contents") continue;
      records.push(
        ...deliveriesOf({
          watch: kept.watch.id,
          due,
          contents: how.contents,
          // A plain watch's messages are no thread about an alert: each execution has its own.
          alert: isPlain ? undefined : alert,
          silenced,
          nextNumber: () => nextExecution(kept),
          nowMs,
        }),
      );
    }
    return records;
  }
}

/** What merely goes on changes with every check: it is written so often that a restart knows how it stood. */
const WRITTEN_AGAIN_MS = 30_000;

function isStale({ id }: AlertRecord, { kept, nowMs, lastsMs }: CarryingOut): boolean {
  return nowMs - (kept.writtenMs.get(id) ?? 0) >= Math.min(WRITTEN_AGAIN_MS, lastsMs / 4);
}

function resultOf({ due: { action }, rendered }: Rendered): ActionResult {
  const { id, kind: type } = action;
  if (rendered.kind === "failed") return { id, type, status: "failure", reason: rendered.reason };
  if (rendered.kind === "condition_not_met") return { id, type, status: "condition_failed" };
  return { id, type, status: "success", content: rendered.contents.map(({ action }) => action) };
}

/** After a restart nothing is known of the check that began an alert. */
function emptyContext(watchId: string, nowMs: number): WatchContext {
  const now = new Date(nowMs).toISOString();
  return {
    watch_id: watchId,
    id: `${watchId}_${Math.round(nowMs)}`,
    execution_time: now,
    trigger: { triggered_time: now, scheduled_time: now },
    metadata: {},
    vars: {},
    payload: {},
  };
}
