import type { TimeScale } from "./time-scale.ts";

/** Where slots lie in time. */
export type SlotAxis = { genesisMs: number; slotMs: number };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A time of the axis, in UTC, as short as the span allows: `10:15`, `10:15:30`, `11-28 10:15`, `11-28`. */
export function timeTickLabel(ms: number, spanMs: number): string {
  const iso = new Date(ms).toISOString();
  if (spanMs > 8 * DAY_MS) return iso.slice(5, 10);
  const day = ms % DAY_MS === 0 || spanMs > 2 * DAY_MS ? `${iso.slice(5, 10)} ` : "";
  if (spanMs < 5000) return `${day}${iso.slice(14, 23)}`;
  return `${day}${iso.slice(11, spanMs < 10 * MINUTE_MS ? 19 : 16)}`;
}

/** Slots at even steps, at least `leastPx` apart; none before genesis, none while they are shorter than the span shows. */
export function slotTicks(axis: SlotAxis, scale: TimeScale, leastPx: number): { slot: number; x: number }[] {
  const { genesisMs, slotMs } = axis;
  const first = Math.max(0, Math.ceil((scale.fromMs - genesisMs) / slotMs));
  const last = Math.floor((scale.toMs - genesisMs) / slotMs);
  const slotPx = ((scale.right - scale.left) * slotMs) / (scale.toMs - scale.fromMs);
  const step = roundStep(leastPx / slotPx);
  const ticks: { slot: number; x: number }[] = [];
  for (let slot = Math.ceil(first / step) * step; slot <= last; slot += step) {
    const x = scale.x(genesisMs + slot * slotMs);
    if (x >= scale.left && x <= scale.right - leastPx / 4) ticks.push({ slot, x });
  }
  return ticks;
}

/** The least of 1, 2, 5, 10, 20… that is not smaller. */
function roundStep(least: number): number {
  for (let power = 1; ; power *= 10) for (const part of [1, 2, 5]) if (part * power >= least) return part * power;
}

/** Those of the axis' times whose labels have room beside each other. */
export function roomyTicks(scale: TimeScale, labelPx: number): readonly number[] {
  const [first, second] = scale.ticks;
  if (first === undefined || second === undefined) return scale.ticks;
  const stepMs = second - first;
  const stepPx = scale.x(second) - scale.x(first);
  const every = roundStep(labelPx / stepPx);
  return scale.ticks.filter((ms) => Math.round(ms / stepMs) % every === 0);
}
