import type { ClockView, HealthView, TimeServerView } from "../../../src/serve/views.ts";
import { formatDuration } from "./format.ts";

/** `8.5 ms`, `120 ms`, `3.2 s`, `1 d`: what clocks and stamps are off by. */
export function formatMs(ms: number): string {
  const size = Math.abs(ms);
  if (size >= 10_000) return formatDuration(size);
  if (size >= 1000) return `${(size / 1000).toFixed(1)} s`;
  return `${size >= 99.95 ? Math.round(size) : size.toFixed(1)} ms`;
}

/** `3.2 ms behind`: this machine's clock, by what has to be added to it. */
export function offsetWords(offsetMs: number): string {
  return `${formatMs(offsetMs)} ${offsetMs < 0 ? "ahead" : "behind"}`;
}

const REASON_WORDS: Readonly<Record<string, string>> = {
  ntp_timeout: "no answer",
  ntp_unreachable: "not reachable",
  ntp_kiss: "refuses clients",
  ntp_nonsense: "nonsense",
  ntp_clock_set: "clock was set",
};

/** What one time server said, and whether it can be right together with the others. */
export function serverWords({ reason, agrees }: TimeServerView): string {
  if (reason !== null) return REASON_WORDS[reason] ?? "no sample";
  if (agrees === null) return "not asked yet";
  return agrees ? "agrees" : "disagrees";
}

export function reasonWords(reason: string | null): string {
  return `no time server: ${(reason !== null && REASON_WORDS[reason]) || "no sample"}`;
}

/** What a stamp of an arrival is off by at most, milliseconds. */
export type StampError = {
  /** Against the time of the network: the clock's offset and its error, and the program's delay. */
  absoluteMs: number | undefined;
  /** Between two nodes: one clock stamps both, so that only the program's delay counts. */
  betweenNodesMs: number;
};

/** The delay is that of the 99th percentile: one stamp in a hundred may be worse. */
export function stampError(clock: ClockView | null, loopDelay: HealthView["event_loop_delay_ms"]): StampError {
  const { offset_ms = null, error_ms = null } = clock ?? {};
  const isKnown = offset_ms !== null && error_ms !== null;
  return {
    absoluteMs: isKnown ? Math.abs(offset_ms) + error_ms + loopDelay.p99 : undefined,
    betweenNodesMs: loopDelay.p99,
  };
}
