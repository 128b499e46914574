import type { AlertRecord } from "../../events/alert-records.ts";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { AlertDesk, RuleView } from "../desk.ts";
import type { Decision } from "../engine/decisions.ts";
import { alertDocument } from "../engine/decisions.ts";
import type { AlertEngine } from "../engine/engine.ts";
import { type KeptWatch, stateOf } from "../engine/kept-watch.ts";
import type { Watch } from "../watch.ts";
import type { Execute } from "./execute.ts";
import type { RuleBook } from "./rule-book.ts";
import type { SilenceBook } from "./silence-book.ts";

/** The desk of the running rules. `isRunning` tells whether they are checked at all, as Watcher's `_stop` has it. */
export function createAlertDesk(deps: {
  engine: AlertEngine;
  rules: RuleBook;
  silences: SilenceBook;
  execute: Execute;
  backtest: AlertDesk["backtest"];
  channels: AlertDesk["channels"];
  running: { get(): boolean; set(running: boolean): void };
  decide(decision: Decision): void;
  /** Resolves when what was decided is durable and found. */
  settled(signal: AbortSignal): Promise<void>;
  nowMs(): number;
}): AlertDesk {
  const { engine, rules, silences, running, decide, settled, nowMs } = deps;
  const told = (alert: AlertRecord) => decide({ documents: [alertDocument(alert)], deliveries: [], alerts: [alert] });

  return {
    rules: () => engine.watches().map((kept) => ruleView(kept, { engine, rules })),
    rule(id) {
      const kept = rules.get(id);
      return { rule: ruleView(kept, { engine, rules }), watch: kept.watch.source, status: statusOf(kept) };
    },
    put: ({ id, watch, active }, signal) => rules.put({ id, body: watch, active }, signal),
    async remove(id, signal) {
      const { version } = await rules.remove(id, signal);
      return { version, created: false };
    },
    async setActive({ id, active }, signal) {
      const kept = rules.get(id);
      engine.set(kept.watch, { active, version: kept.version + 1, state: stateOf(kept) });
      engine.keepState(id);
      await settled(signal);
      return statusOf(rules.get(id));
    },
    async acknowledgeWatch({ id, actions }, signal) {
      const kept = rules.get(id);
      kept.statuses.acknowledge(actions, nowMs());
      if (kept.watch.alert !== undefined && actions === undefined) {
        for (const alert of engine.book.open(id)) told(engine.book.acknowledge(alert.id, nowMs()));
      }
      engine.keepState(id);
      await settled(signal);
      return statusOf(kept);
    },
    execute: deps.execute,
    stats: () => ({
      watcher_state: running.get() ? "started" : "stopped",
      watch_count: engine.watches().length,
      execution_thread_pool: { queue_size: engine.running(), max_size: engine.watches().length },
      current_watches: [],
      queued_watches: [],
      checks: engine.counts().checks,
      left_out: engine.counts().leftOut,
      alerts_dropped: engine.book.dropped(),
    }),
    async setRunning(wanted) {
      running.set(wanted);
    },
    async acknowledge(alertId, signal) {
      const alert = engine.book.acknowledge(alertId, nowMs());
      told(alert);
      await settled(signal);
      return alert;
    },
    silences: () => silences.list(nowMs()),
    silence: (asked, signal) => silences.add(asked, { nowMs: nowMs(), signal }),
    unsilence: (id, signal) => silences.remove(id, signal),
    backtest: deps.backtest,
    channels: deps.channels,
  };
}

function ruleView(kept: KeptWatch, { engine, rules }: { engine: AlertEngine; rules: RuleBook }): RuleView {
  const { watch, active, version, lastCheckedMs, lastMetMs, cannotJudge, failure } = kept;
  const { id, metadata, alert, actions } = watch;
  const text = (key: string, otherwise: string) => {
    const value = metadata[key];
    return typeof value === "string" ? value : otherwise;
  };
  return {
    id,
    title: text("name", id),
    description: text("description", ""),
    scope: alert?.scope ?? null,
    severity: leastSeverity(metadata),
    origin: rules.originOf(id),
    active,
    trigger: triggerView(watch),
    actions: actions.map((action) => ({ id: action.id, kind: action.kind })),
    version,
    last_checked_ms: lastCheckedMs ?? null,
    last_met_ms: lastMetMs ?? null,
    cannot_judge: cannotJudge ?? failure ?? null,
    open_alerts: engine.book.open(id).length,
  };
}

/** `metadata.alert.severity` is one, or steps of which the last is the least; a plain watch has none. */
function leastSeverity({ alert }: JsonObject): RuleView["severity"] {
  if (typeof alert !== "object" || alert === null || Array.isArray(alert)) return null;
  const severity = (alert as JsonObject)["severity"];
  const steps = Array.isArray(severity) ? (severity as readonly Json[]) : [];
  const last = steps.at(-1);
  const least =
    typeof last === "object" && last !== null && !Array.isArray(last) ? (last as JsonObject)["severity"] : severity;
  return typeof least === "string" ? (least as RuleView["severity"]) : null;
}

function triggerView({ trigger, source }: Watch): RuleView["trigger"] {
  if (trigger.kind === "stream") return { kind: "stream", words: `each new document of ${trigger.dataset}` };
  const { schedule } = source["trigger"] as { schedule?: JsonObject };
  const [[kind, value] = ["schedule", ""]] = Object.entries(schedule ?? {});
  const words = typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
  return { kind: "schedule", words: kind === "interval" ? `every ${words}` : `${kind} ${words}` };
}

/** Elasticsearch's `status` of a watch. */
function statusOf(kept: KeptWatch): JsonObject {
  const { active, version, lastCheckedMs, lastMetMs, statuses, changedMs } = kept;
  const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  const checked = iso(lastCheckedMs);
  const met = iso(lastMetMs);
  return {
    state: { active, timestamp: new Date(changedMs).toISOString() },
    ...(checked === undefined ? {} : { last_checked: checked }),
    ...(met === undefined ? {} : { last_met_condition: met }),
    actions: statuses.view(),
    version,
  };
}
