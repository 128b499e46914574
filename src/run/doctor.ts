import { check } from "../check/check.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import type { CheckAnswer, NodesCheck } from "../serve/views.ts";

export type Doctor = {
  /** How things stand. */
  told(): CheckAnswer;
  /** Begins a check unless one is being made or was just made, and answers how things stand then. */
  begin(): CheckAnswer;
  /** Settles once no check is being made. */
  idle(): Promise<void>;
};

export type DoctorLimits = {
  /** Between the end of one check and the next: each asks every node a dozen questions and opens a stream. */
  pauseMs: number;
  /** For one check; beside it every question has a limit of its own. */
  timeLimitMs: number;
};

const LIMITS: DoctorLimits = { pauseMs: 10_000, timeLimitMs: 120_000 };

/**
 * `ethmon check` for the nodes that are watched, on request: one check at a time, and the last report kept. The time
 * servers are left to the clock watch, which asks them no more often than they bear.
 */
export function createDoctor(options: {
  nodes: readonly { name?: string | undefined; url: string }[];
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  limits?: Partial<DoctorLimits>;
}): Doctor {
  const { nodes, clock, log, signal } = options;
  const { pauseMs, timeLimitMs } = { ...LIMITS, ...options.limits };
  let running: { sinceMs: number; done: Promise<void> } | undefined;
  let endedMs = Number.NEGATIVE_INFINITY;
  let report: NodesCheck | null = null;
  let failure: string | null = null;

  const nowMs = () => clock.nowUs() / 1000;

  const run = async () => {
    const limit = AbortSignal.timeout(timeLimitMs);
    try {
      const { clock: _, ...found } = await check({
        nodes,
        ntpServers: [],
        clock,
        signal: AbortSignal.any([signal, limit]),
      });
      report = found;
      failure = null;
    } catch (error) {
      if (signal.aborted) return;
      failure = limit.aborted ? `It was not done after ${timeLimitMs / 1000} s.` : messageOf(error);
      log.warn({ error: failure }, "A check of the nodes failed");
    } finally {
      endedMs = nowMs();
      running = undefined;
    }
  };

  const told = (): CheckAnswer => ({
    running_since_ms: running?.sinceMs ?? null,
    again_ms: running === undefined && mustWait() ? endedMs + pauseMs : null,
    report,
    failure,
  });

  /** A clock that was set back must not put off the next check for long. */
  const mustWait = () => nowMs() >= endedMs && nowMs() < endedMs + pauseMs;

  return {
    told,
    begin() {
      if (running === undefined && !mustWait() && !signal.aborted) running = { sinceMs: nowMs(), done: run() };
      return told();
    },
    idle: async () => running?.done,
  };
}
