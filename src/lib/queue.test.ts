import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createQueue, type WhenFull } from "./queue.ts";

const commands = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("push" as const), times: fc.integer({ min: 1, max: 40 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("drain" as const), times: fc.integer({ min: 0, max: 60 }) }),
    },
  ),
  { maxLength: 200 },
);

describe("a bounded queue", () => {
  test.each<WhenFull>(["refuse", "drop_oldest"])(
    "%s: keeps order and its limit, and every item is accounted for",
    (whenFull) => {
      fc.assert(
        fc.property(commands, fc.integer({ min: 1, max: 50 }), (steps, limit) => {
          const dropped: number[] = [];
          const queue = createQueue<number>({ limit, whenFull, onDrop: (item) => dropped.push(item) });
          let model: number[] = [];
          let offered = 0;
          let taken = 0;
          for (const step of steps) {
            if (step.kind === "push") {
              for (let i = 0; i < step.times; i += 1) {
                const fits = model.length < limit;
                if (fits || whenFull === "drop_oldest") model = [...model, offered].slice(-limit);
                expect(queue.push(offered)).toBe(fits);
                offered += 1;
                expect(queue.counts().size).toBeLessThanOrEqual(limit);
              }
            } else {
              const items = queue.drain(step.times);
              expect(items).toEqual(model.slice(0, step.times));
              model = model.slice(step.times);
              taken += items.length;
            }
          }
          const counts = queue.counts();
          expect(counts.size).toBe(model.length);
          expect(counts.dropped).toBe(dropped.length);
          expect(offered).toBe(taken + counts.size + counts.dropped);
          expect(counts.highWater).toBeLessThanOrEqual(limit);
          expect(queue.drain()).toEqual(model);
        }),
      );
    },
  );

  test("heavy items count as much as they weigh, dropped or not", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 })), fc.integer({ min: 1, max: 30 }), (weights, limit) => {
        const queue = createQueue<number>({ limit, whenFull: "refuse", weightOf: (weight) => weight });
        const taken: number[] = [];
        for (const [i, weight] of weights.entries()) {
          const { size } = queue.counts();
          expect(queue.push(weight)).toBe(size + weight <= limit);
          if (i % 5 === 4) taken.push(...queue.drain(2));
        }
        taken.push(...queue.drain());
        const sum = (all: readonly number[]) => all.reduce((total, weight) => total + weight, 0);
        const { size, pushed, dropped, highWater } = queue.counts();
        expect({ size, pushed, dropped }).toEqual({ size: 0, pushed: sum(taken), dropped: sum(weights) - sum(taken) });
        expect(highWater).toBeLessThanOrEqual(limit);
      }),
    );
  });

  test("stays in order over many thousand items that come and go", () => {
    const queue = createQueue<number>({ limit: 5000, whenFull: "drop_oldest" });
    for (let i = 0; i < 20_000; i += 1) queue.push(i);
    for (let i = 15_000; i < 20_000; i += 1) expect(queue.drain(1)).toEqual([i]);
    expect(queue.counts()).toMatchObject({ size: 0, dropped: 15_000, pushed: 20_000, highWater: 5000 });
  });

  test("what is offered to a closed queue is refused and counted", () => {
    const queue = createQueue<string>({ limit: 10, whenFull: "drop_oldest" });
    queue.push("a");
    queue.close();
    expect(queue.push("b")).toBe(false);
    expect(queue.drain()).toEqual(["a"]);
    expect(queue.counts()).toMatchObject({ pushed: 1, dropped: 1 });
  });

  test("a reader that waits is woken by an item, and by the end", async () => {
    const queue = createQueue<string>({ limit: 10, whenFull: "refuse" });
    const waiting = Promise.all([queue.ready(), queue.ready()]);
    queue.push("a");
    await waiting;
    queue.drain();
    const ending = queue.ready();
    queue.close();
    await ending;
    await queue.ready();
  });

  test("a reader by iteration gets what was queued before the end, in order, and then stops", async () => {
    const queue = createQueue<number>({ limit: 100, whenFull: "refuse" });
    const read: number[] = [];
    const reading = (async () => {
      for await (const item of queue) read.push(item);
    })();
    for (let i = 0; i < 50; i += 1) queue.push(i);
    await queue.ready();
    for (let i = 50; i < 99; i += 1) queue.push(i);
    queue.close();
    await reading;
    expect(read).toEqual(Array.from({ length: 99 }, (_, i) => i));
  });

  test("a reader that stops leaves the rest to the next one", async () => {
    const queue = createQueue<number>({ limit: 10, whenFull: "refuse" });
    for (const item of [1, 2, 3]) queue.push(item);
    for await (const item of queue) if (item === 1) break;
    expect(queue.drain()).toEqual([2, 3]);
  });

  test("what a slow reader has not taken counts against the limit", async () => {
    const queue = createQueue<number>({ limit: 3, whenFull: "refuse" });
    for (const item of [1, 2, 3]) queue.push(item);
    for await (const item of queue) {
      expect(item).toBe(1);
      expect([queue.push(4), queue.push(5)]).toEqual([true, false]);
      break;
    }
  });
});
