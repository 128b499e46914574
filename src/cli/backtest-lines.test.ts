import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Backtest } from "../alert/desk.ts";
import { backtestLines, noticeMs } from "./backtest-lines.ts";
import { backtestSvg } from "./backtest-svg.ts";
import { metricPicture } from "./metric-picture.ts";

const DAY_MS = 86_400_000;
const FROM_MS = Date.UTC(2026, 10, 1);
const HOUR_MS = 3_600_000;

type Alert = Backtest["alerts"][number];
const alert = (sinceMs: number, more: Partial<Alert> = {}): Alert => ({
  rule: "r",
  about: "a",
  severity: "warning",
  title: "Late",
  slot: 7,
  nodes: [],
  since_ms: FROM_MS + sinceMs,
  until_ms: FROM_MS + sinceMs + HOUR_MS,
  met: 1,
  told: [{ action: "log", stage: "new", at_ms: FROM_MS + sinceMs, status: "pending" }],
  ...more,
});
const result = (more: Partial<Backtest> = {}): Backtest => ({
  from_ms: FROM_MS,
  until_ms: FROM_MS + 10 * DAY_MS,
  checks: 100,
  failures: 0,
  failure: null,
  alerts: [],
  metric: null,
  notes: [],
  ...more,
});
const metric = (points: [number, number][]) => ({ title: "Delay", unit: "ms", points });

describe("the picture of a metric", () => {
  test("has the greatest value of each moment, the firings below it, and the span", () => {
    const points: [number, number][] = [0, 8, 4, 2, 1, 0, 0, 0, 0, 8].map((value, i) => [FROM_MS + i * DAY_MS, value]);
    const lines = metricPicture({
      result: result({ metric: metric(points), alerts: [alert(DAY_MS, { until_ms: FROM_MS + 3 * DAY_MS })] }),
      width: 13,
    });
    expect(lines).toEqual([
      "Delay (ms)",
      "8 ┤ █       █",
      "  ┤ █       █",
      "  ┤ █       █",
      "  ┤ █       █",
      "  ┤ ██      █",
      "  ┤ ██      █",
      "  ┤ ███     █",
      "0 ┤▁████▁▁▁▁█",
      "    ▲──",
      "   2026-11-01 00:00 2026-11-11 00:00",
    ]);
  });

  test("never is wider than it may be, whatever is drawn", () => {
    const points = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 10 * DAY_MS }), fc.double({ min: -1e9, max: 1e9, noNaN: true })),
    );
    fc.assert(
      fc.property(points, fc.integer({ min: 60, max: 200 }), (told, width) => {
        const placed = told.map(([at, value]): [number, number] => [FROM_MS + at, value]);
        const drawn = result({ metric: metric(placed), alerts: told.map(([at]) => alert(at)) });
        for (const line of metricPicture({ result: drawn, width })) expect([...line].length).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe("a back-test for people", () => {
  test("says how often, when, how long and with how much notice", () => {
    const worse = alert(DAY_MS, {
      severity: "high",
      slot: null,
      until_ms: null,
      told: [
        { action: "log", stage: "new", at_ms: FROM_MS + DAY_MS, status: "pending" },
        { action: "log", stage: "worse", at_ms: FROM_MS + DAY_MS + 90_000, status: "pending" },
      ],
    });
    const lines = backtestLines("late", result({ alerts: [alert(0), worse], notes: ["It ends here."] }), 80);
    expect(lines[0]).toBe(
      "late over 10 d to 2026-11-11 00:00 UTC: 2 firings, 0.2 a day, the longest pause 23 h; people would have been told 3 times, in 100 checks.",
    );
    expect(lines.slice(2, 5)).toEqual([
      "since (UTC)          duration  severity  slot  notice      title",
      "2026-11-01 00:00:00  1 h       warning      7  -           Late",
      "2026-11-02 00:00:00  not over  high            1 min 30 s  Late",
    ]);
    expect(lines.at(-1)).toBe("Note: It ends here.");
    expect([noticeMs(alert(0)), noticeMs(worse)]).toEqual([undefined, 90_000]);
    expect(backtestLines("late", result(), 80)[0]).toBe(
      "late over 10 d to 2026-11-11 00:00 UTC: it would not have fired, in 100 checks.",
    );
  });

  test("as a picture is well-formed, strangers' words being text", () => {
    const title = '<script>&"x"';
    const svg = backtestSvg(
      "late",
      result({
        alerts: [alert(0, { title })],
        metric: metric([
          [FROM_MS, 1],
          [FROM_MS + DAY_MS, 5],
        ]),
      }),
    );
    expect(svg).toContain("<title>2026-11-01 00:00 warning: &lt;script&gt;&amp;&quot;x&quot;</title>");
    expect(svg).not.toContain("<script>");
    expect(svg).toMatch(/<polyline points="70,[\d.]+ 157,44"/);
    expect(svg.match(/<(?!\/|path|polyline|rect|text|title|svg)/g)).toBeNull();
    expect(backtestSvg("late", result())).toContain("late, 0 firings");
  });
});
