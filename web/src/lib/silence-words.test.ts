import fc from "fast-check";
import { expect, test } from "vitest";
import type { Silence } from "../../../src/serve/views.ts";
import { coverWords, fitsPattern, hoursOf, silenceOf, spanWords } from "./silence-words.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 10);
const silence = (changes: Partial<Silence> = {}): Silence => ({
  id: "s",
  rules: ["late-*"],
  nodes: [],
  from_ms: NOW_MS - 1000,
  until_ms: NOW_MS + 3_600_000,
  reason: "",
  ...changes,
});

const alert = { rule: "late-blocks", nodes: ["n1", "n2"] };

test.each([
  ["a rule that fits", silence(), true],
  ["another rule", silence({ rules: ["reorg"] }), false],
  ["all of its nodes", silence({ nodes: ["n1", "n2", "n3"] }), true],
  ["one of its nodes", silence({ nodes: ["n1"] }), false],
  ["a time to come", silence({ from_ms: NOW_MS + 1 }), false],
  ["a time that is over", silence({ until_ms: NOW_MS }), false],
])("a silence of %s covers an alert or not", (_, one, covers) => {
  expect(silenceOf(alert, [one], NOW_MS)).toBe(covers ? one : undefined);
});

test("an alert without nodes is not covered by a silence of nodes", () => {
  expect(silenceOf({ rule: "late-blocks", nodes: [] }, [silence({ nodes: ["n1"] })], NOW_MS)).toBeUndefined();
});

test("a pattern fits what it was made from, and a regular expression agrees", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", ".", "*"), maxLength: 6 });
  fc.assert(
    fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 8 }), (pattern, id) => {
      const expression = new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`);
      expect(fitsPattern(pattern, id)).toBe(expression.test(id));
    }),
  );
});

test("a silence says what it covers and how long it still lasts", () => {
  const titleOf = (rule: string) => (rule === "late-blocks" ? "Late blocks" : rule);
  expect(coverWords({ rules: ["*"], nodes: [] }, titleOf)).toBe("every rule");
  expect(coverWords({ rules: ["late-blocks", "x"], nodes: ["n1", "n2"] }, titleOf)).toBe(
    "Late blocks and x on n1 and n2",
  );
  expect(spanWords(silence(), NOW_MS)).toBe("until 2026-11-22 11:00:00 UTC, 1 h more");
  expect(spanWords(silence({ from_ms: NOW_MS + 1_800_000 }), NOW_MS)).toBe("from 2026-11-22 10:30:00 UTC for 30 min");
});

test.each([
  ["0.5", 0.5],
  ["1,5", 1.5],
  ["720", 720],
  ["0", undefined],
  ["-1", undefined],
  ["721", undefined],
  ["", undefined],
  ["soon", undefined],
])("'%s' hours", (text, hours) => {
  expect(hoursOf(text)).toBe(hours);
});
