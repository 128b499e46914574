import fc from "fast-check";
import { expect, test } from "vitest";
import {
  formatAgo,
  formatCount,
  formatDelay,
  formatDuration,
  formatList,
  formatRate,
  formatShare,
  formatSlotRange,
  formatUtc,
  formatUtcTime,
  sentenceOf,
  shortRoot,
} from "./format.ts";

test("a share is whole only when nothing is missing, and nothing only when there is nothing", () => {
  expect(formatShare({ had: 7200, of: 7200 })).toBe("100 %");
  expect(formatShare({ had: 7199, of: 7200 })).toBe("99.9 %");
  expect(formatShare({ had: 1, of: 7200 })).toBe("0.1 %");
  expect(formatShare({ had: 0, of: 7200 })).toBe("0 %");
  expect(formatShare({ had: 68, of: 70 })).toBe("97.1 %");
});

test("rates have a decimal below ten", () => {
  expect([0, 0.34, 9.94, 38.2].map(formatRate)).toEqual(["0 / s", "0.3 / s", "9.9 / s", "38 / s"]);
});

test("what others told becomes a sentence, whether or not it was one", () => {
  expect(sentenceOf("the stream broke")).toBe("The stream broke.");
  expect(sentenceOf("Node n1 is on another network.")).toBe("Node n1 is on another network.");
});

test("a delay keeps its sign, and a rounded zero has none", () => {
  expect(formatDelay(4900)).toBe("4.90 s");
  expect(formatDelay(-90)).toBe("−0.09 s");
  expect(formatDelay(-3)).toBe("0.00 s");
});

test("a delay is never further from its value than half a unit of the last digit", () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (delayMs) => {
      const shown = Number(formatDelay(delayMs).replace("−", "-").replace(" s", ""));
      expect(Math.abs(shown * 1000 - delayMs)).toBeLessThanOrEqual(5.001);
    }),
  );
});

test("durations show their two largest units", () => {
  expect([820, 12_900, 60_000, 200_000, 7_500_000, 356_400_000].map(formatDuration)).toEqual([
    "0.8 s",
    "12 s",
    "1 min",
    "3 min 20 s",
    "2 h 5 min",
    "4 d 3 h",
  ]);
});

test("a moment is told by its largest unit, and a little ahead of the clock is now", () => {
  expect([5000, 4500, -8000, -115_000, -7_200_000].map((then) => formatAgo(5000, then))).toEqual([
    "now",
    "now",
    "13 s ago",
    "2 min ago",
    "2 h ago",
  ]);
  expect(formatAgo(5000, 9000)).toBe("now");
});

test("times are UTC wherever the machine is", () => {
  expect(formatUtc(Date.UTC(2026, 10, 22, 2, 14, 5, 7))).toBe("2026-11-22 02:14:05 UTC");
  expect(formatUtc(Date.UTC(2026, 10, 22, 2, 14, 5, 7), "ms")).toBe("2026-11-22 02:14:05.007 UTC");
  expect(formatUtcTime(Date.UTC(2026, 10, 22, 23, 59, 59))).toBe("23:59:59");
});

test("roots are shortened in the middle, short ones stay", () => {
  expect(shortRoot(`0x7c98${"0".repeat(56)}7c3b`)).toBe("0x7c98…7c3b");
  expect(shortRoot("0x00")).toBe("0x00");
});

test("counts, lists and slot ranges read as words", () => {
  expect([formatCount(1, "slot"), formatCount(0, "slot"), formatCount(2, "branch", "branches")]).toEqual([
    "1 slot",
    "0 slots",
    "2 branches",
  ]);
  expect([[], ["n1"], ["n1", "n2"], ["n1", "n2", "n3"]].map(formatList)).toEqual([
    "",
    "n1",
    "n1 and n2",
    "n1, n2 and n3",
  ]);
  expect([formatSlotRange(12345, 12345), formatSlotRange(12345, 12347)]).toEqual(["slot 12345", "slots 12345–12347"]);
});
