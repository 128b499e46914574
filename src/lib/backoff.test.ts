import fc from "fast-check";
import { expect, test } from "vitest";
import { createBackoff } from "./backoff.ts";

test("each delay lies between half and all of a step that doubles up to its greatest", () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const limits = fc.record({ firstMs: fc.integer({ min: 1, max: 5000 }), maxMs: fc.integer({ min: 1, max: 120_000 }) });
  fc.assert(
    fc.property(limits, fc.array(random, { minLength: 1, maxLength: 30 }), ({ firstMs, maxMs }, draws) => {
      const backoff = createBackoff({ firstMs, maxMs, random: () => draws.at(tries) ?? 0 });
      let tries = 0;
      for (; tries < draws.length; tries += 1) {
        const stepMs = Math.min(maxMs, firstMs * 2 ** tries);
        const delayMs = backoff.nextMs();
        expect(delayMs).toBeGreaterThanOrEqual(Math.round(stepMs / 2));
        expect(delayMs).toBeLessThanOrEqual(stepMs);
      }
    }),
  );
});

test("after a success it begins anew", () => {
  const backoff = createBackoff({ firstMs: 100, maxMs: 10_000, random: () => 0.5 });
  const first = [backoff.nextMs(), backoff.nextMs(), backoff.nextMs()];
  backoff.reset();
  expect(first).toEqual([75, 150, 300]);
  expect(backoff.nextMs()).toBe(75);
});

test("two that failed together do not come back together", () => {
  const options = { firstMs: 10_000, maxMs: 10_000 };
  const delays = new Set(Array.from({ length: 20 }, () => createBackoff(options).nextMs()));
  expect(delays.size).toBeGreaterThan(1);
});
