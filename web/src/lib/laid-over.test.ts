import { expect, test } from "vitest";
import { laidOver } from "./laid-over.ts";

test("the stream's records stand over the stored ones, within the bounds, in order", () => {
  const stored = [3, 2, 1].map((slot) => ({ slot, from: "store" }));
  const live = new Map([2, 4, 9].map((slot) => [slot, { slot, from: "stream" }]));
  const over = laidOver({ stored, live, keyOf: ({ slot }) => slot, first: 2, last: 4 });
  expect(over).toEqual([
    { slot: 2, from: "stream" },
    { slot: 3, from: "store" },
    { slot: 4, from: "stream" },
  ]);
});
