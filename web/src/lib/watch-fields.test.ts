import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pathText } from "./json-spans.ts";
import {
  conditionWords,
  parametersOf,
  rangeLimitsOf,
  readThreshold,
  thresholdsOf,
  valueAtPath,
  withValueAt,
} from "./watch-fields.ts";

const told = (thresholds: ReturnType<typeof thresholdsOf>) =>
  thresholds.map(({ path, label, value }) => [pathText(path), label, value]);

describe("thresholds", () => {
  test("are what a comparison compares with", () => {
    const condition = { compare: { "ctx.payload.hits.total": { gte: 5 } } };
    expect(told(thresholdsOf(condition, ["condition"]))).toEqual([
      ["condition.compare.ctx.payload.hits.total.gte", "hits.total is at least", 5],
    ]);
  });

  test("are what the elements of a list are compared with", () => {
    const condition = {
      array_compare: { "ctx.payload.buckets": { path: "doc_count", gt: { value: 25, quantifier: "all" } } },
    };
    expect(told(thresholdsOf(condition, ["condition"]))).toEqual([
      ["condition.array_compare.ctx.payload.buckets.gt.value", "all doc_count in buckets is more than", 25],
    ]);
  });

  test("are the parameters of a script, and no templates", () => {
    const condition = { script: { source: "return true", params: { limit: 4000, of: "{{ctx.metadata.x}}" } } };
    expect(told(thresholdsOf(condition, []))).toEqual([["script.params.limit", "limit", 4000]]);
    expect(thresholdsOf({ compare: { "ctx.execution_time": { gt: "<{now-5m}>" } } }, [])).toEqual([]);
  });

  test("are the numbers of the metadata that is no text of the rule, and the limits of ranges that are not of time", () => {
    const metadata = { name: "A", description: "B", alert: { x: 1 }, late_ms: 4000, limits: { depth: 2 } };
    expect(told(parametersOf({ metadata }))).toEqual([
      ["metadata.late_ms", "late_ms", 4000],
      ["metadata.limits.depth", "limits depth", 2],
    ]);
    const search = {
      body: { query: { bool: { filter: [{ range: { delay_ms: { gte: 4000 }, "@timestamp": { gte: "now-5m" } } }] } } },
    };
    expect(told(rangeLimitsOf(search, ["input"]))).toEqual([
      ["input.body.query.bool.filter[0].range.delay_ms.gte", "delay_ms is at least", 4000],
    ]);
  });
});

test.each([
  [undefined, "always"],
  [{ never: {} }, "never"],
  [{ compare: { "ctx.payload.hits.total": { gt: 0 } } }, "hits.total is more than 0"],
  [{ array_compare: { "ctx.payload.b": { path: "count", gte: { value: 25 } } } }, "some count of b is at least 25"],
  [{ script: "return ctx.payload.a > 1" }, "return ctx.payload.a > 1"],
  [{ script: { source: "ctx.payload.a > 1" } }, "ctx.payload.a > 1"],
])("%j is '%s'", (condition, words) => {
  expect(conditionWords(condition)).toBe(words);
});

test.each([
  [5, "7", 7],
  [5, "0,5", 0.5],
  [5, "", undefined],
  [5, "many", undefined],
  ["a", "b", "b"],
  [true, "false", false],
] as const)("over %j '%s' is read as %j", (before, text, value) => {
  expect(readThreshold(before, text)).toBe(value);
});

test("a changed value is the only one that differs", () => {
  const key = fc.constantFrom("a", "b", "c");
  fc.assert(
    fc.property(
      fc.object({ key, maxDepth: 3, values: [fc.integer()] }),
      fc.array(key, { minLength: 1, maxLength: 3 }),
      fc.integer(),
      (value, path, next) => {
        const before = structuredClone(value);
        const changed = withValueAt(value, path, next);
        expect(value).toEqual(before);
        expect(valueAtPath(changed, path)).toBe(next);
        const restored = withValueAt(changed, path, valueAtPath(value, path));
        if (valueAtPath(value, path) !== undefined) expect(restored).toEqual(value);
      },
    ),
  );
});

test("elements of a list are replaced and taken away", () => {
  const watch = { severity: [{ severity: "high" }, { severity: "warning" }] };
  expect(withValueAt(watch, ["severity", 1, "severity"], "info")).toEqual({
    severity: [{ severity: "high" }, { severity: "info" }],
  });
  expect(withValueAt(watch, ["severity", 0], undefined)).toEqual({ severity: [{ severity: "warning" }] });
});
