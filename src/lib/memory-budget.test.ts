import fc from "fast-check";
import { expect, test } from "vitest";
import { createMemoryBudget } from "./memory-budget.ts";

const { signal } = new AbortController();

test("no more is held than the limit, but by one that is larger alone, and everyone gets what they wait for in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 50 }), async (sizes) => {
      const budget = createMemoryBudget(100);
      const served: number[] = [];
      await Promise.all(
        sizes.map(async (bytes, at) => {
          await budget.reserve(bytes, signal);
          served.push(at);
          expect(budget.held === bytes || budget.held <= 100).toBe(true);
          await Promise.resolve();
          budget.release(bytes);
        }),
      );
      expect(served).toEqual(sizes.map((_, at) => at));
      expect(budget.held).toBe(0);
    }),
  );
});

test("nobody overtakes one who waits", async () => {
  const budget = createMemoryBudget(100);
  expect(budget.tryReserve(60)).toBe(true);
  const waiting = budget.reserve(60, signal);
  expect(budget.tryReserve(10)).toBe(false);
  budget.release(60);
  await waiting;
  expect(budget.tryReserve(40)).toBe(true);
  expect(budget.tryReserve(1)).toBe(false);
});

test("who leaves the queue makes room for those behind", async () => {
  const budget = createMemoryBudget(100);
  budget.tryReserve(60);
  const leaving = new AbortController();
  const first = budget.reserve(60, leaving.signal);
  const second = budget.reserve(40, signal);
  leaving.abort(new Error("left"));
  await expect(first).rejects.toThrow("left");
  await second;
  expect(budget.held).toBe(100);
  await expect(budget.reserve(1, leaving.signal)).rejects.toThrow("left");
});
