import type { AlertRecord, Silence } from "../../../src/serve/views.ts";
import { formatDuration, formatList, formatUtc } from "./format.ts";

const HOUR_MS = 3_600_000;

/** How long a silence may be; another length is one's own. */
export const SILENCE_HOURS = [1, 4, 24] as const;
/** The monitor's own limit. */
export const MOST_SILENCE_HOURS = 720;

/** The silence that an alert is told to nobody for; it covers it only when it covers all of its nodes. */
export function silenceOf(
  { rule, nodes }: Pick<AlertRecord, "rule" | "nodes">,
  silences: readonly Silence[],
  nowMs: number,
): Silence | undefined {
  return silences.find(
    (one) =>
      one.from_ms <= nowMs &&
      nowMs < one.until_ms &&
      one.rules.some((pattern) => fitsPattern(pattern, rule)) &&
      (one.nodes.length === 0 || (nodes.length > 0 && nodes.every((node) => one.nodes.includes(node)))),
  );
}

/** `*` stands for any letters. */
export function fitsPattern(pattern: string, id: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop();
  if (last === undefined) return pattern === id;
  if (!id.startsWith(first) || !id.endsWith(last) || id.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts) {
    const found = id.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= id.length - last.length;
}

/** What a silence covers: `Late blocks on n1 and n2`, `every rule`. */
export function coverWords({ rules, nodes }: Pick<Silence, "rules" | "nodes">, titleOf: (rule: string) => string) {
  const what = rules.includes("*") ? "every rule" : formatList(rules.map(titleOf));
  return nodes.length === 0 ? what : `${what} on ${formatList(nodes)}`;
}

/** When a silence begins or ends, by what is next: `until 2026-11-22 20:14:05 UTC, 3 h 59 min more`. */
export function spanWords({ from_ms, until_ms }: Pick<Silence, "from_ms" | "until_ms">, nowMs: number): string {
  if (from_ms > nowMs) return `from ${formatUtc(from_ms)} for ${formatDuration(until_ms - from_ms)}`;
  return `until ${formatUtc(until_ms)}, ${formatDuration(Math.max(0, until_ms - nowMs))} more`;
}

/** The length that was written, in hours; undefined for what is none. */
export function hoursOf(text: string): number | undefined {
  const hours = Number(text.trim().replace(",", "."));
  return text.trim() !== "" && hours > 0 && hours <= MOST_SILENCE_HOURS ? hours : undefined;
}

export function untilMs(nowMs: number, hours: number): number {
  return Math.round(nowMs + hours * HOUR_MS);
}
