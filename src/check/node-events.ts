import { createEventStream } from "../collect/event-stream.ts";
import type { NodeUrl } from "../collect/node-url.ts";
import { acceptsTopics } from "../collect/topic-probe.ts";
import type { TopicDataset } from "../events/dataset.ts";
import type { Clock } from "../lib/clock.ts";
import { isFault } from "../lib/fault.ts";
import { silentLog } from "../lib/log.ts";
import { sleep } from "../lib/sleep.ts";
import type { EventsReport, Finding } from "./report.ts";
import { type ForkTimes, needOf, type TopicNeed, whenNeeded } from "./topic-needs.ts";

/** No node knows it: one that takes it takes anything. */
const NO_TOPIC = "ethmon_no_such_topic";
/** For the connection and the first answer, beside the slots. */
const MARGIN_MS = 2_000;
const USUAL_SLOTS = 2;

export type HeardEvents = { report: EventsReport; reason: string | undefined };

/**
 * Listens to a node as `ethmon run` does: until its first event, for two slots at most; or for exactly `listenMs`.
 * Throws the signal's reason.
 */
export async function listenToEvents(options: {
  node: string;
  url: NodeUrl;
  topics: readonly string[];
  slotDurationMs: number;
  listenMs: number | undefined;
  clock: Clock;
  signal: AbortSignal;
}): Promise<HeardEvents> {
  const { node, url, topics, slotDurationMs, listenMs, clock, signal } = options;
  const ending = new AbortController();
  const startedUs = clock.monoUs();
  let first: EventsReport["first_event"] = null;
  let reason: string | undefined;
  const stream = createEventStream({
    node,
    url,
    topics,
    clock,
    log: silentLog,
    signal: AbortSignal.any([signal, ending.signal]),
    emit(envelope) {
      if (envelope.kind === "event") {
        first ??= { topic: envelope.topic, after_ms: (clock.monoUs() - startedUs) / 1000 };
        if (listenMs === undefined) ending.abort();
      } else if (envelope.kind === "stream" && envelope.state !== "open") {
        reason = envelope.reason;
        if (envelope.state === "error") ending.abort();
      }
    },
  });
  await sleep(listenMs ?? USUAL_SLOTS * slotDurationMs + MARGIN_MS, AbortSignal.any([signal, ending.signal]));
  signal.throwIfAborted();
  const status = stream.status();
  ending.abort();
  await stream.stopped;
  const { topics: states, eventsByTopic, events } = status;
  const report: EventsReport = {
    state: events > 0 ? "open" : reason === undefined ? "silent" : "failed",
    listened_ms: Math.round((clock.monoUs() - startedUs) / 1000),
    first_event: first,
    topics: Object.fromEntries(
      Object.entries(states).map(([topic, state]) => [topic, { state, events: eventsByTopic[topic] ?? 0 }]),
    ),
    refuses_unknown: null,
  };
  return { report, reason };
}

/** Whether a node refuses a topic that does not exist; null when it cannot be asked. */
export async function refusesUnknown(options: {
  node: string;
  url: NodeUrl;
  clock: Clock;
  signal: AbortSignal;
}): Promise<boolean | null> {
  try {
    return !(await acceptsTopics({ ...options, topics: [NO_TOPIC] }));
  } catch (error) {
    options.signal.throwIfAborted();
    if (isFault(error)) return null;
    throw error;
  }
}

/** What a node's event stream will leave out, and why that matters. */
export function eventFindings(input: {
  heard: HeardEvents;
  datasets: readonly TopicDataset[];
  forks: ForkTimes;
  slotDurationMs: number;
  isSyncing: boolean;
}): Finding[] {
  const { heard, datasets, forks, slotDurationMs, isSyncing } = input;
  const { report, reason } = heard;
  if (report.state === "failed") return [failed(reason ?? "no reason was told")];
  const stateOf = (topic: string) => report.topics[topic]?.state;
  const isRefused = (topic: string) => stateOf(topic) === "refused";
  if (["head", "head_v2", "block"].every(isRefused)) return [noTopics()];
  const findings: Finding[] = datasets.filter(({ topic }) => isRefused(topic)).flatMap(refusal);
  const wholeSlots = Math.floor(report.listened_ms / slotDurationMs);
  if (report.state === "silent") findings.push(silent({ report, wholeSlots, isSyncing }));
  else if (wholeSlots >= USUAL_SLOTS && !isSyncing) findings.push(...quietTopics());
  if (report.refuses_unknown === false) findings.push(takesAnything());
  return findings;

  function refusal({ topic, title, words }: TopicDataset): Finding[] {
    const need = needOf(topic);
    const when = need === undefined ? "never" : whenNeeded(need, forks);
    if (need === undefined || when === "never") return [];
    const isTold = need.insteadOf?.some((other) => stateOf(other) !== "refused") ?? false;
    const what = `${topic} is refused (${title}: ${words.replace(/\.$/, "")})`;
    if (isTold) return [note("topic_refused", `${what}; ${need.insteadOf?.join(", ")} tells the same.`)];
    if (need.cost === undefined) return [note("topic_refused", `${what}; nothing is computed from it.`)];
    if (when === "later") {
      return [note("topic_refused_later", `${what}; from ${need.since} on, ${need.cost}. Update it before that fork.`)];
    }
    return [{ severity: "lesser", code: "topic_refused", sentence: `${what}: ${need.cost}.` }];
  }

  function takesAnything(): Finding {
    const open = datasets.flatMap(({ topic }) => {
      const need = needOf(topic);
      const isNeeded = need?.cost !== undefined && whenNeeded(need, forks) === "now" && !isToldOtherwise(need);
      return isNeeded && stateOf(topic) === "unknown" ? [topic] : [];
    });
    const rest = open.length === 0 ? "" : ` Not heard of yet: ${open.join(", ")}.`;
    return note(
      "topics_untold",
      `It takes topics that do not exist: which ones it knows shows in events alone.${rest}`,
    );
  }

  function isToldOtherwise({ insteadOf = [] }: TopicNeed): boolean {
    return insteadOf.some((other) => stateOf(other) === "streaming");
  }

  function quietTopics(): Finding[] {
    const quiet = datasets.filter(({ topic }) => {
      const need = needOf(topic);
      if (need?.everySlot !== true || whenNeeded(need, forks) !== "now") return false;
      return stateOf(topic) === "unknown" && !isToldOtherwise(need);
    });
    return quiet.map(({ topic }) => ({
      severity: "lesser",
      code: "topic_silent",
      sentence: `${topic} was taken, but nothing of it came in ${wholeSlots} slots: ${needOf(topic)?.cost}.`,
    }));
  }
}

function note(code: string, sentence: string): Finding {
  return { severity: "note", code, sentence };
}

function failed(reason: string): Finding {
  return {
    severity: "fatal",
    code: "stream_failed",
    sentence: `Its event stream could not be opened, and without that nothing is timed: ${reason}`,
    advice: "A proxy before the node must let /eth/v1/events through, unbuffered and without a time limit.",
    temporary: true,
  };
}

function noTopics(): Finding {
  return {
    severity: "fatal",
    code: "no_topics",
    sentence: "It takes none of head, head_v2 and block: there is nothing to watch.",
    advice: "Is this a beacon node, and does it serve /eth/v1/events (Lodestar: --rest.namespace with 'events')?",
  };
}

function silent(input: { report: EventsReport; wholeSlots: number; isSyncing: boolean }): Finding {
  const { report, wholeSlots, isSyncing } = input;
  const seconds = (report.listened_ms / 1000).toFixed(1);
  if (isSyncing) return note("stream_silent", `No event came in ${seconds} s; a node that syncs may tell nothing.`);
  if (wholeSlots < USUAL_SLOTS) return note("stream_silent", `No event came in ${seconds} s, less than two slots.`);
  return {
    severity: "fatal",
    code: "stream_silent",
    sentence: `Its event stream is open, but no event came in ${seconds} s: nothing would be seen.`,
    advice: "Does its head move? A proxy that buffers answers holds events back (nginx: proxy_buffering off).",
    temporary: true,
  };
}
