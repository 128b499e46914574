import type { TimedAnswer } from "./node-paths.ts";
import type { Finding, OffsetReport } from "./report.ts";

/** A `Date` header has whole seconds, cut off. */
const RESOLUTION_US = 1_000_000;

/** MAXIMUM_GOSSIP_CLOCK_DISPARITY of the consensus specifications. */
const DISPARITY_MS = 500;

/**
 * A node's clock against ours, by the `Date` of the answer with the shortest round trip; null when none has one.
 * The node wrote it at some moment between question and answer, and at some moment of that second.
 */
export function nodeClock(answers: readonly TimedAnswer[]): OffsetReport | null {
  let best: OffsetReport | null = null;
  for (const { askedAtUs, answer } of answers) {
    const dateMs = answer.date === undefined ? Number.NaN : Date.parse(answer.date);
    const tripUs = answer.receivedAtUs - askedAtUs;
    if (Number.isNaN(dateMs) || tripUs < 0) continue;
    const errorMs = (RESOLUTION_US + tripUs) / 2000;
    const offsetMs = dateMs + RESOLUTION_US / 2000 - (askedAtUs + tripUs / 2) / 1000;
    if (best === null || errorMs < best.error_ms) best = { offset_ms: offsetMs, error_ms: errorMs };
  }
  return best;
}

/** A clock that is surely off by more than the gossip rules allow. */
export function nodeClockFindings(clock: OffsetReport | null): Finding[] {
  if (clock === null || Math.abs(clock.offset_ms) - clock.error_ms <= DISPARITY_MS) return [];
  const seconds = (Math.abs(clock.offset_ms) / 1000).toFixed(1);
  const side = clock.offset_ms > 0 ? "ahead of" : "behind";
  return [
    {
      severity: "lesser",
      code: "node_clock_off",
      sentence:
        `Its clock is ${seconds} s ${side} this machine's (± ${(clock.error_ms / 1000).toFixed(1)} s): one of them is ` +
        "wrong. A node that is off by more than 0.5 s drops blocks and votes that are in time.",
      advice: "Keep both clocks right with chrony or systemd-timesyncd.",
    },
  ];
}
