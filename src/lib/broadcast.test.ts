import { expect, test } from "vitest";
import { createBroadcaster } from "./broadcast.ts";

test("every subscriber gets every item, in order", () => {
  const broadcaster = createBroadcaster<number>();
  const [a, b] = [broadcaster.subscribe(10), broadcaster.subscribe(10)];
  for (const item of [1, 2, 3]) broadcaster.publish(item);
  expect([a.queue.drain(), b.queue.drain()]).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
});

test("a subscriber that falls behind is dropped and told, and holds no other one up", () => {
  const broadcaster = createBroadcaster<number>();
  const slow = broadcaster.subscribe(2);
  const fast = broadcaster.subscribe(2);
  const read: number[] = [];
  for (let item = 1; item <= 5; item += 1) {
    broadcaster.publish(item);
    read.push(...fast.queue.drain());
  }
  expect(read).toEqual([1, 2, 3, 4, 5]);
  expect(fast.lost()).toBe(false);
  expect(slow.lost()).toBe(true);
  expect(slow.queue.closed).toBe(true);
  expect(slow.queue.drain()).toEqual([1, 2]);
  expect(broadcaster.subscribers).toBe(1);
});

test("a subscriber that left is not lost, and gets nothing more", () => {
  const broadcaster = createBroadcaster<number>();
  const left = broadcaster.subscribe(2);
  left.close();
  broadcaster.publish(1);
  expect(left.lost()).toBe(false);
  expect(left.queue.counts()).toMatchObject({ size: 0, dropped: 0 });
  expect(broadcaster.subscribers).toBe(0);
});
