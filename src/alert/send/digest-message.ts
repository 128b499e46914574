import type { AlertRecord } from "../../events/alert-records.ts";
import { utcWords } from "../../lib/moment-words.ts";
import { alertCount, COLOURS, severityCounts } from "./alert-message.ts";
import type { OwnMessage } from "./delivery-content.ts";
import { type Block, htmlOf, textOf } from "./message-blocks.ts";
import { durationWords, oneLine, utcTimeWords } from "./words.ts";

const MAX_LINES = 100;
const MAX_TITLE = 200;

/** The alerts of a day: counts at the top, those that are open, then those that were over, with how long they took. */
export function digestMessage(input: {
  alerts: readonly AlertRecord[];
  fromMs: number;
  untilMs: number;
  publicUrl: string | undefined;
}): OwnMessage {
  const { fromMs, untilMs, publicUrl } = input;
  const alerts = input.alerts.filter(({ since_ms }) => since_ms < untilMs);
  const open = alerts.filter(({ until_ms }) => until_ms === null || until_ms >= untilMs);
  const over = alerts.filter(({ until_ms }) => until_ms !== null && until_ms < untilMs && until_ms >= fromMs);
  const begun = alerts.filter(({ since_ms }) => since_ms >= fromMs).length;
  const subject = `[digest] ${open.length} open, ${over.length} over, ${untilMs > 0 ? utcWords(untilMs).slice(0, 10) : ""}`;
  const blocks: Block[] = [
    {
      kind: "headline",
      text: open.length + over.length === 0 ? "No alerts" : `${alertCount(open.length)} open, ${over.length} over`,
      colour: COLOURS[open.length === 0 ? "info" : "high"],
    },
    { kind: "line", text: `From ${utcWords(fromMs)} to ${utcWords(untilMs)}; ${begun} began.` },
    ...(open.length === 0 ? [] : [{ kind: "line" as const, text: `Open: ${severityCounts(open)}.` }]),
    ...(over.length === 0 ? [] : [{ kind: "line" as const, text: `Over: ${severityCounts(over)}.` }]),
    ...list("Open", open.toSorted(worstFirst), (alert) => openLine(alert, untilMs)),
    ...list("Over", over.toSorted(worstFirst), overLine),
    ...(publicUrl === undefined
      ? []
      : [{ kind: "link" as const, label: "All alerts", url: `${publicUrl.replace(/\/+$/, "")}/alerts` }]),
  ];
  return { subject, text: textOf(blocks), html: htmlOf(blocks) };
}

function list(title: string, alerts: readonly AlertRecord[], line: (alert: AlertRecord) => string): Block[] {
  if (alerts.length === 0) return [];
  const more = alerts.length - MAX_LINES;
  const lines = [...alerts.slice(0, MAX_LINES).map(line), ...(more > 0 ? [`and ${more} more`] : [])];
  return [{ kind: "paragraph", text: `${title}\n${lines.map((one) => `- ${one}`).join("\n")}` }];
}

function openLine(alert: AlertRecord, untilMs: number): string {
  const acknowledged = alert.acknowledged_ms === null ? "" : ", acknowledged";
  return `${head(alert)}: since ${utcWords(alert.since_ms)}, ${durationWords(untilMs - alert.since_ms)}${acknowledged}`;
}

function overLine(alert: AlertRecord): string {
  const until = alert.until_ms ?? alert.last_ms;
  const span = `${utcWords(alert.since_ms)} to ${utcTimeWords(until, alert.since_ms)}`;
  return `${head(alert)}: ${durationWords(until - alert.since_ms)}, ${span}`;
}

function head({ severity, title, rule }: AlertRecord): string {
  return `${severity.toUpperCase()} ${oneLine(title, MAX_TITLE)} (${rule})`;
}

function worstFirst(a: AlertRecord, b: AlertRecord): number {
  const ranks = Object.keys(COLOURS);
  return ranks.indexOf(b.severity) - ranks.indexOf(a.severity) || b.since_ms - a.since_ms;
}
