import { alertPath, alertsQuery, putRuleQuery, rulePath, silencePath } from "./alert-parameters.ts";
import { searched } from "./dashboard-operations.ts";
import type { Operation } from "./operation.ts";
import { noParams, noQuery, timePageQuery } from "./parameters.ts";

/** A watch may hold searches, scripts and texts of its own. */
const WATCH_BYTES = 262_144;
const SILENCE_BYTES = 65_536;

const running = { alerts_unavailable: "Watches are not running yet: no node has told its network." } as const;

const stored = {
  network_unknown: "No node has told its network yet.",
  store_unavailable: "The store cannot answer now.",
} as const;

const bodied = {
  body_invalid: "The body is not what the route takes; the message names the part.",
  body_too_large: "The body is larger than the route takes.",
} as const;

const written = { store_queue_full: "The store takes nothing more at the moment." } as const;
const watchInvalid = { watch_invalid: "It is no watch that is understood here; the message names the place." } as const;
const ruleUnknown = { watch_unknown: "No rule has this id." } as const;
const alertUnknown = { alert_unknown: "No alert has this id." } as const;

export const alertOperations = {
  listAlerts: {
    path: "/api/v1/alerts",
    summary: "Alerts",
    words:
      "Open ones first, then acknowledged ones, then what is over, each newest first. Without `state` all that are not " +
      "over stand on the first page, and `limit` and `next_before` are of what is over.",
    params: noParams,
    query: alertsQuery,
    answer: "Alerts",
    failures: stored,
  },
  getAlert: {
    path: "/api/v1/alerts/{id}",
    summary: "One alert",
    words: "The alert, and what became of each of its messages.",
    params: alertPath,
    query: noQuery,
    answer: "AlertDetail",
    failures: { ...alertUnknown, ...stored },
  },
  acknowledgeAlert: {
    path: "/api/v1/alerts/{id}/acknowledge",
    method: "POST",
    summary: "Acknowledge an alert",
    words: "Nobody is told of it until it becomes worse or is over. The request has no body.",
    params: alertPath,
    query: noQuery,
    answer: "Alert",
    failures: { ...alertUnknown, ...running, ...written },
  },
  listSilences: {
    path: "/api/v1/silences",
    summary: "Silences",
    words: "Those that last and those that are to come.",
    params: noParams,
    query: noQuery,
    answer: "Silences",
    failures: running,
  },
  createSilence: {
    path: "/api/v1/silences",
    method: "POST",
    summary: "Be silent for a while",
    words: "While it lasts, what it covers is judged and kept, and nobody is told. Answered when it is durable.",
    params: noParams,
    query: noQuery,
    body: { name: "SilenceBody", limitBytes: SILENCE_BYTES },
    answer: "Silence",
    failures: { ...bodied, ...running, ...written },
  },
  deleteSilence: {
    path: "/api/v1/silences/{id}",
    method: "DELETE",
    summary: "End a silence",
    words: "It ends now.",
    params: silencePath,
    query: noQuery,
    answer: "Deleted",
    failures: { silence_unknown: "No silence has this id.", ...running, ...written },
  },
  listRules: {
    path: "/api/v1/rules",
    summary: "Rules",
    words: "Every watch, those that come with the program and one's own, and how it fares.",
    params: noParams,
    query: noQuery,
    answer: "Rules",
    failures: running,
  },
  getRule: {
    path: "/api/v1/rules/{id}",
    summary: "One rule",
    words: "The rule, its watch as it was put with passwords hidden, and Watcher's status of it.",
    params: rulePath,
    query: noQuery,
    answer: "RuleDetail",
    failures: { ...ruleUnknown, ...running },
  },
  putRule: {
    path: "/api/v1/rules/{id}",
    method: "PUT",
    summary: "Save a rule",
    words:
      "The body is the watch. One of this id is replaced, also one that comes with the program; a password that stands " +
      "as `::es_redacted::` stays what it was. Answered when it is durable.",
    params: rulePath,
    query: putRuleQuery,
    body: { name: "Watch", limitBytes: WATCH_BYTES },
    answer: "RulePut",
    failures: { ...bodied, ...watchInvalid, ...running, ...written },
  },
  deleteRule: {
    path: "/api/v1/rules/{id}",
    method: "DELETE",
    summary: "Delete a rule",
    words: "One that comes with the program and was changed is as it was shipped again.",
    params: rulePath,
    query: noQuery,
    answer: "RuleDeleted",
    failures: {
      ...ruleUnknown,
      object_shipped: "It comes with the program and was not changed: it can be deactivated.",
      ...running,
      ...written,
    },
  },
  activateRule: {
    path: "/api/v1/rules/{id}/activate",
    method: "POST",
    summary: "Check a rule",
    words: "From now on it is checked. The request has no body.",
    params: rulePath,
    query: noQuery,
    answer: "RuleDetail",
    failures: { ...ruleUnknown, ...running, ...written },
  },
  deactivateRule: {
    path: "/api/v1/rules/{id}/deactivate",
    method: "POST",
    summary: "Check a rule no longer",
    words: "From now on it is not checked. The request has no body.",
    params: rulePath,
    query: noQuery,
    answer: "RuleDetail",
    failures: { ...ruleUnknown, ...running, ...written },
  },
  acknowledgeRule: {
    path: "/api/v1/rules/{id}/acknowledge",
    method: "POST",
    summary: "Acknowledge a rule",
    words:
      "Its open alerts are acknowledged; the actions of a plain watch stay silent until its condition is next not met, as " +
      "Watcher has it. The request has no body.",
    params: rulePath,
    query: noQuery,
    answer: "RuleDetail",
    failures: { ...ruleUnknown, ...running, ...written },
  },
  testRule: {
    path: "/api/v1/rules/test",
    method: "POST",
    summary: "Check a watch once",
    words:
      "The watch of the body, which need not be saved, is checked now: its input is asked, and its actions are only " +
      "simulated. The record says what was found and what would have been sent; nothing is kept.",
    params: noParams,
    query: noQuery,
    body: { name: "RuleTestBody", limitBytes: WATCH_BYTES },
    answer: "RuleTest",
    failures: { ...bodied, ...watchInvalid, ...ruleUnknown, ...running },
  },
  backtestRule: {
    path: "/api/v1/rules/backtest",
    method: "POST",
    summary: "Hold a watch against the past",
    words:
      "When the watch of the body would have fired between `from_ms` and `until_ms`, by what is stored; docs/watch-api.md " +
      "says what limits it. Nothing is sent and nothing is kept. It takes up to a minute, and stops when the client leaves.",
    params: noParams,
    query: noQuery,
    body: { name: "BacktestBody", limitBytes: WATCH_BYTES },
    answer: "Backtest",
    reads: true,
    failures: {
      ...bodied,
      ...watchInvalid,
      backtest_span: "The span does not begin in the past.",
      backtest_busy: "As many back-tests are under way as there may be.",
      answer_too_large: searched.answer_too_large,
      ...running,
      ...stored,
    },
  },
  listRuleHistory: {
    path: "/api/v1/rules/{id}/history",
    summary: "Executions of a rule",
    words:
      "Those that met the condition, failed or could not be judged, newest first. `next_before` is the `before` of the " +
      "next page, null at the end.",
    params: rulePath,
    query: timePageQuery,
    answer: "RuleHistory",
    failures: stored,
  },
  listChannels: {
    path: "/api/v1/channels",
    summary: "Channels",
    words: "Where alerts can be told, whether each is configured, and how its messages fare.",
    params: noParams,
    query: noQuery,
    answer: "Channels",
    failures: running,
  },
} as const satisfies Record<string, Operation>;
