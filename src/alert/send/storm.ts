import { SEVERITIES, type Severity } from "../../events/alert-records.ts";

/** What is held back of one channel's messages while too many come. */
export type Storm<T> = {
  /** Whether the message is held for the next summary; otherwise it goes its way. */
  holds(item: T, at: { decidedMs: number; nowMs: number; severity: Severity }): boolean;
  /** What the summary that is due now holds; undefined while none is. */
  due(nowMs: number): readonly T[] | undefined;
  held(): readonly T[];
};

const MINUTE_MS = 60_000;
/** The first summary waits for the rest of what befell. */
const FIRST_MS = 10_000;

/**
 * Lets `perMinute` messages a minute through, by the moments at which they were decided; those beyond become a summary,
 * another after each minute, until a minute brings none. What is worse than all before in the storm is told at once.
 */
export function createStorm<T>(perMinute: number): Storm<T> {
  let recentMs: number[] = [];
  let storm: { held: T[]; flushMs: number; worst: number } | undefined;
  return {
    holds(item, { decidedMs, nowMs, severity }) {
      const rank = SEVERITIES.indexOf(severity);
      if (storm === undefined) {
        recentMs = recentMs.filter((ms) => ms > decidedMs - MINUTE_MS);
        if (recentMs.length < perMinute) {
          recentMs.push(decidedMs);
          return false;
        }
        storm = { held: [], flushMs: nowMs + FIRST_MS, worst: rank };
      }
      storm.held.push(item);
      if (rank > storm.worst) {
        storm.worst = rank;
        storm.flushMs = nowMs;
      }
      return true;
    },
    due(nowMs) {
      if (storm === undefined || nowMs < storm.flushMs) return undefined;
      const { held } = storm;
      if (held.length === 0) {
        storm = undefined;
        recentMs = [];
        return undefined;
      }
      storm.held = [];
      storm.flushMs = nowMs + MINUTE_MS;
      return held;
    },
    held: () => storm?.held ?? [],
  };
}
