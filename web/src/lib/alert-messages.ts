import type { AlertRecord, DeliveryRecord, Told } from "../../../src/serve/views.ts";
import { formatCount, formatDuration } from "./format.ts";

/** One message of an alert, as its record and its delivery tell it together. */
export type AlertMessage = {
  action: string;
  /** Undefined while its delivery is not known. */
  kind: string | undefined;
  stage: Told["stage"];
  atMs: number;
  status: Told["status"];
  /** To whom, where it is known. */
  to: string | undefined;
  /** What there is to say beside the status, a sentence without its full stop. */
  note: string | undefined;
};

/** What happened to an alert at one moment, and the messages of it. */
export type AlertStep =
  | { kind: "began" | "acknowledged" | "over"; atMs: number }
  /** `with` it the alert began or was over at the same moment. */
  | { kind: "told"; stage: Told["stage"]; with: boolean; atMs: number; messages: readonly AlertMessage[] };

/** Messages that were decided so near to each other were decided at once. */
const AT_ONCE_MS = 50;
/** An alert that was told so soon was told as it began. */
const TOGETHER_MS = 1000;
const SOON_MS = 100;

/**
 * An alert from its beginning to its end, in the order of time. Its own record is newer than the deliveries, which hold
 * recipients and attempts.
 */
export function stepsOf(alert: AlertRecord, deliveries: readonly DeliveryRecord[]): AlertStep[] {
  const rounds = roundsOf(messagesOf(alert, deliveries));
  const own: AlertStep[] = [{ kind: "began", atMs: alert.since_ms }];
  if (alert.acknowledged_ms !== null) own.push({ kind: "acknowledged", atMs: alert.acknowledged_ms });
  // What was of a moment has no end of its own.
  const isMoment = alert.until_ms !== null && alert.until_ms - alert.since_ms < TOGETHER_MS;
  if (alert.until_ms !== null && !isMoment) own.push({ kind: "over", atMs: alert.until_ms });
  const steps = own.filter(({ kind, atMs }) => {
    const stage = kind === "began" ? "new" : kind;
    const round = rounds.find((one) => one.stage === stage && Math.abs(one.atMs - atMs) < TOGETHER_MS);
    if (round !== undefined) round.with = true;
    return round === undefined;
  });
  // What happened at the moment of its message stands before it.
  return [...steps, ...rounds].sort((a, b) => a.atMs - b.atMs);
}

type Round = Extract<AlertStep, { kind: "told" }>;

/** Messages that were decided at once. */
function roundsOf(messages: readonly AlertMessage[]): Round[] {
  const rounds: Round[] = [];
  for (const message of messages) {
    const { stage, atMs } = message;
    const last = rounds.at(-1);
    if (last?.stage === stage && atMs - last.atMs <= AT_ONCE_MS) last.messages = [...last.messages, message];
    else rounds.push({ kind: "told", stage, with: false, atMs, messages: [message] });
  }
  return rounds;
}

function messagesOf(alert: AlertRecord, deliveries: readonly DeliveryRecord[]): AlertMessage[] {
  const left = new Set(deliveries);
  const told = alert.told.map((one) => {
    const delivery = [...left].find(({ id }) => id === one.delivery);
    if (delivery !== undefined) left.delete(delivery);
    return messageOf(one, delivery);
  });
  // An alert's own record keeps its newest messages alone.
  const older = [...left].map((delivery) => messageOf(toldOf(delivery), delivery));
  return [...older, ...told].sort((a, b) => a.atMs - b.atMs);
}

function toldOf({ id, action, stage, decided_ms, status, done_ms, reason }: DeliveryRecord): Told {
  return {
    action,
    delivery: id,
    stage: stage ?? "new",
    at_ms: decided_ms,
    status,
    ...(status === "delivered" && done_ms !== null ? { delivered_ms: done_ms } : {}),
    ...(reason === null ? {} : { reason }),
  };
}

function messageOf(told: Told, delivery: DeliveryRecord | undefined): AlertMessage {
  const isOlder = told.status === "pending" && delivery !== undefined && delivery.status !== "pending";
  const last = isOlder ? toldOf(delivery) : told;
  const { action, stage, at_ms: atMs, status } = last;
  const to = delivery === undefined ? undefined : recipientsOf(delivery);
  return { action, kind: delivery?.kind, stage, atMs, status, to, note: noteOf(last, delivery) };
}

function noteOf({ status, at_ms, delivered_ms, reason }: Told, delivery: DeliveryRecord | undefined) {
  const attempts = delivery?.attempts ?? 0;
  const parts = [
    ...(status === "delivered" && delivered_ms !== undefined ? [afterWords(delivered_ms - at_ms)] : []),
    ...(attempts > 1 ? [`in ${formatCount(attempts, "attempt")}`] : []),
    ...(delivery?.by_fallback === true ? ["by the fallback"] : []),
    ...(reason === undefined || SAID.includes(status) ? [] : [reasonWords(reason)]),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** Statuses that say why by themselves. */
const SAID: readonly Told["status"][] = ["no_account", "summarised"];

function afterWords(ms: number): string {
  return ms < SOON_MS ? "at once" : `after ${formatDuration(ms)}`;
}

/** The status says already that it was silenced; moments are told as everywhere else. */
function reasonWords(reason: string): string {
  return reason
    .replace(/^Silenced /, "")
    .replace(/(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z/g, "$1 $2 UTC")
    .replace(/\.$/, "");
}

const RECIPIENT_KEYS = ["to", "url", "host", "index", "channel"];

/** To whom a message goes: who has it already, else whom its action names. */
export function recipientsOf({ content }: Pick<DeliveryRecord, "content">): string | undefined {
  const { delivered_to, action } = recordOf(content);
  const had = namesOf(delivered_to);
  if (had.length > 0) return had.join(", ");
  const said = recordOf(action);
  for (const key of RECIPIENT_KEYS) {
    const names = namesOf(said[key]).map(withoutPath);
    if (names.length > 0) return names.join(", ");
  }
  return undefined;
}

/** Of a webhook's address the host: the rest may be its secret. */
function withoutPath(name: string): string {
  return /^https?:\/\//.test(name) && URL.canParse(name) ? new URL(name).host : name;
}

function namesOf(value: unknown): string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
