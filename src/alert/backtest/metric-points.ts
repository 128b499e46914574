type Point = readonly [number, number];

/** Values over time, of which a picture needs some hundred. */
export type MetricPoints = {
  /** In the order of time. */
  add(atMs: number, value: number): void;
  /** False where so many values of that time are known that one more is worth no work. */
  wants(atMs: number): boolean;
  points(): Point[];
};

type Part = { least: Point; most: Point; values: number };

/** A column of a picture is no better for more. */
const ENOUGH = 8;

/** Keeps the least and the greatest of each of `parts` equal parts of a span: no peak is lost. */
export function createMetricPoints(span: { fromMs: number; untilMs: number; parts: number }): MetricPoints {
  const { fromMs, untilMs, parts } = span;
  const kept = new Map<number, Part>();
  const partOf = (atMs: number) =>
    Math.min(parts - 1, Math.max(0, Math.floor(((atMs - fromMs) / (untilMs - fromMs)) * parts)));
  return {
    add(atMs, value) {
      const at = partOf(atMs);
      const point: Point = [atMs, value];
      const part = kept.get(at);
      if (part === undefined) {
        kept.set(at, { least: point, most: point, values: 1 });
        return;
      }
      part.values += 1;
      if (value < part.least[1]) part.least = point;
      if (value > part.most[1]) part.most = point;
    },
    wants: (atMs) => (kept.get(partOf(atMs))?.values ?? 0) < ENOUGH,
    points: () =>
      [...kept.values()].flatMap(({ least, most }) => {
        if (least === most) return [least];
        return least[0] <= most[0] ? [least, most] : [most, least];
      }),
  };
}
