import type { Backtest } from "../alert/desk.ts";
import { countWords, durationWords, oneLine } from "../alert/send/words.ts";
import { columns } from "./columns.ts";
import { metricPicture } from "./metric-picture.ts";

type Alert = Backtest["alerts"][number];

const DAY_MS = 86_400_000;
const MOST_ROWS = 60;
const MOST_TITLE = 80;

/** A back-test for people: how often and when the watch would have fired, and a picture of its figure. */
export function backtestLines(id: string, result: Backtest, width: number): string[] {
  const { alerts, metric, notes, failures, failure } = result;
  const rows = alerts.slice(0, MOST_ROWS).map(row);
  return [
    summary(id, result),
    ...(rows.length === 0 ? [] : ["", ...columns([HEAD, ...rows], [HEAD.indexOf("slot")])]),
    ...(alerts.length > rows.length ? [`and ${alerts.length - rows.length} more; --json has all.`] : []),
    "",
    ...metricPicture({ result, width }),
    ...(metric === null
      ? ["The watch has no metric of its own (metadata.alert.metric): only its firings are drawn."]
      : []),
    ...(failures === 0 ? [] : ["", `${failures} of the checks failed, the first one: ${failure}`]),
    ...notes.map((note) => `Note: ${note}`),
  ];
}

const HEAD = ["since (UTC)", "duration", "severity", "slot", "notice", "title"];

function row(alert: Alert): string[] {
  const { since_ms, until_ms, severity, slot, title } = alert;
  const notice = noticeMs(alert);
  return [
    new Date(since_ms).toISOString().slice(0, 19).replace("T", " "),
    until_ms === null ? "not over" : durationWords(until_ms - since_ms),
    severity,
    slot === null ? "" : `${slot}`,
    notice === undefined ? "-" : durationWords(notice),
    oneLine(title, MOST_TITLE),
  ];
}

/** How long people knew before it was at its worst; undefined where it never became worse. */
export function noticeMs({ told }: Pick<Alert, "told">): number | undefined {
  const first = told.find(({ stage }) => stage === "new");
  const worst = told.findLast(({ stage }) => stage === "worse");
  return first === undefined || worst === undefined ? undefined : worst.at_ms - first.at_ms;
}

function summary(id: string, { from_ms, until_ms, alerts, checks }: Backtest): string {
  const spanMs = until_ms - from_ms;
  const span = `${durationWords(spanMs)} to ${new Date(until_ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const fired = countWords(alerts.length, "firing");
  if (alerts.length === 0) return `${id} over ${span}: it would not have fired, in ${countWords(checks, "check")}.`;
  const messages = new Set(alerts.flatMap(({ told }) => told.map(({ stage, at_ms }) => `${stage} ${at_ms}`)));
  return (
    `${id} over ${span}: ${fired}${perDay(alerts.length, spanMs)}, the longest pause ${durationWords(longestPauseMs(alerts, from_ms, until_ms))}; ` +
    `people would have been told ${countWords(messages.size, "time")}, in ${countWords(checks, "check")}.`
  );
}

/** Of less than a day nothing is said. */
function perDay(count: number, spanMs: number): string {
  if (spanMs < DAY_MS) return "";
  const each = (count * DAY_MS) / spanMs;
  if (each < 0.1) return `, ${(each * 7).toFixed(1)} a week`;
  return `, ${each < 10 ? each.toFixed(1) : Math.round(each)} a day`;
}

function longestPauseMs(alerts: readonly Alert[], fromMs: number, untilMs: number): number {
  let quietSinceMs = fromMs;
  let longest = 0;
  for (const { since_ms, until_ms } of alerts) {
    longest = Math.max(longest, since_ms - quietSinceMs);
    quietSinceMs = Math.max(quietSinceMs, until_ms ?? untilMs);
  }
  return Math.max(longest, untilMs - quietSinceMs);
}
