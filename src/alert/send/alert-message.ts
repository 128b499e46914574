import type { AlertStage, Severity } from "../../events/alert-records.ts";
import { utcWords } from "../../lib/moment-words.ts";
import type { MetricSeries, ToldAlert } from "./delivery-content.ts";
import { type Block, htmlOf, textOf } from "./message-blocks.ts";
import { countWords, cut, durationWords, oneLine, plainText, utcTimeWords } from "./words.ts";

export type AlertMessage = { subject: string; text: string; html: string };

/** What a message is made of beside the alert. */
export type AlertTelling = {
  alert: ToldAlert;
  stage: AlertStage;
  decidedMs: number;
  nowMs: number;
  /** Address of the web pages; without it links are left out, since a path alone leads nowhere. */
  publicUrl?: string | undefined;
  links?: { acknowledge?: string | undefined; unsubscribe?: string | undefined; untilMs: number } | undefined;
  picture?: { cid: string; series: MetricSeries } | undefined;
  /** Why it comes by this way. */
  insteadOf?: string | undefined;
};

export const COLOURS: Readonly<Record<Severity, string>> = {
  info: "#4a6fa5",
  warning: "#b7791f",
  high: "#c05621",
  critical: "#c53030",
  emergency: "#97266d",
};
const OVER_COLOUR = "#2f855a";

/** So much later than it was decided, a message says so. */
const LATE_MS = 60_000;
const MAX_TITLE = 200;
const MAX_TEXT = 8_000;
const MAX_NODES = 20;

/** The state in a few words: what stands before the title, in a subject, too. */
function stateWords(alert: ToldAlert, stage: AlertStage): string {
  if (stage === "over") return `over after ${durationWords(overMs(alert) - alert.since_ms)}`;
  if (stage === "worse") return `worse: ${alert.severity}`;
  return stage === "repeat" ? `still ${alert.severity}` : alert.severity;
}

/** One line: `[high] Block of slot 12345 came late`. */
export function alertSubject(alert: ToldAlert, stage: AlertStage): string {
  return `[${stateWords(alert, stage)}] ${oneLine(alert.title, MAX_TITLE)}`;
}

/** How much later than decided it is sent; undefined when that is not worth a word. */
export function lateWords({ decidedMs, nowMs }: { decidedMs: number; nowMs: number }): string | undefined {
  if (nowMs - decidedMs < LATE_MS) return undefined;
  return `Decided at ${utcWords(decidedMs)}, delivered ${durationWords(nowMs - decidedMs)} late.`;
}

/** An alert as a mail: what, since when, how bad, what it means, what to check first. */
export function alertMessage(telling: AlertTelling): AlertMessage {
  const blocks = alertBlocks(telling);
  return { subject: alertSubject(telling.alert, telling.stage), text: textOf(blocks), html: htmlOf(blocks) };
}

/** The same as plain text without what belongs to a mail alone, for chats. */
export function alertText(telling: Omit<AlertTelling, "picture">): string {
  const { links, ...rest } = telling;
  const acknowledge = links === undefined ? {} : { links: { acknowledge: links.acknowledge, untilMs: links.untilMs } };
  return textOf(alertBlocks({ ...rest, ...acknowledge })).trimEnd();
}

function alertBlocks(telling: AlertTelling): Block[] {
  const { alert, stage, publicUrl, picture } = telling;
  const isOver = stage === "over";
  const headline = `${stateWords(alert, stage).toUpperCase()}: ${oneLine(alert.title, MAX_TITLE)}`;
  const page = pageUrl(alert, publicUrl);
  return [
    { kind: "headline", text: headline, colour: isOver ? OVER_COLOUR : COLOURS[alert.severity] },
    ...[whenWords(alert, stage), ...nodeWords(alert)].map((text): Block => ({ kind: "line", text })),
    ...paragraphs(alert.text),
    ...(picture === undefined ? [] : [pictureBlock(picture)]),
    ...(isOver || alert.check_first === null ? [] : paragraphs(`Check first: ${alert.check_first}`)),
    ...(page === undefined ? [] : [{ kind: "link" as const, label: "Page", url: page }]),
    ...linkBlocks(telling),
    ...footBlocks(telling),
  ];
}

/** The page that shows it, in full. */
export function pageUrl(alert: Pick<ToldAlert, "link">, publicUrl: string | undefined): string | undefined {
  if (publicUrl === undefined || alert.link === null || !/^\/(?!\/)[^\s\\]*$/.test(alert.link)) return undefined;
  return publicUrl.replace(/\/+$/, "") + alert.link;
}

function whenWords(alert: ToldAlert, stage: AlertStage): string {
  const slot = alert.slot === null ? "" : `, slot ${alert.slot}`;
  if (stage === "over") {
    return `From ${utcWords(alert.since_ms)} to ${utcTimeWords(overMs(alert), alert.since_ms)}${slot}.`;
  }
  const met = alert.met > 1 ? ` Met ${alert.met} times, last at ${utcTimeWords(alert.last_ms, alert.since_ms)}.` : "";
  return `Since ${utcWords(alert.since_ms)}${slot}.${met}`;
}

function nodeWords({ nodes }: ToldAlert): string[] {
  if (nodes.length === 0) return [];
  const named = nodes.slice(0, MAX_NODES).map((name) => oneLine(name, 64));
  const more = nodes.length - named.length;
  return [`${nodes.length === 1 ? "Node" : "Nodes"}: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`];
}

function paragraphs(text: string): Block[] {
  const said = plainText(text, MAX_TEXT).trim();
  return said === "" ? [] : said.split(/\n{2,}/).map((paragraph) => ({ kind: "paragraph", text: paragraph }));
}

function pictureBlock({ cid, series }: NonNullable<AlertTelling["picture"]>): Block {
  const last = series.points.at(-1)?.[1];
  const value = last === undefined ? "" : `, last ${Number(last.toPrecision(4))} ${series.unit}`;
  return { kind: "picture", cid, alt: cut(`${series.title}${value}`, MAX_TITLE) };
}

function linkBlocks({ stage, links }: AlertTelling): Block[] {
  if (links?.acknowledge === undefined || stage === "over") return [];
  return [{ kind: "link", label: "Acknowledge", url: links.acknowledge }];
}

function footBlocks({ alert, decidedMs, nowMs, links, insteadOf }: AlertTelling): Block[] {
  const late = lateWords({ decidedMs, nowMs });
  return [
    ...(insteadOf === undefined ? [] : [small(insteadOf)]),
    ...(late === undefined ? [] : [small(late)]),
    small(`Rule ${alert.rule}, ${alert.scope}, alert ${alert.id}`),
    ...(links?.unsubscribe === undefined
      ? []
      : [{ kind: "small_link" as const, label: "No more mail of this rule to me", url: links.unsubscribe }]),
    ...(links === undefined ? [] : [small(`Links hold until ${utcWords(links.untilMs)}.`)]),
  ];
}

const small = (text: string): Block => ({ kind: "small", text });

function overMs(alert: ToldAlert): number {
  return alert.until_ms ?? alert.last_ms;
}

/** What a storm or a digest says of one alert: a line. */
export function alertLine(alert: ToldAlert, stage: AlertStage | undefined): string {
  const state = stage === undefined ? alert.severity : stateWords(alert, stage);
  return `${state.toUpperCase()}: ${oneLine(alert.title, MAX_TITLE)} (${alert.rule}, since ${utcWords(alert.since_ms)})`;
}

/** `2 critical, 1 warning`, the worst first. */
export function severityCounts(alerts: readonly ToldAlert[]): string {
  const worstFirst = Object.keys(COLOURS).reverse();
  return worstFirst
    .map((severity) => ({ severity, count: alerts.filter((alert) => alert.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`)
    .join(", ");
}

/** `3 alerts`. */
export function alertCount(count: number): string {
  return countWords(count, "alert");
}
