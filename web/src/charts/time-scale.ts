/** Maps milliseconds, into a slot or of the Unix epoch, to pixels. */
export type TimeScale = {
  fromMs: number;
  toMs: number;
  left: number;
  right: number;
  x(ms: number): number;
  ms(x: number): number;
  /** Even intervals, wide enough apart for their labels. */
  ticks: readonly number[];
};

const STEPS_MS = [
  ...[50, 100, 200, 250, 500, 1000, 2000, 3000, 4000, 5000, 6000, 10_000, 20_000, 30_000],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160, 43_200].map(
    (minutes) => minutes * 60_000,
  ),
];
const TICK_SPACING_PX = 46;

export function createTimeScale(input: { fromMs: number; toMs: number; left: number; right: number }): TimeScale {
  const { fromMs, toMs, left, right } = input;
  const pxPerMs = Math.max(1, right - left) / (toMs - fromMs);
  const stepMs = STEPS_MS.find((step) => step * pxPerMs >= TICK_SPACING_PX) ?? toMs - fromMs;
  const ticks: number[] = [];
  for (let ms = Math.ceil(fromMs / stepMs) * stepMs; ms <= toMs; ms += stepMs) ticks.push(ms === 0 ? 0 : ms);
  return {
    fromMs,
    toMs,
    left,
    right,
    x: (ms) => left + (ms - fromMs) * pxPerMs,
    ms: (x) => fromMs + (x - left) / pxPerMs,
    ticks,
  };
}

/** `0`, `2`, `0.5`, `−1`: seconds without a unit, which the axis title has. */
export function tickLabel(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  const text = Number.isInteger(seconds) ? String(seconds) : String(Number(seconds.toFixed(2)));
  return ms < 0 ? `−${text}` : text;
}

/** `21:30`, and the day at midnight: the axis title says UTC. */
export function clockLabel(timeMs: number): string {
  const iso = new Date(timeMs).toISOString();
  return iso.slice(11, 16) === "00:00" ? iso.slice(5, 10) : iso.slice(11, 16);
}

/** Longest span after the slot's end that the Slot page draws; what comes later stands at the edge. */
const LONGEST_TAIL_SLOTS = 1;

/**
 * The span of the Slot page's axis: the whole slot, and beyond it what happened early or late, in whole fifths of a
 * slot and at most one slot more on either side.
 */
export function timelineSpan(slotDurationMs: number, timesMs: readonly number[]): { fromMs: number; toMs: number } {
  const stepMs = slotDurationMs / 5;
  const earliest = Math.min(0, ...timesMs);
  const latest = Math.max(slotDurationMs, ...timesMs);
  return {
    fromMs: Math.max(-slotDurationMs, Math.floor(earliest / stepMs) * stepMs),
    toMs: Math.min(slotDurationMs * (1 + LONGEST_TAIL_SLOTS), Math.ceil(latest / stepMs) * stepMs),
  };
}
