type Point = readonly [number, number];

/** Values over time, of which a picture needs some hundred. */
export type MetricPoints = {
  /** In the order of time. */
  add(atMs: number, value: number): void;
  points(): Point[];
};

type Part = { least: Point; most: Point };

/** Keeps the least and the greatest of each of `parts` equal parts of a span: no peak is lost. */
export function createMetricPoints(span: { fromMs: number; untilMs: number; parts: number }): MetricPoints {
  const { fromMs, untilMs, parts } = span;
  const kept = new Map<number, Part>();
  return {
    add(atMs, value) {
      const at = Math.min(parts - 1, Math.max(0, Math.floor(((atMs - fromMs) / (untilMs - fromMs)) * parts)));
      const point: Point = [atMs, value];
      const part = kept.get(at);
      if (part === undefined) {
        kept.set(at, { least: point, most: point });
        return;
      }
      if (value < part.least[1]) part.least = point;
      if (value > part.most[1]) part.most = point;
    },
    points: () =>
      [...kept.values()].flatMap(({ least, most }) => {
        if (least === most) return [least];
        return least[0] <= most[0] ? [least, most] : [most, least];
      }),
  };
}
