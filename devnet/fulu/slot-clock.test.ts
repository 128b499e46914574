import { expect, test } from "vitest";
import { systemClock } from "../../src/lib/clock.ts";
import { createSlotClock } from "./slot-clock.ts";

test("a clock that is ahead is in the next slot already, one that is behind in the last one still", () => {
  let skewMs = 0;
  let nowMs = 1_000_000;
  const clock = createSlotClock({
    clock: { nowUs: () => nowMs * 1000, monoUs: () => 0 },
    genesisMs: 1_000_000,
    slotMs: 3_000,
    skewMs: () => skewMs,
  });
  expect(clock.slotNow()).toBe(0);
  skewMs = -1;
  expect(clock.slotNow()).toBe(-1);
  nowMs += 2_000;
  skewMs = 1_000;
  expect(clock.slotNow()).toBe(1);
  expect(clock.nowMs()).toBe(clock.startMs(1));
});

test("who waits goes on when the clock is set ahead, or when waiting is over", async () => {
  let skewMs = 0;
  const clock = createSlotClock({ clock: systemClock(), genesisMs: Date.now(), slotMs: 600_000, skewMs: () => skewMs });
  const waiting = clock.until(clock.startMs(1), new AbortController().signal);
  skewMs = 600_000;
  await waiting;
  expect(clock.slotNow()).toBe(1);
  await clock.until(clock.startMs(9), AbortSignal.abort());
});
