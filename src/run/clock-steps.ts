import type { Envelope } from "../events/envelope.ts";
import { type Clock, createStepMeter } from "../lib/clock.ts";

/** A clock that was set ahead by less leaves no deadline of a slot unseen. */
const STEP_US = 1_000_000;

export type ClockSteps = {
  /** Notes what a node said: whether its stream is up. */
  note(envelope: Envelope): void;
  /** What has to be told before anything that is stamped from now on. */
  taken(): Envelope[];
};

/**
 * A clock that is set ahead, or a machine that sleeps, passes over a span in which nothing was heard of any node: a gap
 * of each whose stream is up. A clock that is set back passes over nothing.
 */
export function createClockSteps(clock: Clock): ClockSteps {
  const measureStep = createStepMeter(clock, STEP_US);
  const up = new Set<string>();
  return {
    note({ kind, node, ...envelope }) {
      if (kind === "event" || ("state" in envelope && envelope.state === "open")) up.add(node);
      else if (kind === "stream") up.delete(node);
    },
    taken() {
      const stepUs = measureStep();
      if (stepUs <= 0) return [];
      const receivedAtUs = clock.nowUs();
      const stream = (node: string) => ({ kind: "stream", node, receivedAtUs }) as const;
      const sinceUs = receivedAtUs - stepUs;
      // No stream is up while the time between passes for the pipeline.
      return [
        ...[...up].map((node): Envelope => ({ ...stream(node), state: "closed", sinceUs, cause: "clock" })),
        ...[...up].map((node): Envelope => ({ ...stream(node), state: "open" })),
      ];
    },
  };
}
