import type { Backtest } from "../alert/desk.ts";

const BLOCKS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const ROWS = 8;
const FIRED = "▲";
const LASTING = "─";

/** The metric of a back-test over time in characters, the greatest value of each column, and the firings below it. */
export function metricPicture({ result, width }: { result: Backtest; width: number }): string[] {
  const { metric, from_ms: fromMs, until_ms: untilMs, alerts } = result;
  const points = metric?.points ?? [];
  const range = rangeOf(points.map(([, value]) => value));
  const labels = points.length === 0 ? [] : [numberWords(range.most), numberWords(range.least)];
  const margin = Math.max(0, ...labels.map((label) => label.length)) + 2;
  const count = Math.max(10, width - margin);
  const place = (ms: number) =>
    Math.min(count - 1, Math.max(0, Math.floor(((ms - fromMs) / (untilMs - fromMs)) * count)));

  const greatest: (number | undefined)[] = Array.from({ length: count });
  for (const [ms, value] of points) greatest[place(ms)] = Math.max(value, greatest[place(ms)] ?? value);
  const marks = Array.from({ length: count }, () => " ");
  for (const { since_ms, until_ms } of alerts) {
    for (let at = place(since_ms) + 1; at <= place(until_ms ?? untilMs); at += 1) {
      if (marks[at] === " ") marks[at] = LASTING;
    }
  }
  for (const { since_ms } of alerts) marks[place(since_ms)] = FIRED;

  const side = (text: string) => text.padStart(margin - 2);
  return [
    ...(metric === null || points.length === 0
      ? []
      : [`${metric.title}${metric.unit === "" ? "" : ` (${metric.unit})`}`]),
    ...(points.length === 0
      ? []
      : Array.from({ length: ROWS }, (_, row) => {
          const label = row === 0 ? labels[0] : row === ROWS - 1 ? labels[1] : "";
          const line = greatest.map((value) => block(value, { row, range })).join("");
          return `${side(label ?? "")} ┤${line}`.trimEnd();
        })),
    `${side("")}  ${marks.join("")}`.trimEnd(),
    axis({ fromMs, untilMs, margin, count }),
  ];
}

type Range = { least: number; most: number };

/** From zero, unless what there is lies far from it. */
function rangeOf(values: readonly number[]): Range {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const isNearZero = least >= 0 && (least < most / 2 || least === most);
  if (isNearZero) return { least: 0, most: most === 0 ? 1 : most };
  return least === most ? { least: least - 1, most } : { least, most };
}

function block(value: number | undefined, { row, range }: { row: number; range: Range }): string {
  if (value === undefined) return " ";
  const eighths = Math.round(((value - range.least) / (range.most - range.least)) * ROWS * 8);
  // What was measured is seen, though it be the least.
  const shown = Math.max(1, eighths) - (ROWS - 1 - row) * 8;
  return BLOCKS[Math.min(8, Math.max(0, shown))] ?? " ";
}

function axis(span: { fromMs: number; untilMs: number; margin: number; count: number }): string {
  const { fromMs, untilMs, margin, count } = span;
  const from = momentWords(fromMs);
  const until = momentWords(untilMs);
  return `${" ".repeat(margin)}${from}${until.padStart(Math.max(until.length + 1, count - from.length))}`;
}

function momentWords(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}

function numberWords(value: number): string {
  return String(Number(value.toPrecision(4)));
}
