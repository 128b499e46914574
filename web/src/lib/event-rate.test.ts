import { expect, test } from "vitest";
import { createRateMeter } from "./event-rate.ts";

test("a rate is that of the last window, and a quiet node's falls to zero", () => {
  const meter = createRateMeter(10_000);
  for (let second = 0; second <= 30; second += 1) {
    meter.note({ node: "n1", events: 40 * second, nowMs: second * 1000 });
  }
  expect(meter.perSecond("n1")).toBe(40);
  for (let second = 31; second <= 35; second += 1) meter.note({ node: "n1", events: 1200, nowMs: second * 1000 });
  expect(meter.perSecond("n1")).toBe(20);
  for (let second = 36; second <= 45; second += 1) meter.note({ node: "n1", events: 1200, nowMs: second * 1000 });
  expect(meter.perSecond("n1")).toBe(0);
});

test("nothing is told before there is something to measure, nor across a restart of the monitor", () => {
  const meter = createRateMeter(10_000);
  meter.note({ node: "n1", events: 5000, nowMs: 0 });
  expect(meter.perSecond("n1")).toBeUndefined();
  expect(meter.perSecond("n2")).toBeUndefined();
  meter.note({ node: "n1", events: 5100, nowMs: 2000 });
  expect(meter.perSecond("n1")).toBe(50);
  meter.note({ node: "n1", events: 3, nowMs: 3000 });
  expect(meter.perSecond("n1")).toBeUndefined();
  meter.note({ node: "n1", events: 13, nowMs: 5000 });
  expect(meter.perSecond("n1")).toBe(5);
});
