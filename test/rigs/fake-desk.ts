import type { AlertDesk, Backtest, ExecuteAsked, RuleView, Silence } from "../../src/alert/desk.ts";
import type { AlertRecord } from "../../src/events/alert-records.ts";
import type { JsonObject } from "../../src/events/foreign.ts";
import { Fault } from "../../src/lib/fault.ts";

type Kept = { watch: JsonObject; version: number; active: boolean; acked: Set<string> };

export type FakeDesk = AlertDesk & {
  /** What was asked of it beside reading, in order. */
  asked: unknown[];
  /** Alerts that can be acknowledged. */
  alerts: Map<string, AlertRecord>;
  /** As it was made. */
  reset(): void;
};

/** Rules in memory that check nothing: what routes ask of running rules, and how they tell what is refused. */
export function createFakeDesk(options: {
  nowMs: () => number;
  shipped?: Readonly<Record<string, JsonObject>>;
}): FakeDesk {
  const { nowMs, shipped = {} } = options;
  const kept = new Map<string, Kept>();
  const silences = new Map<string, Silence>();
  const alerts = new Map<string, AlertRecord>();
  const asked: unknown[] = [];
  let running = true;
  const reset = (): void => {
    kept.clear();
    silences.clear();
    asked.length = 0;
    running = true;
    for (const [id, watch] of Object.entries(shipped)) {
      kept.set(id, { watch, version: 1, active: true, acked: new Set() });
    }
  };
  reset();

  const known = (id: string): Kept => {
    const found = kept.get(id);
    if (found !== undefined) return found;
    throw new Fault("watch_unknown", `There is no watch ${id}.`);
  };
  const actionsOf = ({ watch }: Kept) => Object.entries((watch["actions"] ?? {}) as Record<string, JsonObject>);
  const statusOf = (one: Kept): JsonObject => ({
    version: one.version,
    state: { active: one.active, timestamp: new Date(nowMs()).toISOString() },
    actions: Object.fromEntries(
      actionsOf(one).map(([id]) => [id, { ack: { state: one.acked.has(id) ? "acked" : "ackable" } }]),
    ),
  });
  const view = (id: string, one: Kept): RuleView => ({
    id,
    title: id,
    description: "",
    scope: null,
    severity: null,
    origin: !(id in shipped) ? "own" : one.watch === shipped[id] ? "shipped" : "changed",
    active: one.active,
    trigger: { kind: "schedule", words: JSON.stringify(one.watch["trigger"]) },
    actions: actionsOf(one).map(([action]) => ({ id: action, kind: "logging" })),
    version: one.version,
    last_checked_ms: null,
    last_met_ms: null,
    cannot_judge: null,
    open_alerts: 0,
  });
  const checked = (watch: unknown, id: string): JsonObject => {
    const read = watch as JsonObject;
    if (typeof read["trigger"] === "object") return read;
    const reason = `could not parse watch [${id}]. missing required field [trigger]`;
    throw new Fault("watch_invalid", `The watch cannot be read: ${reason}.`, {
      details: { type: "parse_exception", reason },
    });
  };

  return {
    asked,
    alerts,
    reset,
    rules: () => [...kept].map(([id, one]) => view(id, one)),
    rule(id) {
      const one = known(id);
      return { rule: view(id, one), watch: one.watch, status: statusOf(one) };
    },
    async put({ id, watch, active }) {
      const before = kept.get(id);
      const one = {
        watch: checked(watch, id),
        version: (before?.version ?? 0) + 1,
        active: active ?? before?.active ?? true,
        acked: new Set<string>(),
      };
      kept.set(id, one);
      return { version: one.version, created: before === undefined };
    },
    async remove(id) {
      const { version, watch } = known(id);
      const original = shipped[id];
      if (watch === original) throw new Fault("object_shipped", `${id} comes with the program: it can be deactivated.`);
      if (original === undefined) kept.delete(id);
      else kept.set(id, { watch: original, version: version + 1, active: true, acked: new Set() });
      return { version: version + 1, created: false };
    },
    async setActive({ id, active }) {
      const one = known(id);
      one.active = active;
      return statusOf(one);
    },
    async acknowledgeWatch({ id, actions }) {
      const one = known(id);
      for (const [action] of actionsOf(one))
        if (actions === undefined || actions.includes(action)) one.acked.add(action);
      return statusOf(one);
    },
    async execute(request: ExecuteAsked) {
      asked.push(request);
      const watch = request.id === undefined ? checked(request.watch, "_inlined_") : known(request.id).watch;
      const id = `${request.id ?? "_inlined_"}_1`;
      return { id, record: { watch_id: request.id ?? "_inlined_", state: "executed", input: watch["input"] ?? {} } };
    },
    stats: () => ({
      watcher_state: running ? "started" : "stopped",
      watch_count: kept.size,
      execution_thread_pool: { queue_size: 0, max_size: 1 },
      current_watches: [],
      queued_watches: [],
    }),
    async setRunning(wanted) {
      running = wanted;
    },
    async acknowledge(id) {
      const alert = alerts.get(id);
      if (alert === undefined) throw new Fault("alert_unknown", "There is no alert of this id.");
      return { ...alert, state: "acknowledged", acknowledged_ms: nowMs() };
    },
    silences: () => [...silences.values()],
    async silence(wanted) {
      const made = { id: `silence-${silences.size + 1}`, ...wanted };
      silences.set(made.id, made);
      return made;
    },
    async unsilence(id) {
      if (!silences.delete(id)) throw new Fault("silence_unknown", "There is no silence of this id.");
    },
    async backtest({ watch, fromMs, untilMs }): Promise<Backtest> {
      checked(watch, "backtest");
      asked.push({ fromMs, untilMs });
      return {
        from_ms: fromMs,
        until_ms: untilMs,
        checks: 3,
        failures: 0,
        failure: null,
        alerts: [],
        metric: null,
        notes: [],
      };
    },
    channels: () => [
      {
        kind: "logging",
        name: "log",
        configured: true,
        delivered: 0,
        failed: 0,
        waiting: 0,
        last_failure: null,
        last_failure_ms: null,
        failing_since_ms: null,
      },
    ],
  };
}
