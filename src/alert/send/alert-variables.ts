import type { AlertRecord, AlertStage } from "../../events/alert-records.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { alertSubject, alertText, pageUrl } from "./alert-message.ts";
import type { ToldAlert } from "./delivery-content.ts";
import { durationWords } from "./words.ts";

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
    message: alertText({ alert, stage, decidedMs: nowMs, nowMs, publicUrl }),
    url: pageUrl(alert, publicUrl) ?? null,
  };
}
