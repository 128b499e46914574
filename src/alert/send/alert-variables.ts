import type { AlertRecord, AlertStage, Severity } from "../../events/alert-records.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { alertSubject, alertText, pageUrl } from "./alert-message.ts";
import type { ToldAlert } from "./delivery-content.ts";
import { cut, durationWords } from "./words.ts";

/** What Discord takes, with room for words of the template. */
const MAX_SHORT = 1_800;

/** Severities as most other programs know them, PagerDuty's for one. */
const LEVELS: Readonly<Record<Severity, string>> = {
  info: "info",
  warning: "warning",
  high: "error",
  critical: "critical",
  emergency: "critical",
};

/** `ctx.vars.alert` of an alert's actions: what it is, how it stands, and that in words. */
export function alertVariables(told: {
  alert: ToldAlert | AlertRecord;
  stage: AlertStage;
  nowMs: number;
  /** Address of the web pages: `url` and `message` lead there. */
  publicUrl?: string | undefined;
}): JsonObject {
  const { alert, stage, nowMs, publicUrl } = told;
  const { id, rule, about, scope, state, severity, title, text, slot, nodes, check_first, link } = alert;
  const message = alertText({ alert, stage, decidedMs: nowMs, nowMs, publicUrl });
  const durationMs = (alert.until_ms ?? nowMs) - alert.since_ms;
  return {
    id,
    rule,
    about,
    scope,
    stage,
    is_over: stage === "over",
    state,
    severity,
    title,
    text,
    slot,
    nodes: [...nodes],
    check_first,
    link,
    since: new Date(alert.since_ms).toISOString(),
    until: alert.until_ms === null ? null : new Date(alert.until_ms).toISOString(),
    duration_s: Math.round(durationMs / 1000),
    duration: durationWords(durationMs),
    subject: alertSubject(alert, stage),
    level: LEVELS[severity],
    message,
    short: cut(message, MAX_SHORT),
    url: pageUrl(alert, publicUrl) ?? null,
  };
}
