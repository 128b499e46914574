import { expect, test } from "vitest";
import { isFiltered, quietSinceMs, readAlertFilter, sectionsOf } from "./alert-filter.ts";
import { alertOf } from "./alert-rig.ts";

const ALL = readAlertFilter(new URLSearchParams());

test("the address says what is shown, and what it cannot mean is left out", () => {
  expect(readAlertFilter(new URLSearchParams("rule=late-blocks&severity=high&node=n1"))).toEqual({
    rule: "late-blocks",
    severity: "high",
    node: "n1",
  });
  expect(readAlertFilter(new URLSearchParams("severity=loud"))).toEqual(ALL);
  expect(isFiltered(ALL)).toBe(false);
});

test("alerts stand in their sections, newest first, and what was told last of one counts", () => {
  const sections = sectionsOf(
    [alertOf(1), alertOf(3), alertOf(2, { state: "over", until_ms: 9 }), alertOf(1, { state: "acknowledged" })],
    ALL,
  );
  expect(sections.open.map(({ since_ms }) => since_ms)).toEqual([3]);
  expect(sections.acknowledged.map(({ since_ms }) => since_ms)).toEqual([1]);
  expect(sections.over.map(({ since_ms }) => since_ms)).toEqual([2]);
});

test.each([
  ["rule=other", [2]],
  ["severity=high", [3]],
  ["node=n2", [4]],
  ["severity=warning&node=n2", [4]],
  ["severity=emergency", []],
])("%s chooses", (query, chosen) => {
  const alerts = [
    alertOf(1),
    alertOf(2, { rule: "other", severity: "info" }),
    alertOf(3, { severity: "critical" }),
    alertOf(4, { nodes: ["n1", "n2"] }),
  ];
  const { open } = sectionsOf(alerts, readAlertFilter(new URLSearchParams(query)));
  expect(open.map(({ since_ms }) => since_ms)).toEqual(chosen);
});

test("it is quiet since the last alert ended, whichever began last", () => {
  expect(quietSinceMs([alertOf(5, { until_ms: 6 }), alertOf(1, { until_ms: 9 })])).toBe(9);
  expect(quietSinceMs([])).toBeUndefined();
});
