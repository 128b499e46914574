import type { ValueFormat } from "../../../src/panels/panel.ts";
import { formatRate, formatShare, formatUtc, shortRoot } from "./format.ts";
import { formatBytes } from "./host-words.ts";

/** What stands where there is no value. */
export const NO_VALUE = "–";

/** A value of an answer as its panel wants it read. */
export function formatValue(value: unknown, format: ValueFormat): string {
  if (value === null || value === undefined || value === "") return NO_VALUE;
  if (Array.isArray(value))
    return value.length === 0 ? NO_VALUE : value.map((one) => formatValue(one, format)).join(", ");
  if (typeof value === "object") return JSON.stringify(value);
  if (format === "time") return formatTime(value);
  if (format === "root") return shortRoot(String(value));
  if (format === "text" || format === "identifier") return String(value);
  const number = typeof value === "number" ? value : Number(value);
  if (!Number.isFinite(number)) return String(value);
  return NUMBERS[format](number);
}

/** Whether values of the format stand under each other by their digits. */
export function isFigure(format: ValueFormat): boolean {
  return format !== "text" && format !== "root" && format !== "time";
}

const NUMBERS: Readonly<
  Record<Exclude<ValueFormat, "time" | "root" | "text" | "identifier">, (value: number) => string>
> = {
  number: plainNumber,
  integer: (value) => String(Math.round(value)),
  percent: (value) => formatShare({ had: value, of: 1 }),
  ms: (value) =>
    `${Math.abs(value) >= 100 || Number.isInteger(value) ? Math.round(value) : Number(value.toFixed(1))} ms`,
  seconds: (value) => `${Number(value.toFixed(2))} s`,
  bytes: formatBytes,
  per_second: formatRate,
};

function plainNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

function formatTime(value: unknown): string {
  const ms = typeof value === "number" ? value : Date.parse(String(value));
  // Beyond what a date of JavaScript reaches.
  return Math.abs(ms) <= 8.64e15 ? formatUtc(ms, ms % 1000 === 0 ? "s" : "ms") : String(value);
}
