import { expect, test } from "vitest";
import type { Envelope } from "../events/envelope.ts";
import type { Clock } from "../lib/clock.ts";
import { createIntake } from "./intake.ts";

/** A clock that stands still. */
const clock: Clock = { nowUs: () => 100, monoUs: () => 0 };

const event = (node: string, receivedAtUs: number, length: number): Envelope => ({
  kind: "event",
  node,
  receivedAtUs,
  topic: "block",
  text: "x".repeat(length),
});
const rest = (receivedAtUs: number, body: unknown): Envelope => ({
  kind: "rest",
  node: "a",
  receivedAtUs,
  path: "/eth/v1/node/version",
  status: 200,
  body,
});
const gapOf = (node: string, fromUs: number, toUs: number): Envelope[] => [
  { kind: "stream", node, receivedAtUs: toUs, state: "closed", sinceUs: fromUs, cause: "overflow" },
  { kind: "stream", node, receivedAtUs: toUs, state: "open" },
];

test("what is beyond the items is dropped and counted, and becomes a gap once there is room", () => {
  const intake = createIntake(clock, { items: 4 });
  for (const atUs of [1, 2, 3, 4, 5, 6]) intake.emit(event("a", atUs, 1));
  expect(intake.counts()).toMatchObject({ size: 4, dropped: 2 });
  expect(intake.drain(10)).toHaveLength(4);
  intake.emit(event("a", 7, 1));
  expect(intake.drain(10)).toEqual([...gapOf("a", 5, 100), event("a", 7, 1)]);
});

test("what is beyond the bytes is dropped and counted, and becomes a gap once there is room", () => {
  const intake = createIntake(clock, { bytes: 1000 });
  intake.emit(event("a", 1, 600));
  intake.emit(event("b", 2, 600));
  intake.emit(event("b", 3, 401));
  intake.emit(event("a", 4, 400));
  expect(intake.counts()).toMatchObject({ size: 2, dropped: 2 });
  // Half full: not room enough to tell of it.
  expect(intake.drain(1)).toEqual([event("a", 1, 600)]);
  intake.emit(event("a", 5, 200));
  expect(intake.drain(10)).toEqual([event("a", 4, 400), ...gapOf("b", 2, 100), event("a", 5, 200)]);
  expect(intake.oldestUs()).toBeUndefined();
});

test("the states of the streams are taken however many bytes wait", () => {
  const intake = createIntake(clock, { bytes: 10 });
  const closed: Envelope = { kind: "stream", node: "a", receivedAtUs: 2, state: "closed" };
  intake.emit(event("a", 1, 10));
  intake.emit(closed);
  expect(intake.drain(10)).toEqual([event("a", 1, 10), closed]);
});

test("the body of an answer counts with about its length, however deep it is nested", () => {
  const intake = createIntake(clock, { bytes: 10_000 });
  const long = { data: Array.from({ length: 20 }, () => ({ root: "x".repeat(500) })) };
  intake.emit(rest(1, long));
  expect(intake.counts()).toMatchObject({ size: 0, dropped: 1 });
  let deep: unknown = 1;
  for (let i = 0; i < 200_000; i++) deep = [deep];
  intake.emit(rest(2, deep));
  expect(intake.counts().dropped).toBe(2);
  intake.emit(rest(3, { data: { version: "Lighthouse/v8.0.0" } }));
  expect(intake.drain(10).at(-1)).toEqual(rest(3, { data: { version: "Lighthouse/v8.0.0" } }));
});
