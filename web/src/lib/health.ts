import type { HealthReason } from "../../../src/serve/views.ts";
import { formatMs, stampError } from "./clock-words.ts";
import { formatUtcTime } from "./format.ts";
import type { LiveView } from "./live-store.ts";
import { clockPath, nodePath } from "./router.ts";

export type HealthLevel = "ok" | "degraded" | "failing" | "unknown";

/** Why, and where more of it is shown. */
export type Reason = { sentence: string; more?: { to: string; words: string } };

export type HealthSummary = { level: HealthLevel; title: string; reasons: readonly Reason[] };

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
    return summary("unknown", [
      { sentence: `This page has not heard from the monitor since ${since} UTC. It keeps trying.` },
    ]);
  }
  if (phase.kind === "failed") return summary("unknown", [{ sentence: phase.sentence }]);
  if (state.health === undefined) return summary("unknown", [{ sentence: "The page is still loading." }]);
  const reasons = state.health.reasons.map(withMore);
  if (state.health.status === "ok") {
    const { absoluteMs } = stampError(state.health.clock, state.health.event_loop_delay_ms);
    const trust =
      absoluteMs === undefined
        ? "What stamps are worth"
        : `99 of 100 stamps are off by ${formatMs(absoluteMs)} at most`;
    return summary("ok", [
      { sentence: "Every event stream is up, and the store takes what they send." },
      { sentence: `${trust}:`, more: THE_CLOCK },
      ...reasons,
    ]);
  }
  return summary(state.health.status, reasons);
}

const THE_CLOCK = { to: clockPath(), words: "the clock" };
const OF_CLOCK = ["clock_off", "clock_unknown", "clock_uncertain", "event_loop_slow"];

function withMore({ code, sentence, node }: HealthReason): Reason {
  if (OF_CLOCK.includes(code)) return { sentence, more: THE_CLOCK };
  if (node !== undefined) return { sentence, more: { to: nodePath(node), words: `node ${node}` } };
  return { sentence };
}

function summary(level: HealthLevel, reasons: readonly Reason[]): HealthSummary {
  return { level, title: TITLES[level], reasons };
}
