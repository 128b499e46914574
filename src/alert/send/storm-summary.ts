import { type DeliveryRecord, pendingDelivery, SEVERITIES, type Severity } from "../../events/alert-records.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { utcWords } from "../../lib/moment-words.ts";
import type { ActionKind } from "../watch.ts";
import { COLOURS, severityCounts } from "./alert-message.ts";
import { type Channel, type Job, wayOf } from "./channel.ts";
import { contentLine } from "./content-words.ts";
import { type DeliveryContent, letterOf, type OwnMessage, type ToldAlert } from "./delivery-content.ts";
import { type Block, htmlOf, textOf } from "./message-blocks.ts";
import type { Routes } from "./routes.ts";
import { toldAsAlert } from "./told-as-alert.ts";
import { countWords, utcTimeWords } from "./words.ts";

/** `watch` of a summary's delivery, which is no watch's. */
const STORM_WATCH = "_storm";

const MAX_LINES = 40;

export type Held = { record: DeliveryRecord; content: DeliveryContent };

/** What one message says for many; undefined where it cannot be said by such an action. */
export type StormSummary = (asked: {
  /** A content for the same place. */
  like: DeliveryContent;
  kind: ActionKind;
  held: readonly Held[];
  nowMs: number;
}) => Promise<DeliveryContent | undefined>;

export function createStormSummary(deps: { routes: Routes; publicUrl: string | undefined }): StormSummary {
  return async ({ like, kind, held, nowMs }) => {
    const message = summaryMessage({ held, publicUrl: deps.publicUrl });
    const route = like.route === undefined ? {} : { route: like.route };
    if (kind === "email") return { action: pick(like.action, ["to", "cc", "bcc", "reply_to"]), message, ...route };
    if (kind === "slack") {
      const { message: room } = like.action;
      const to = pick(room as JsonObject | undefined, ["to", "from", "icon"]);
      return { action: { ...pick(like.action, ["url", "account"]), message: to }, message, ...route };
    }
    const action = like.route === undefined ? undefined : deps.routes.named(like.route);
    const content = await action?.content({
      alert: stormAlert({ held, message, nowMs }),
      stage: "new",
      decidedMs: nowMs,
    });
    return content && { ...content, alert: undefined, message };
  };
}

/** The delivery of a summary, and those that it tells, over; undefined where they are better told one by one. */
export async function summarise(input: {
  channel: Channel;
  held: readonly Job[];
  nowMs: number;
  summaryOf: StormSummary;
}): Promise<{ summary: DeliveryRecord; summarised: DeliveryRecord[] } | undefined> {
  const { channel, held, nowMs, summaryOf } = input;
  const [first] = held;
  if (first === undefined || held.length === 1) return undefined;
  const { kind, content: like } = wayOf(first);
  const told = held.map((job) => ({ record: job.record, content: wayOf(job).content }));
  const content = await summaryOf({ like, kind, held: told, nowMs }).catch(() => undefined);
  if (content === undefined) return undefined;
  const summary = pendingDelivery({
    id: `${STORM_WATCH}/${letterOf([channel.kind, channel.name, ...channel.to].join(" ")).slice(0, 12)}/${Math.floor(nowMs)}`,
    watch: STORM_WATCH,
    action: first.record.action,
    kind,
    alert: null,
    stage: null,
    decided_ms: nowMs,
    content,
  });
  const reason = `It stands in the summary ${summary.id}.`;
  const over = { status: "summarised", done_ms: nowMs, reason } as const;
  return { summary, summarised: held.map(({ record }) => ({ ...record, ...over })) };
}

function summaryMessage({ held, publicUrl }: { held: readonly Held[]; publicUrl: string | undefined }): OwnMessage {
  const alerts = held.flatMap(({ content }) => (content.alert === undefined ? [] : [content.alert]));
  const times = held.map(({ record }) => record.decided_ms);
  const from = Math.min(...times);
  const counts = alerts.length === 0 ? "" : `: ${severityCounts(alerts)}`;
  const subject = `[storm] ${countWords(held.length, "message")}${counts}`;
  const ranked = held.toSorted((a, b) => rankOf(b) - rankOf(a) || a.record.decided_ms - b.record.decided_ms);
  const more = ranked.length - MAX_LINES;
  const blocks: Block[] = [
    {
      kind: "headline",
      text: subject
        .slice(1)
        .replace("] ", ": ")
        .replace(/^storm/, "STORM"),
      colour: COLOURS[worstOf(alerts)],
    },
    { kind: "line", text: `Decided from ${utcWords(from)} to ${utcTimeWords(Math.max(...times), from)}.` },
    { kind: "paragraph", text: ranked.slice(0, MAX_LINES).map(contentLine).join("\n") },
    ...(more > 0 ? [{ kind: "line" as const, text: `And ${more} more.` }] : []),
    ...(publicUrl === undefined
      ? []
      : [{ kind: "link" as const, label: "All alerts", url: `${publicUrl.replace(/\/+$/, "")}/alerts` }]),
    {
      kind: "small",
      text: "So many came within a minute that they are told at once; while it lasts, again each minute.",
    },
  ];
  return { subject, text: textOf(blocks), html: htmlOf(blocks) };
}

/** A summary as an alert, for a route's templates. */
function stormAlert({
  held,
  message,
  nowMs,
}: {
  held: readonly Held[];
  message: OwnMessage;
  nowMs: number;
}): ToldAlert {
  const alerts = held.flatMap(({ content }) => (content.alert === undefined ? [] : [content.alert]));
  return toldAsAlert({
    id: `${STORM_WATCH}/${Math.floor(nowMs)}`,
    rule: STORM_WATCH,
    about: "storm",
    severity: worstOf(alerts),
    title: message.subject.replace("[storm] ", "Storm of "),
    text: message.text,
    link: "/alerts",
    sinceMs: Math.min(...held.map(({ record }) => record.decided_ms)),
    lastMs: nowMs,
    met: held.length,
  });
}

function worstOf(alerts: readonly ToldAlert[]): Severity {
  const worst = Math.max(-1, ...alerts.map(({ severity }) => SEVERITIES.indexOf(severity)));
  return SEVERITIES[worst] ?? "warning";
}

function rankOf({ content }: Held): number {
  return content.alert === undefined ? -1 : SEVERITIES.indexOf(content.alert.severity);
}

function pick(object: JsonObject | undefined, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object ?? {}).filter(([key]) => keys.includes(key)));
}
