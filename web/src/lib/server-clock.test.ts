import { expect, test } from "vitest";
import { createServerClock } from "./server-clock.ts";

test("the offset is the middle of the best answer's round trip", () => {
  const clock = createServerClock(() => 1000);
  clock.observe({ sentMs: 1000, receivedMs: 1100, serverMs: 6050 });
  expect(clock.nowMs()).toBe(6000);
  expect(clock.errorMs()).toBe(50);
});

test("a wider answer that agrees changes nothing, a narrower one does", () => {
  const clock = createServerClock(() => 1000);
  clock.observe({ sentMs: 1000, receivedMs: 1100, serverMs: 6050 });
  clock.observe({ sentMs: 1000, receivedMs: 1600, serverMs: 6300 });
  expect(clock.nowMs()).toBe(6000);
  clock.observe({ sentMs: 1000, receivedMs: 1010, serverMs: 6030 });
  expect(clock.nowMs()).toBe(6025);
  expect(clock.errorMs()).toBe(5);
});

test("an answer that contradicts the offset replaces it, since a clock was stepped", () => {
  const clock = createServerClock(() => 1000);
  clock.observe({ sentMs: 1000, receivedMs: 1010, serverMs: 6005 });
  clock.observe({ sentMs: 1000, receivedMs: 1400, serverMs: 91_200 });
  expect(clock.nowMs()).toBe(91_000);
});
