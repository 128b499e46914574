import type { AlertRecord, ChannelView, Severity, Told } from "../../../src/serve/views.ts";
import { formatCount, formatDuration } from "./format.ts";

/** From the mildest to the worst. */
export const SEVERITIES = ["info", "warning", "high", "critical", "emergency"] as const satisfies readonly Severity[];

export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** Whether it is one to be red for. */
export function isLoud(severity: Severity): boolean {
  return severityRank(severity) >= severityRank("high");
}

/** What was over so soon was of a moment. */
const MOMENT_MS = 50;

/** `for 4 min 12 s` while it lasts, `lasted 4 min 12 s` once it is over. */
export function lastedWords({ since_ms, until_ms }: Pick<AlertRecord, "since_ms" | "until_ms">, nowMs: number): string {
  if (until_ms !== null && until_ms - since_ms < MOMENT_MS) return "a moment";
  const lasted = formatDuration((until_ms ?? nowMs) - since_ms);
  return until_ms === null ? `for ${lasted}` : `lasted ${lasted}`;
}

/** Why a message was sent; `with` the beginning or the end itself. */
export const STAGE_WORDS: Readonly<Record<Told["stage"], { alone: string; with: string }>> = {
  new: { alone: "It was told", with: "It began" },
  worse: { alone: "It became worse", with: "It became worse" },
  repeat: { alone: "It still lasted", with: "It still lasted" },
  over: { alone: "Its end was told", with: "It was over" },
};

/** What became of a message, and what it counts as: colour and shape go by it. */
export const STATUS_WORDS: Readonly<
  Record<Told["status"], { words: string; tone: "good" | "bad" | "waiting" | "quiet" }>
> = {
  pending: { words: "not delivered yet", tone: "waiting" },
  delivered: { words: "delivered", tone: "good" },
  failed: { words: "not delivered", tone: "bad" },
  silenced: { words: "silenced", tone: "quiet" },
  summarised: { words: "in a summary of many", tone: "quiet" },
  no_account: { words: "not sent: no account is configured", tone: "quiet" },
};

export const SCOPE_WORDS: Readonly<Record<AlertRecord["scope"], string>> = {
  network: "the network",
  node: "a node",
  validators: "validators",
  host: "a server",
  monitor: "the monitor itself",
};

export const KIND_WORDS: Readonly<Record<ChannelView["kind"], string>> = {
  email: "e-mail",
  webhook: "webhook",
  slack: "Slack",
  index: "index",
  logging: "log",
};

/** A channel through which nothing gets; what waits for a moment is no trouble. */
export function isTroubled({ configured, failing_since_ms }: ChannelView): boolean {
  return configured && failing_since_ms !== null;
}

/** Whether anything but the log would tell somebody. */
export function reachesSomebody(channels: readonly ChannelView[]): boolean {
  return channels.some(({ kind, configured }) => configured && kind !== "logging" && kind !== "index");
}

/** `2 open alerts, the worst is high`: the count of the rail, spoken. */
export function countWords({ open, worst }: AlertCount): string {
  return worst === undefined ? "no open alert" : `${formatCount(open, "open alert")}, the worst is ${worst}`;
}

/** What is open and not acknowledged. */
export type AlertCount = { open: number; worst: Severity | undefined };

export function countOpen(alerts: Iterable<Pick<AlertRecord, "state" | "severity">>): AlertCount {
  let open = 0;
  let worst: Severity | undefined;
  for (const { state, severity } of alerts) {
    if (state !== "open") continue;
    open += 1;
    if (worst === undefined || severityRank(severity) > severityRank(worst)) worst = severity;
  }
  return { open, worst };
}
