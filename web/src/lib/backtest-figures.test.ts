import { expect, test } from "vitest";
import type { Backtest } from "../../../src/serve/views.ts";
import { backtestFigures, type Firing, firedWords, metricRuns, pictureSpan, rateWords } from "./backtest-figures.ts";

const DAY_MS = 86_400_000;
const firing = (since_ms: number, until_ms: number | null, severity: Firing["severity"] = "warning") =>
  ({ since_ms, until_ms, severity }) as Firing;
const backtest = (alerts: readonly Firing[], days = 2): Backtest => ({
  from_ms: 0,
  until_ms: days * DAY_MS,
  checks: 10,
  failures: 0,
  failure: null,
  alerts,
  metric: null,
  notes: [],
});

test("firings are counted by day and severity, and what overlaps is counted once", () => {
  const figures = backtestFigures(
    backtest([firing(0, DAY_MS), firing(DAY_MS / 2, DAY_MS, "high"), firing(DAY_MS * 1.5, null)]),
  );
  expect(figures).toEqual({
    perDay: 1.5,
    bySeverity: [
      { severity: "high", count: 1 },
      { severity: "warning", count: 2 },
    ],
    share: 0.75,
  });
});

test("how often it would have fired is told in words", () => {
  expect(firedWords(backtest([]))).toBe("It would not have fired once in 2 d.");
  expect(firedWords(backtest([firing(0, 1)]))).toBe("It would have fired 1 time in 2 d, 0.5 a day.");
  expect(firedWords(backtest([firing(0, 1)], 0.5))).toBe("It would have fired 1 time in 12 h.");
  expect([12.4, 0.04].map(rateWords)).toEqual(["12 a day", "less than one in ten days"]);
});

test("the line of a metric breaks where nothing was known", () => {
  const points = [0, 1, 2, 3, 100, 101].map((ms) => [ms, 1] as const);
  expect(metricRuns(points).map((run) => run.length)).toEqual([4, 2]);
  expect(metricRuns([])).toEqual([]);
});

test("what is not stored counts for nothing, and is not drawn where it is most of the span", () => {
  const points = [
    [DAY_MS * 9, 1],
    [DAY_MS * 10, 2],
  ] as const;
  const late = { ...backtest([firing(DAY_MS * 9.5, DAY_MS * 9.6)], 10), metric: { title: "a", unit: "ms", points } };
  expect(firedWords(late)).toBe("It would have fired 1 time in 1 d, 1.0 a day.");
  expect(pictureSpan(late).fromMs).toBeCloseTo(DAY_MS * 8.97);
  const early = { ...late, metric: { ...late.metric, points: [[DAY_MS, 1] as const, ...points] } };
  expect(pictureSpan(early)).toEqual({ fromMs: 0, toMs: DAY_MS * 10 });
});
