import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonErrorAt } from "./json-place.ts";

test("it agrees with the browser on what is JSON", () => {
  const written = fc.json({ noUnicodeString: false }).chain((text) =>
    fc.record({
      text: fc.constant(text),
      at: fc.nat({ max: text.length }),
      cut: fc.nat({ max: 2 }),
      put: fc.constantFrom("", "}", ",", '"', "[", ":", "0", "-", "\\", " ", "\n", "x"),
    }),
  );
  fc.assert(
    fc.property(written, ({ text, at, cut, put }) => {
      const changed = text.slice(0, at) + put + text.slice(at + cut);
      let valid = true;
      try {
        JSON.parse(changed);
      } catch {
        valid = false;
      }
      expect(jsonErrorAt(changed) === undefined).toBe(valid);
    }),
    { numRuns: 500 },
  );
});

test("the place is that of the first character that does not fit", () => {
  expect(jsonErrorAt('{"a": }')).toBe(6);
  expect(jsonErrorAt("[1, 2")).toBe(5);
  expect(jsonErrorAt('{"a": 1,}')).toBe(8);
  expect(jsonErrorAt("{} x")).toBe(3);
});
