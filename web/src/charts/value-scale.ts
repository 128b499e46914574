/** Maps values to pixels, upwards, over a range that holds zero and ends on its ticks. */
export type ValueScale = { ticks: readonly number[]; y(value: number): number };

const STEPS = [1, 2, 5, 10];
const TICK_SPACING_PX = 22;

/** `least` is the smallest range, so that noise is not drawn as large as a fault. */
export function createValueScale(input: {
  values: readonly number[];
  least: number;
  top: number;
  bottom: number;
}): ValueScale {
  const { values, least, top, bottom } = input;
  const low = Math.min(0, ...values);
  const high = Math.max(low + least, 0, ...values);
  const most = Math.max(1, Math.floor((bottom - top) / TICK_SPACING_PX));
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((one) => one * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  const pxPerValue = (bottom - top) / ((last - first) * step);
  return { ticks, y: (value) => bottom - (value - first * step) * pxPerValue };
}
