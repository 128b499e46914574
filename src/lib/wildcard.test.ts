import fc from "fast-check";
import { expect, test } from "vitest";
import { wildcard } from "./wildcard.ts";

test("a pattern matches what the regular expression of it matches", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
  fc.assert(
    fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 }), (pattern, text) => {
      expect(wildcard(pattern)(text)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(text));
    }),
  );
});

test("stars without end cost no more than their number", () => {
  expect(wildcard(`${"*a".repeat(5_000)}*c`)("a".repeat(100_000))).toBe(false);
});
