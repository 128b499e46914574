import type { Fault } from "../lib/fault.ts";
import type { PollStatus } from "./beacon-poll.ts";
import type { StreamStatus } from "./event-stream.ts";
import type { NodeAnswers } from "./node-answers.ts";
import type { TopicState } from "./topic-book.ts";

/** One node as the API shows it; nothing here holds credentials. */
export type NodeStatus = {
  name: string;
  url: string;
  state: "connecting" | "streaming" | "down" | "refused";
  sinceUs: number;
  /** Why it is down or refused, one sentence. */
  reason?: string;
  /** As the node says it. */
  version?: string;
  syncing?: boolean;
  peers?: number;
  topics: Readonly<Record<string, TopicState>>;
  eventsByTopic: Readonly<Record<string, number>>;
  events: number;
  bytes: number;
  lastEventAtUs?: number;
  reconnects: number;
  oversized: number;
  droppedByNode: number;
  /** REST answers and failures; `failing` while the node does not answer. */
  rest: PollStatus;
};

type Told = { fault: Fault; atUs: number };

const NO_POLLS: PollStatus = { failing: false, answers: 0, failures: 0 };

/** The worst of a node's stages says its state: refused, not reached, then what its stream says. */
export function statusOf(input: {
  name: string;
  url: string;
  startedAtUs: number;
  topics: readonly string[];
  refusal: Told | undefined;
  startFault: Told | undefined;
  answers: NodeAnswers;
  stream: StreamStatus | undefined;
  poll: PollStatus | undefined;
}): NodeStatus {
  const { name, url, startedAtUs, refusal, startFault, answers, stream, poll = NO_POLLS } = input;
  const { version, syncing, peers } = answers;
  const counted = stream ?? {
    topics: Object.fromEntries(input.topics.map((topic): [string, TopicState] => [topic, "unknown"])),
    eventsByTopic: {},
    events: 0,
    bytes: 0,
    reconnects: 0,
    oversized: 0,
    droppedByNode: 0,
  };
  return {
    name,
    url,
    ...stateOf({ startedAtUs, refusal, startFault, stream }),
    ...(version === undefined ? {} : { version }),
    ...(syncing === undefined ? {} : { syncing }),
    ...(peers === undefined ? {} : { peers }),
    topics: counted.topics,
    eventsByTopic: counted.eventsByTopic,
    events: counted.events,
    bytes: counted.bytes,
    ...(stream?.lastEventAtUs === undefined ? {} : { lastEventAtUs: stream.lastEventAtUs }),
    reconnects: counted.reconnects,
    oversized: counted.oversized,
    droppedByNode: counted.droppedByNode,
    rest: poll,
  };
}

function stateOf(input: {
  startedAtUs: number;
  refusal: Told | undefined;
  startFault: Told | undefined;
  stream: StreamStatus | undefined;
}): Pick<NodeStatus, "state" | "sinceUs" | "reason"> {
  const { startedAtUs, refusal, startFault, stream } = input;
  if (refusal !== undefined) return { state: "refused", sinceUs: refusal.atUs, reason: refusal.fault.message };
  if (startFault !== undefined) return { state: "down", sinceUs: startFault.atUs, reason: startFault.fault.message };
  if (stream === undefined) return { state: "connecting", sinceUs: startedAtUs };
  const { sinceUs, reason } = stream;
  const state = stream.state === "open" ? "streaming" : stream.state;
  return { state, sinceUs, ...(reason === undefined ? {} : { reason }) };
}
