import type { WatchContext } from "../context.ts";
import type { MetricSeries } from "../send/delivery-content.ts";
import type { Watch } from "../watch.ts";

/** The last values of the figures that alerts are about, for the pictures of messages. */
export type MetricBook = {
  note(watch: Watch, value: { about: string; ctx: WatchContext; nowMs: number }): void;
  series(watch: Watch, asked: { about: string; sinceMs: number }): MetricSeries | undefined;
};

const MOST_POINTS = 240;
/** Of one rule, what different alerts are about. */
const MOST_SERIES = 64;

export function createMetricBook(): MetricBook {
  const rules = new Map<string, Map<string, [number, number][]>>();

  return {
    note({ id, alert }, { about, ctx, nowMs }) {
      const value = alert?.metric?.value(ctx);
      if (value === undefined || !Number.isFinite(value)) return;
      const series = rules.get(id) ?? new Map<string, [number, number][]>();
      rules.set(id, series);
      const points = series.get(about) ?? [];
      // The newest stay: a map keeps the order in which its keys were set.
      series.delete(about);
      series.set(about, points);
      points.push([nowMs, value]);
      if (points.length > MOST_POINTS) points.shift();
      if (series.size <= MOST_SERIES) return;
      for (const oldest of series.keys()) {
        series.delete(oldest);
        break;
      }
    },
    series({ id, alert }, { about, sinceMs }) {
      const points = rules.get(id)?.get(about);
      if (alert?.metric === undefined || points === undefined || points.length < 2) return undefined;
      const { title, unit } = alert.metric;
      return { title, unit, points: [...points], marks: [sinceMs] };
    },
  };
}
