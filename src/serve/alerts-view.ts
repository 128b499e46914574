import type { ChannelView, RuleView, Silence } from "../alert/desk.ts";
import type { AlertRecord, DeliveryRecord, WatchHistoryRecord } from "../events/alert-records.ts";

export type { Backtest, ChannelView, RuleView, Silence } from "../alert/desk.ts";
export type { AlertRecord, AlertState, DeliveryRecord, Severity, Told } from "../events/alert-records.ts";

type JsonObject = { readonly [part: string]: unknown };

/**
 * Open ones first, then acknowledged ones, then what is over, each newest first. `next_before` continues with what is
 * over, or with the state that was asked for.
 */
export type AlertsAnswer = { alerts: readonly AlertRecord[]; next_before: number | null };
/** Deliveries in the order in which they were decided. */
export type AlertAnswer = { alert: AlertRecord; deliveries: readonly DeliveryRecord[] };

export type SilencesAnswer = { silences: readonly Silence[] };
/** What `POST /silences` takes. */
export type SilenceBody = {
  rules: readonly string[];
  nodes: readonly string[];
  /** Default: now. */
  from_ms?: number;
  until_ms: number;
  reason: string;
};

/** `running`: watches are checked at all. */
export type RulesAnswer = { rules: readonly RuleView[]; running: boolean };
/** The watch as it was put, its passwords hidden, and Watcher's status of it. */
export type RuleAnswer = { rule: RuleView; watch: JsonObject; status: JsonObject };
export type RulePutAnswer = RuleAnswer & { created: boolean };
/** `restored`: it was a changed one of those that come with the program, and is as it was shipped again. */
export type RuleDeletedAnswer = { id: string; restored: boolean };

/** A watch as Elasticsearch has it. */
export type WatchBody = JsonObject;
/** What `POST /rules/test` takes. */
export type RuleTestBody = {
  watch: WatchBody;
  /** A rule that there is: passwords that are hidden are those of its watch. */
  id?: string;
  /** In place of what the input would bring. */
  alternative_input?: JsonObject;
  ignore_condition: boolean;
};
/** Watcher's record of the check. */
export type RuleTestAnswer = { id: string; record: JsonObject };
/** What `POST /rules/backtest` takes. */
export type BacktestBody = { watch: WatchBody; from_ms: number; until_ms: number };

/** One execution, with its moment. */
export type RuleExecution = WatchHistoryRecord & { at_ms: number };
/** Newest first. */
export type RuleHistoryAnswer = { executions: readonly RuleExecution[]; next_before: number | null };

export type ChannelsAnswer = { channels: readonly ChannelView[] };
