import fc from "fast-check";
import { decode } from "fast-png";
import { expect, test } from "vitest";
import type { MetricSeries } from "./delivery-content.ts";
import { drawMetric } from "./picture.ts";
import { encodePng } from "./png.ts";

const startMs = Date.UTC(2026, 10, 28, 3);
const series = (changes: Partial<MetricSeries> = {}): MetricSeries => ({
  title: "Arrival of the block",
  unit: "ms",
  points: Array.from({ length: 60 }, (_, at) => [startMs + at * 12_000, at < 40 ? 1_200 : 5_000] as const),
  threshold: 4_000,
  marks: [startMs + 40 * 12_000],
  ...changes,
});

/** How often each colour of the palette is seen. */
function coloursOf(png: Buffer): number[] {
  const { data, palette = [] } = decode(png);
  const counts = palette.map(() => 0);
  for (const index of data) counts[index] = (counts[index] ?? 0) + 1;
  return counts;
}

test("the picture has the line, the threshold and the mark, and is a small PNG", () => {
  const png = drawMetric(series());
  if (png === undefined) throw new Error("nothing was drawn");
  expect(decode(png)).toMatchObject({ width: 960, height: 340, depth: 8, channels: 1 });
  expect(png.length).toBeLessThan(10_000);
  const [, grid = 0, text = 0, line = 0, threshold = 0, mark = 0] = coloursOf(png);
  for (const count of [grid, text, line, threshold, mark]) expect(count).toBeGreaterThan(100);
  const plain = drawMetric(series({ threshold: undefined, marks: [startMs - 1] }));
  expect(coloursOf(plain ?? Buffer.alloc(0)).slice(4)).toEqual([0, 0]);
});

test("a higher value is drawn higher", () => {
  const highest = (png: Buffer | undefined) => {
    const { data, width } = decode(png ?? Buffer.alloc(0));
    return Math.floor(data.indexOf(3) / width);
  };
  const rising = drawMetric(
    series({
      points: [
        [0, 0],
        [1, 10],
        [2, 0],
        [3, 0],
      ],
      threshold: 20,
      marks: [],
    }),
  );
  const higher = drawMetric(
    series({
      points: [
        [0, 0],
        [1, 20],
        [2, 0],
        [3, 0],
      ],
      threshold: 20,
      marks: [],
    }),
  );
  expect(highest(higher)).toBeLessThan(highest(rising));
});

test("whatever the values are, it is drawn quickly or not at all", () => {
  const value = fc.oneof(fc.double(), fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constant(0));
  const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 8.64e12 }), value), { maxLength: 50 });
  fc.assert(
    fc.property(
      points,
      fc.string(),
      fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: undefined }),
      (drawn, title, threshold) => {
        const sorted = drawn.toSorted(([a], [b]) => a - b);
        const png = drawMetric(series({ points: sorted, title, threshold, marks: sorted.map(([ms]) => ms) }));
        if (png !== undefined) expect(decode(png).width).toBe(960);
      },
    ),
    { numRuns: 30 },
  );
  expect(drawMetric(series({ points: [[startMs, 1]] }))).toBeUndefined();
});

test("any indices come back as they were encoded", () => {
  const picture = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })).chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      pixels: fc.uint8Array({ minLength: width * height, maxLength: width * height, max: 2 }),
    }),
  );
  fc.assert(
    fc.property(picture, (drawn) => {
      const decoded = decode(encodePng({ ...drawn, colours: ["#010203", "#fffefd", "#000000"] }));
      expect([...decoded.data]).toEqual([...drawn.pixels]);
      expect(decoded.palette).toEqual([
        [1, 2, 3],
        [255, 254, 253],
        [0, 0, 0],
      ]);
    }),
  );
});
