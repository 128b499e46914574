import { setImmediate as nextTurn } from "node:timers/promises";
import type { Envelope } from "../events/envelope.ts";
import type { Clock } from "../lib/clock.ts";
import type { Pipeline, Step } from "../pipeline.ts";
import type { Intake } from "./intake.ts";

/** So long the pipeline may keep the sockets waiting: their stamps are late by it. */
const SLICE_US = 4_000;
const SLICE_ITEMS = 64;

/** How often time passes for the pipeline when nothing arrives. */
const TICK_MS = 100;

/**
 * Moves observations from the intake through the pipeline, in short slices, until the intake is closed and empty.
 * `take` gets every step, `settle` is called after each slice.
 */
export async function feedPipeline(input: {
  intake: Intake;
  pipeline: Pipeline;
  clock: Clock;
  take(step: Step, envelope: Envelope | undefined): void;
  settle(): void;
}): Promise<void> {
  const { intake, pipeline, clock, take, settle } = input;
  // Time passes by the clock only while nothing waits: what waits carries earlier stamps.
  const timer = setInterval(() => {
    intake.noteClock();
    if (intake.counts().size > 0) return;
    take(pipeline.advance(clock.nowUs()), undefined);
    settle();
  }, TICK_MS);
  try {
    while (true) {
      await intake.ready();
      const startedUs = clock.monoUs();
      let batch = intake.drain(SLICE_ITEMS);
      if (batch.length === 0 && intake.closed) return;
      while (batch.length > 0) {
        for (const envelope of batch) take(pipeline.push(envelope), envelope);
        batch = clock.monoUs() - startedUs < SLICE_US ? intake.drain(SLICE_ITEMS) : [];
      }
      settle();
      await nextTurn();
    }
  } finally {
    clearInterval(timer);
  }
}
