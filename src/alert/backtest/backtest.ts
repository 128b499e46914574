import { setImmediate } from "node:timers/promises";
import type { AlertRecord, DeliveryRecord } from "../../events/alert-records.ts";
import { Fault } from "../../lib/fault.ts";
import type { Backtest } from "../desk.ts";
import { type AlertEngine, createAlertEngine } from "../engine/engine.ts";
import type { Watch } from "../watch.ts";
import type { BacktestDeps } from "./backtest-deps.ts";
import { backtestNotes } from "./backtest-notes.ts";
import { createMetricPoints } from "./metric-points.ts";
import type { Past } from "./past-documents.ts";
import { createPastSearch } from "./past-search.ts";
import { scheduleSteps } from "./schedule-steps.ts";
import type { BacktestStep } from "./step.ts";
import { streamSteps } from "./stream-steps.ts";
import { triedWatch } from "./tried-watch.ts";

/** How far it has come. */
export type BacktestProgress = { atMs: number; checks: number; alerts: number };

const METRIC_PARTS = 300;
/** More would be no answer to a question about a rule. */
const MOST_ALERTS = 2_000;
/** So long the thread is held at a time, microseconds: events of nodes are stamped in it, too. */
const SLICE_US = 4_000;
const PROGRESS_EVERY_US = 500_000;

/**
 * What a watch would have said of the stored past: the very engine that judges it live, fed with stored documents and
 * their time. Rejects with `backtest_span`, with what a search of documents rejects with, or the signal's reason; a
 * search of the watch itself that fails is a failed check.
 */
export async function backtest(
  asked: {
    watch: Watch;
    fromMs: number;
    untilMs: number;
    onProgress?: ((progress: BacktestProgress) => void) | undefined;
    signal: AbortSignal;
  },
  deps: BacktestDeps,
): Promise<Backtest> {
  const { fromMs, onProgress, signal } = asked;
  const { store, chain, nodes, datasets, clock, limits } = deps;
  const untilMs = Math.min(asked.untilMs, clock.nowUs() / 1000);
  if (untilMs <= fromMs) throw new Fault("backtest_span", "The span of a back-test must begin in the past.");
  const past: Past = { store, network: chain.network, signal };
  const metric = createMetricPoints({ fromMs, untilMs, parts: METRIC_PARTS });
  const { watch, tried } = triedWatch(asked.watch, metric);
  const searching = createPastSearch(past, datasets);
  const alerts = new Map<string, AlertRecord>();
  const messages: DeliveryRecord[] = [];
  let atMs = fromMs;
  let droppedAlerts = 0;
  const unjudged = { checks: 0, reason: undefined as string | undefined };

  const engine = createAlertEngine({
    chain,
    nodes,
    datasets,
    ports: {
      search: searching.search,
      fetch: () => Promise.reject(new Fault("http_not_backtested", "A back-test asks nobody over HTTP.")),
    },
    decide(decision) {
      for (const alert of decision.alerts) {
        if (alerts.has(alert.id) || alerts.size < MOST_ALERTS) alerts.set(alert.id, alert);
        else droppedAlerts += 1;
      }
      if (watch.alert === undefined) messages.push(...decision.deliveries.slice(0, MOST_ALERTS - messages.length));
    },
    nowMs: () => atMs,
    signal,
  });
  engine.set(watch, { active: true, version: 1 });

  const steps = stepsOf({ watch, past, fromMs, untilMs, deps });
  const startedUs = clock.monoUs();
  const isOver = () => clock.monoUs() - startedUs >= limits.tookMs * 1000;
  let sliceUs = startedUs;
  let toldUs = startedUs;
  let isStopped = false;
  for await (const step of steps.run(engine)) {
    // Steps come in the order of time: what one moment has is taken as a whole.
    atMs = Math.max(atMs, step.atMs);
    const before = tried.checks;
    step.take(engine);
    if (engine.running() > 0) await engine.idle();
    noteUnjudged(tried.checks - before);
    const nowUs = clock.monoUs();
    if (nowUs - toldUs >= PROGRESS_EVERY_US) {
      toldUs = nowUs;
      onProgress?.({ atMs, checks: tried.checks, alerts: alerts.size });
    }
    if (nowUs - sliceUs < SLICE_US) continue;
    await setImmediate();
    signal.throwIfAborted();
    sliceUs = clock.monoUs();
    if (!isOver()) continue;
    isStopped = true;
    break;
  }
  signal.throwIfAborted();
  if (!isStopped) atMs = untilMs;
  engine.advance();
  await engine.idle();
  for (const alert of engine.book.open()) if (alerts.has(alert.id)) alerts.set(alert.id, alert);

  return {
    from_ms: fromMs,
    until_ms: atMs,
    checks: tried.checks,
    failures: tried.failures,
    failure: tried.failure ?? null,
    alerts: [...alerts.values()].sort((a, b) => a.since_ms - b.since_ms).map(told),
    metric: metricView(),
    notes: await backtestNotes({
      ...{ watch, past, datasets, fromMs, untilMs },
      replaced: searching.replaced(),
      everyMoment: steps.every,
      stoppedMs: isStopped ? atMs : undefined,
      limits,
      unjudged,
      droppedAlerts,
    }),
  };

  function noteUnjudged(checks: number): void {
    const reason = engine.get(watch.id)?.cannotJudge;
    if (checks === 0 || reason === undefined) return;
    unjudged.checks += checks;
    unjudged.reason ??= reason;
  }

  function told({ rule, about, severity, title, slot, nodes: of, since_ms, until_ms, met, told: own }: AlertRecord) {
    const until = until_ms ?? Number.POSITIVE_INFINITY;
    // Messages of a plain watch belong to executions, not to its alert.
    const executions = messages
      .filter(({ decided_ms }) => decided_ms >= since_ms && decided_ms <= until)
      .map(({ action, decided_ms, status }) => ({ action, stage: "new" as const, at_ms: decided_ms, status }));
    // Nothing is sent: what is told here has no delivery.
    const said = watch.alert === undefined ? executions : own.map(({ delivery: _, ...one }) => one);
    return { rule, about, severity, title, slot, nodes: of, since_ms, until_ms, met, told: said };
  }

  function metricView(): Backtest["metric"] {
    const figure = watch.alert?.metric;
    return figure === undefined ? null : { title: figure.title, unit: figure.unit, points: metric.points() };
  }
}

type Steps = {
  run(engine: AlertEngine): AsyncIterable<BacktestStep>;
  /** Of a schedule: every so manieth moment is checked. */
  every: number;
};

function stepsOf(asked: { watch: Watch; past: Past; fromMs: number; untilMs: number; deps: BacktestDeps }): Steps {
  const { watch, deps, ...more } = asked;
  const { trigger, alert } = watch;
  if (trigger.kind === "schedule") return scheduleSteps({ ...more, deps, trigger, needs: alert });
  return { every: 1, run: (engine) => streamSteps({ ...more, deps, watch, trigger, engine }) };
}
