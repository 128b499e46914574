import fc from "fast-check";
import { expect, test } from "vitest";
import { createStorm } from "./storm.ts";

const at = (ms: number, severity: "warning" | "critical" | "emergency" = "warning") => ({
  decidedMs: ms,
  nowMs: ms,
  severity,
});

test("the first of a minute go through, those beyond are held until ten seconds later, then for each minute", () => {
  const storm = createStorm<number>(3);
  const held = [0, 1, 2, 3, 4].map((ms) => storm.holds(ms, at(ms)));
  expect(held).toEqual([false, false, false, true, true]);
  expect(storm.due(10_002)).toBeUndefined();
  expect(storm.due(10_003)).toEqual([3, 4]);
  expect(storm.holds(5, at(10_004))).toBe(true);
  expect(storm.due(70_002)).toBeUndefined();
  expect(storm.due(70_003)).toEqual([5]);
});

test("it is over when a minute brought none", () => {
  const storm = createStorm<number>(1);
  for (const ms of [0, 1]) storm.holds(ms, at(ms));
  expect(storm.due(20_000)).toEqual([1]);
  expect(storm.due(80_000)).toBeUndefined();
  expect(storm.holds(2, at(80_001))).toBe(false);
});

test("what is worse than all before in it is told at once", () => {
  const storm = createStorm<string>(1);
  storm.holds("first", at(0));
  storm.holds("second", at(1));
  expect(storm.due(2)).toBeUndefined();
  storm.holds("worse", at(2, "critical"));
  expect(storm.due(2)).toEqual(["second", "worse"]);
  storm.holds("as bad", at(3, "critical"));
  expect(storm.due(3)).toBeUndefined();
  storm.holds("worst", at(4, "emergency"));
  expect(storm.due(4)).toEqual(["as bad", "worst"]);
});

test("what was decided over hours is no storm, though it comes at once", () => {
  const storm = createStorm<number>(2);
  const hours = Array.from({ length: 50 }, (_, hour) => hour * 3_600_000);
  expect(hours.map((ms) => storm.holds(ms, { decidedMs: ms, nowMs: 1e9, severity: "high" }))).not.toContain(true);
});

test("of any messages in order at most so many a minute go through, and none is lost", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 5 }), (waits, perMinute) => {
      const storm = createStorm<number>(perMinute);
      const through: number[] = [];
      let told = 0;
      let ms = 0;
      for (const wait of waits) {
        ms += wait;
        told += storm.due(ms)?.length ?? 0;
        if (!storm.holds(ms, at(ms))) through.push(ms);
      }
      for (const [index, moment] of through.entries()) {
        const before = through.slice(0, index).filter((one) => one > moment - 60_000);
        // The first of a minute after a storm may follow its last ones.
        expect(before.length).toBeLessThan(perMinute * 2);
      }
      expect(through.length + told + storm.held().length).toBe(waits.length);
    }),
  );
});
