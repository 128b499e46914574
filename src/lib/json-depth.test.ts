import fc from "fast-check";
import { expect, test } from "vitest";
import { isDeeperThan } from "./json-depth.ts";

test("the depth of a value is that of its text, whatever brackets its strings hold", () => {
  const depthOf = (value: unknown): number =>
    typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: fc.constantFrom("[", "{", "}", '"', "\\", "a") }), (value) => {
      const text = JSON.stringify(value);
      const depth = depthOf(value);
      expect(isDeeperThan(text, depth)).toBe(false);
      if (depth > 0) expect(isDeeperThan(text, depth - 1)).toBe(true);
    }),
  );
});

test("a hundred thousand brackets are told without a stack of them", () => {
  expect(isDeeperThan("[".repeat(100_000), 1000)).toBe(true);
  expect(isDeeperThan("[]".repeat(100_000), 1000)).toBe(false);
});
