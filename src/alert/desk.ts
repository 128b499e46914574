import type { AlertRecord, AlertScope, Severity } from "../events/alert-records.ts";
import type { JsonObject } from "../events/foreign.ts";
import type { ActionKind } from "./watch.ts";

/** What API and screens ask of the running rules. Unknown ids are `watch_unknown`, `alert_unknown`, `silence_unknown`. */
export type AlertDesk = {
  rules(): readonly RuleView[];
  /** The watch as it was put, beside what is known of it. */
  rule(id: string): { rule: RuleView; watch: JsonObject; status: JsonObject };
  /** Rejects with `watch_invalid`: message, and Elasticsearch's `type` in its details. */
  put(asked: { id: string; watch: unknown; active: boolean | undefined }, signal: AbortSignal): Promise<RuleChange>;
  /** A shipped rule that was changed is as it was shipped again; a shipped one as it is cannot be removed. */
  remove(id: string, signal: AbortSignal): Promise<RuleChange>;
  setActive(asked: { id: string; active: boolean }, signal: AbortSignal): Promise<JsonObject>;
  /** Watcher's acknowledgement of a watch: its actions, or those named, stay silent until the condition is next not met. */
  acknowledgeWatch(asked: { id: string; actions?: readonly string[] }, signal: AbortSignal): Promise<JsonObject>;
  /** Watcher's `_execute`; answers the watch record. */
  execute(asked: ExecuteAsked, signal: AbortSignal): Promise<{ id: string; record: JsonObject }>;
  /** Watcher's `_watcher/stats`, and `_start`, `_stop`. */
  stats(): JsonObject;
  setRunning(running: boolean): Promise<void>;
  acknowledge(alertId: string, signal: AbortSignal): Promise<AlertRecord>;
  silences(): readonly Silence[];
  silence(asked: Omit<Silence, "id">, signal: AbortSignal): Promise<Silence>;
  unsilence(id: string, signal: AbortSignal): Promise<void>;
  /** What a rule would have said of the stored past. */
  backtest(asked: BacktestAsked, signal: AbortSignal): Promise<Backtest>;
  /** Channels by kind: whether one is configured, and how its deliveries fare. */
  channels(): readonly ChannelView[];
};

export type RuleView = {
  id: string;
  title: string;
  description: string;
  scope: AlertScope | null;
  /** Least severity it can have. */
  severity: Severity | null;
  /** shipped, changed (a shipped one that was saved over) or own. */
  origin: "shipped" | "changed" | "own";
  active: boolean;
  trigger: { kind: "schedule" | "stream"; words: string };
  actions: readonly { id: string; kind: ActionKind }[];
  version: number;
  last_checked_ms: number | null;
  last_met_ms: number | null;
  cannot_judge: string | null;
  open_alerts: number;
};

export type RuleChange = { version: number; created: boolean };

export type ExecuteAsked = {
  /** Or `watch`, one that is not stored. */
  id?: string | undefined;
  watch?: unknown;
  triggerData?: JsonObject | undefined;
  alternativeInput?: JsonObject | undefined;
  ignoreCondition: boolean;
  /** By action, or `_all`. */
  actionModes: Readonly<Record<string, "simulate" | "force_simulate" | "execute" | "force_execute" | "skip">>;
  recordExecution: boolean;
};

/** While it lasts, what it covers is judged and kept, and nobody is told. */
export type Silence = {
  id: string;
  /** Ids of rules, `*` allowed. */
  rules: readonly string[];
  /** Names of nodes; empty: whatever the alert is about. */
  nodes: readonly string[];
  from_ms: number;
  until_ms: number;
  reason: string;
};

export type BacktestAsked = { watch: unknown; fromMs: number; untilMs: number };

export type Backtest = {
  from_ms: number;
  until_ms: number;
  checks: number;
  /** Those that failed, with the first reason. */
  failures: number;
  failure: string | null;
  /** What it would have said, by the alerts' own rules. */
  alerts: readonly Pick<
    AlertRecord,
    "rule" | "about" | "severity" | "title" | "slot" | "nodes" | "since_ms" | "until_ms" | "met" | "told"
  >[];
  /** The metric over time where the rule has one: moments in ms and values, thinned to some hundred. */
  metric: { title: string; unit: string; points: readonly (readonly [number, number])[] } | null;
  /** What limits this back-test, in sentences. */
  notes: readonly string[];
};

export type ChannelView = {
  kind: ActionKind;
  /** Short, for metrics, logs and health: it holds no address. Several may have the same. */
  name: string;
  /** Addresses of a mail's recipients, for those who may read the channels. */
  to?: readonly string[] | undefined;
  configured: boolean;
  /** Delivered and failed since the start, and those that wait. */
  delivered: number;
  failed: number;
  waiting: number;
  last_failure: string | null;
  last_failure_ms: number | null;
  /** Nothing could be delivered there since; null while it can. */
  failing_since_ms: number | null;
};
