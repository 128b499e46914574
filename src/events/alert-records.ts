import type { RecordColumn, RecordDataset } from "./record.ts";

export const SEVERITIES = ["info", "warning", "high", "critical", "emergency"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What an alert is about, which says what must be right before it may be judged. */
export const ALERT_SCOPES = ["network", "node", "validators", "host", "monitor"] as const;
export type AlertScope = (typeof ALERT_SCOPES)[number];

export type AlertState = "open" | "acknowledged" | "over";

/** Why a message of an alert is sent. */
export type AlertStage = "new" | "worse" | "repeat" | "over";

/** One message of an alert: when it was decided, and what became of it. */
export type Told = {
  /** Id of its delivery; alerts of a back-test have none. */
  delivery?: string | undefined;
  action: string;
  stage: AlertStage;
  at_ms: number;
  status: "pending" | "delivered" | "failed" | "silenced" | "summarised" | "no_account";
  delivered_ms?: number | undefined;
  reason?: string | undefined;
};

/** One alert from its beginning to its end; the document is replaced as it goes on. */
export type AlertRecord = {
  /** `<rule>/<16 hex digits of what it is about>/<since in ms>`. */
  id: string;
  rule: string;
  /** What it is about, within its rule. */
  about: string;
  scope: AlertScope;
  state: AlertState;
  severity: Severity;
  title: string;
  text: string;
  check_first: string | null;
  /** Path of a page of ours. */
  link: string | null;
  slot: number | null;
  nodes: readonly string[];
  since_ms: number;
  /** The condition was last met then. */
  last_ms: number;
  until_ms: number | null;
  /** How often the condition was met. */
  met: number;
  acknowledged_ms: number | null;
  told: readonly Told[];
};

const keyword = (key: keyof AlertRecord, words: string): RecordColumn => ({
  key,
  name: `alert.${key}`,
  type: "keyword",
  words,
});

/** Its `_id` is the alert's. */
export const alertDataset: RecordDataset = {
  kind: "index",
  name: "alert",
  title: "Alerts",
  words: "One document an alert, from its beginning to its end: what, since when, how bad, who was told.",
  columns: [
    keyword("id", "Rule, what it is about, and when it began; the key."),
    keyword("rule", "Id of the watch."),
    keyword("about", "What it is about, within its rule."),
    keyword("scope", "network, node, validators, host or monitor."),
    keyword("state", "open, acknowledged or over."),
    keyword("severity", "info, warning, high, critical or emergency: the worst so far."),
    keyword("title", "What, in a line."),
    { key: "text", name: "alert.text", type: "text", words: "What it means, with its figures." },
    { key: "check_first", name: "alert.check_first", type: "text", words: "What to look at first." },
    keyword("link", "Page of the web that shows it."),
    { key: "slot", name: "ethereum.slot", type: "long", words: "Slot in which it began, where it has one." },
    { key: "nodes", name: "observer.name", type: "keyword", list: true, words: "Nodes it is about." },
    { key: "since_ms", name: "event.start", type: "date", words: "When it began." },
    { key: "last_ms", name: "alert.last", type: "date", words: "When its condition was last met." },
    { key: "until_ms", name: "event.end", type: "date", words: "When it was over." },
    { key: "met", name: "alert.met", type: "long", words: "How often its condition was met." },
    { key: "acknowledged_ms", name: "alert.acknowledged", type: "date", words: "When it was acknowledged." },
    {
      key: "told",
      name: "alert.told",
      type: "flattened",
      words: "Each message: action, stage, when, what became of it.",
    },
  ],
};

export type DeliveryStatus = "pending" | "delivered" | "failed" | "silenced" | "summarised" | "no_account";

/** One message to one recipient's action: durable before it is sent. Its `_id` is its id. */
export type DeliveryRecord = {
  /** The same for the same message, so that a receiver can tell a repetition. */
  id: string;
  watch: string;
  action: string;
  kind: string;
  /** Of an alert; null for a plain watch. */
  alert: string | null;
  stage: AlertStage | null;
  status: DeliveryStatus;
  decided_ms: number;
  done_ms: number | null;
  attempts: number;
  reason: string | null;
  /** Sent by the fallback, after the action itself had failed. */
  by_fallback: boolean | null;
  /** What is sent, rendered; without secrets. */
  content: unknown;
};

/** A message that is decided and not sent yet. */
export function pendingDelivery(
  told: Pick<DeliveryRecord, "id" | "watch" | "action" | "kind" | "alert" | "stage" | "decided_ms" | "content">,
): DeliveryRecord {
  return { ...told, status: "pending", done_ms: null, attempts: 0, reason: null, by_fallback: null };
}

export const deliveryDataset: RecordDataset = {
  kind: "index",
  name: "delivery",
  title: "Deliveries",
  words: "One document a message of a watch's action, written before it is sent: what became of it.",
  columns: [
    { key: "id", name: "delivery.id", type: "keyword", words: "The same for the same message; the key." },
    { key: "watch", name: "delivery.watch", type: "keyword", words: "Id of the watch." },
    { key: "action", name: "delivery.action", type: "keyword", words: "Name of the watch's action." },
    { key: "kind", name: "delivery.kind", type: "keyword", words: "email, webhook, slack, index or logging." },
    { key: "alert", name: "delivery.alert", type: "keyword", words: "Id of the alert." },
    { key: "stage", name: "delivery.stage", type: "keyword", words: "new, worse, repeat or over." },
    {
      key: "status",
      name: "delivery.status",
      type: "keyword",
      words: "pending, delivered, failed, silenced, summarised or no_account.",
    },
    { key: "decided_ms", name: "event.start", type: "date", words: "When it was decided to send it." },
    { key: "done_ms", name: "event.end", type: "date", words: "When it was delivered or given up." },
    { key: "attempts", name: "delivery.attempts", type: "long", words: "How often it was tried." },
    { key: "reason", name: "event.reason", type: "keyword", words: "Why it failed or was not sent." },
    { key: "by_fallback", name: "delivery.by_fallback", type: "boolean", words: "Sent by the fallback." },
    { key: "content", name: "delivery.content", type: "flattened", words: "What is sent, rendered." },
  ],
};

/** What a watch has to remember over a restart. Its `_id` is the watch's. */
export type WatchStateRecord = {
  watch: string;
  active: boolean;
  /** Counts the changes of the watch. */
  version: number;
  last_checked_ms: number | null;
  last_met_ms: number | null;
  /** Why it could not be judged when last checked; null where it could. */
  cannot_judge: string | null;
  /** By action: Watcher's own status of an action. */
  actions: unknown;
};

export const watchStateDataset: RecordDataset = {
  kind: "index",
  name: "watch_state",
  title: "States of watches",
  words: "One document a watch: whether it is active, when it was last checked and met, what its actions did.",
  columns: [
    { key: "watch", name: "watch.id", type: "keyword", words: "Id of the watch; the key." },
    { key: "active", name: "watch.active", type: "boolean", words: "Whether it is checked at all." },
    { key: "version", name: "watch.version", type: "long", words: "Counts the changes of the watch." },
    { key: "last_checked_ms", name: "watch.last_checked", type: "date", words: "When it was last checked." },
    { key: "last_met_ms", name: "watch.last_met", type: "date", words: "When its condition was last met." },
    {
      key: "cannot_judge",
      name: "event.reason",
      type: "keyword",
      words: "Why it could not be judged when last checked.",
    },
    {
      key: "actions",
      name: "watch.actions",
      type: "flattened",
      words: "Of each action: acknowledged, throttled, last executed.",
    },
  ],
};

/** One execution of a watch that met its condition, failed or could not be judged. */
export type WatchHistoryRecord = {
  watch: string;
  /** executed, throttled, acknowledged, cannot_judge, failed or execution_not_needed. */
  state: string;
  met: boolean;
  slot: number | null;
  took_ms: number;
  /** Why it failed or could not be judged. */
  reason: string | null;
  /** Keys of the alerts it was about. */
  alerts: readonly string[] | null;
  /** Elasticsearch's watch record: trigger event, input, condition, transform, actions. */
  record: unknown;
};

export const watchHistoryDataset: RecordDataset = {
  kind: "stream",
  source: "own",
  name: "ethereum.watch_history",
  title: "History of watches",
  keep: "raw",
  words:
    "One document an execution of a watch that met its condition, failed or could not be judged; those that did not meet it " +
    "are counted in the state of the watch alone.",
  columns: [
    { key: "watch", name: "watch.id", type: "keyword", words: "Id of the watch." },
    {
      key: "state",
      name: "watch.state",
      type: "keyword",
      words: "executed, throttled, acknowledged, cannot_judge, failed or execution_not_needed.",
    },
    { key: "met", name: "watch.met", type: "boolean", words: "Whether the condition was met." },
    { key: "slot", name: "ethereum.slot", type: "long", words: "Slot it was about, where it has one." },
    { key: "took_ms", name: "watch.took_ms", type: "double", words: "How long it took, ms." },
    { key: "reason", name: "event.reason", type: "keyword", words: "Why it failed or could not be judged." },
    { key: "alerts", name: "alert.id", type: "keyword", list: true, words: "Alerts it was about." },
    {
      key: "record",
      name: "watch.record",
      type: "flattened",
      words: "Trigger, input, condition, transform and actions.",
    },
  ],
};
