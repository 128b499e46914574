import fc from "fast-check";
import { expect, test } from "vitest";
import { utcWords } from "../../lib/moment-words.ts";
import { cut, durationWords, oneLine, plainText, utcTimeWords } from "./words.ts";

test("times are UTC, and the day is told once", () => {
  const ms = Date.UTC(2026, 10, 28, 23, 59, 59, 900);
  expect(utcWords(ms)).toBe("2026-11-28 23:59:59 UTC");
  expect(utcTimeWords(ms, ms - 1000)).toBe("23:59:59 UTC");
  expect(utcTimeWords(ms + 1000, ms)).toBe("2026-11-29 00:00:00 UTC");
});

test.each([
  [0, "0 s"],
  [59_400, "59 s"],
  [60_000, "1 min"],
  [61_000, "1 min 1 s"],
  [12 * 60_000 + 30_000, "12 min"],
  [3_600_000, "1 h"],
  [2 * 3_600_000 + 5 * 60_000, "2 h 5 min"],
  [76 * 3_600_000, "3 d 4 h"],
  [-5, "0 s"],
])("%i ms are %s", (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

/** Any code points, halves of surrogate pairs as well. */
const anyText = fc
  .array(fc.oneof(fc.nat(0x2fff), fc.nat(0x10ffff)), { maxLength: 200 })
  .map((points) => String.fromCodePoint(...points));

test("one line has no breaks and nothing that turns it round, whatever it was", () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 2, max: 100 }), (text, limit) => {
      const line = oneLine(text, limit);
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      expect(line.length).toBeLessThanOrEqual(limit);
      expect(line.isWellFormed()).toBe(true);
    }),
  );
});

test("a text keeps its lines and loses its control characters", () => {
  expect(plainText("one\r\ntwo\u0007\u001b[31m\tthree\rfour", 100)).toBe("one\ntwo  [31m\tthree\nfour");
});

test("what is too long ends in an ellipsis, not in half a character", () => {
  expect(cut("abcdef", 4)).toBe("abc…");
  expect(cut("ab😀def", 4)).toBe("ab…");
});
