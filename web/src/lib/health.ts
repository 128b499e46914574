import { formatUtcTime } from "./format.ts";
import type { LiveView } from "./live-store.ts";

export type HealthLevel = "ok" | "degraded" | "failing" | "unknown";

export type HealthSummary = { level: HealthLevel; title: string; reasons: readonly string[] };

const TITLES: Readonly<Record<HealthLevel, string>> = {
  ok: "The monitor is well",
  degraded: "The monitor does not see everything",
  failing: "The monitor is failing",
  unknown: "The monitor's health is not known",
};

/** How far what the page shows can be trusted: the monitor's own health, and whether this page still hears it. */
export function healthSummary(view: LiveView): HealthSummary {
  const { connection, phase, state } = view;
  if (connection.kind === "lost") {
    const since = formatUtcTime(connection.sinceMs);
    return summary("unknown", [`This page has not heard from the monitor since ${since} UTC. It keeps trying.`]);
  }
  if (phase.kind === "failed") return summary("unknown", [phase.sentence]);
  if (state.health === undefined) return summary("unknown", ["The page is still loading."]);
  const reasons = state.health.reasons.map(({ sentence }) => sentence);
  if (state.health.status === "ok") {
    return summary("ok", ["Every event stream is up, and the store takes what they send.", ...reasons]);
  }
  return summary(state.health.status, reasons);
}

function summary(level: HealthLevel, reasons: readonly string[]): HealthSummary {
  return { level, title: TITLES[level], reasons };
}
