import type { Envelope, GapCause } from "../events/envelope.ts";
import type { Clock } from "../lib/clock.ts";
import type { Fault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";

export type StreamState = {
  state: "connecting" | "open" | "down";
  sinceUs: number;
  /** Why it is down. */
  reason?: string;
};

/** Tells of a stream's openings and ends: as its state, as `stream` envelopes, as log lines. */
export type StreamReport = {
  state(): StreamState;
  opened(input: { atUs: number; topics: number; refused: readonly string[] }): void;
  /** Connected, and nothing came yet: some nodes send not even headers before the first event. */
  waiting(): void;
  /** It was open; the missed span began at `sinceUs` when nothing came since then. */
  closed(input: { reason: string; cause: GapCause; sinceUs: number | undefined }): void;
  failed(fault: Fault): void;
};

export function createStreamReport(options: {
  node: string;
  clock: Clock;
  log: Log;
  emit(envelope: Envelope): void;
}): StreamReport {
  const { node, clock, log, emit } = options;
  let current: StreamState = { state: "connecting", sinceUs: clock.nowUs() };
  // A node that stays away is logged once, not at every attempt.
  let failing = false;
  const become = (state: StreamState["state"], reason?: string) => {
    const sinceUs = current.state === state ? current.sinceUs : clock.nowUs();
    current = { state, sinceUs, ...(reason === undefined ? {} : { reason }) };
  };

  return {
    state: () => current,
    opened({ atUs, topics, refused }) {
      failing = false;
      become("open");
      emit({ kind: "stream", node, receivedAtUs: atUs, state: "open" });
      log.info({ node, topics, refused }, "The event stream opened");
    },
    waiting: () => become("connecting"),
    closed({ reason, cause, sinceUs }) {
      const since = sinceUs === undefined ? {} : { sinceUs };
      become("down", reason);
      emit({ kind: "stream", node, receivedAtUs: clock.nowUs(), state: "closed", reason, cause, ...since });
      log.warn({ node, cause, reason }, "The event stream closed");
    },
    failed(fault) {
      const reason = fault.message;
      become("down", reason);
      emit({ kind: "stream", node, receivedAtUs: clock.nowUs(), state: "error", reason, cause: "error" });
      log[failing ? "debug" : "warn"]({ node, code: fault.code, reason }, "The event stream could not be opened");
      failing = true;
    },
  };
}
