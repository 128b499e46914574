/** A signed delay in seconds with two decimals: `0.24 s`, `−0.09 s`. */
export function formatDelay(delayMs: number): string {
  const seconds = Math.abs(delayMs / 1000).toFixed(2);
  return `${delayMs < 0 && Number(seconds) !== 0 ? "−" : ""}${seconds} s`;
}

/** A span of time by its two largest units: `0.8 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, durationMs) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return two(Math.floor(seconds / 60), "min", Math.floor(seconds % 60), "s");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1440) return two(Math.floor(minutes / 60), "h", minutes % 60, "min");
  return two(Math.floor(minutes / 1440), "d", Math.floor((minutes % 1440) / 60), "h");
}

/** How long ago a moment was, by its largest unit: `now`, `12 s ago`, `3 min ago`. */
export function formatAgo(nowMs: number, thenMs: number): string {
  const seconds = Math.floor((nowMs - thenMs) / 1000);
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** `2026-11-22 20:14:05 UTC`, or with milliseconds. */
export function formatUtc(timeMs: number, precision: "s" | "ms" = "s"): string {
  const iso = isoOf(timeMs);
  return `${iso.slice(0, 10)} ${iso.slice(11, precision === "ms" ? 23 : 19)} UTC`;
}

/** `20:14:05`, for columns whose heading says UTC. */
export function formatUtcTime(timeMs: number, precision: "s" | "ms" = "s"): string {
  return isoOf(timeMs).slice(11, precision === "ms" ? 23 : 19);
}

/** A root shortened in the middle: `0x7c98…7c3b`. */
export function shortRoot(root: string): string {
  return root.length <= 14 ? root : `${root.slice(0, 6)}…${root.slice(-4)}`;
}

/** A share of a whole: `100 %` only when nothing is missing, `0 %` only when there is nothing. */
export function formatShare(share: { had: number; of: number }): string {
  const percent = (100 * share.had) / share.of;
  if (percent === 0 || percent === 100) return `${percent} %`;
  return `${Math.min(99.9, Math.max(0.1, percent)).toFixed(1)} %`;
}

/** `0.3 / s`, `38 / s`. */
export function formatRate(perSecond: number): string {
  return `${perSecond === 0 || perSecond >= 10 ? Math.round(perSecond) : perSecond.toFixed(1)} / s`;
}

/** One sentence of what others may have told without a capital or a full stop. */
export function sentenceOf(text: string): string {
  const told = capitalized(text.trim());
  return /[.!?]$/.test(told) ? told : `${told}.`;
}

export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function formatList(items: readonly string[]): string {
  if (items.length <= 1) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** `slot 12`, `slots 12–14`. */
export function formatSlotRange(first: number, last: number): string {
  return first === last ? `slot ${first}` : `slots ${first}–${last}`;
}

export function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function isoOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
