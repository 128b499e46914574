import type { Backtest } from "../alert/desk.ts";
import { COLOURS } from "../alert/send/alert-message.ts";
import { escapeHtml } from "../lib/escape-html.ts";

const WIDTH = 960;
const HEIGHT = 320;
const LEFT = 70;
const RIGHT = 20;
const TOP = 44;
const BOTTOM = 40;
const TICKS = 5;
/** A firing of a moment is seen, too. */
const LEAST_WIDTH = 2;

/** A picture of a back-test: the metric as a line, the firings as bands in the colour of their severity. */
export function backtestSvg(id: string, result: Backtest): string {
  const { from_ms: fromMs, until_ms: untilMs, alerts, metric } = result;
  const points = metric?.points ?? [];
  const values = points.map(([, value]) => value);
  const least = Math.min(0, ...values);
  const most = Math.max(...values, least + 1e-9);
  const x = (ms: number) => LEFT + ((ms - fromMs) / (untilMs - fromMs)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - ((value - least) / (most - least)) * (HEIGHT - TOP - BOTTOM);
  const figure = metric === null ? "" : `: ${metric.title}${metric.unit === "" ? "" : `, ${metric.unit}`}`;
  const title = `${id}${figure}, ${alerts.length} firings`;

  const bands = alerts.map(({ since_ms, until_ms, severity, title: what }) => {
    const width = Math.max(LEAST_WIDTH, x(until_ms ?? untilMs) - x(since_ms));
    return (
      `<rect x="${round(x(since_ms))}" y="${TOP}" width="${round(width)}" height="${HEIGHT - TOP - BOTTOM}" ` +
      `fill="${COLOURS[severity]}" fill-opacity="0.35"><title>${escapeHtml(`${iso(since_ms)} ${severity}: ${what}`)}</title></rect>`
    );
  });
  const line = points.map(([ms, value]) => `${round(x(ms))},${round(y(value))}`).join(" ");
  const ticks = Array.from({ length: TICKS }, (_, at) => fromMs + (at * (untilMs - fromMs)) / (TICKS - 1));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" ` +
      'font-family="sans-serif" font-size="12" fill="#333">',
    `<title>${escapeHtml(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="24" font-size="15">${escapeHtml(title)}</text>`,
    ...bands,
    ...(points.length === 0
      ? []
      : [
          `<polyline points="${line}" fill="none" stroke="#1f5fa8" stroke-width="1.2"/>`,
          ...[most, least].map(
            (value) =>
              `<text x="${LEFT - 8}" y="${round(y(value) + 4)}" text-anchor="end">${Number(value.toPrecision(4))}</text>`,
          ),
        ]),
    `<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}" fill="none" stroke="#888"/>`,
    ...ticks.map((ms, at) => {
      const anchor = at === 0 ? "start" : at === TICKS - 1 ? "end" : "middle";
      return `<text x="${round(x(ms))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="${anchor}">${iso(ms)}</text>`;
    }),
    "</svg>\n",
  ].join("\n");
}

function iso(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}

function round(value: number): string {
  return String(Number(value.toFixed(1)));
}
