import { type Client, clientOf } from "../enrich/client.ts";
import type { Enriched } from "../enrich/enrich.ts";
import type { Envelope, GapCause } from "../events/envelope.ts";

/** What a node said of the chain, as its last word stands; how its connection fares, the collector knows. */
export type NodeFacts = {
  client: Client | null;
  head: { slot: number; root: string; at_ms: number } | null;
  finalizedEpoch: number | null;
  echoes: number;
};

export type TopicTally = { node: string; topic: string; events: number; bytes: number };
export type GapTally = { node: string; cause: GapCause; count: number; seconds: number };

export type FactsBook = {
  note(envelope: Envelope, enriched: Enriched): void;
  noteGap(gap: { node: string; cause: GapCause; from_ms: number; to_ms: number }): void;
  of(node: string): NodeFacts;
  readonly quarantined: number;
  topics(): readonly TopicTally[];
  gaps(): readonly GapTally[];
};

/** Keeps what the screens and the metrics say of each node. */
export function createFactsBook(): FactsBook {
  const facts = new Map<string, NodeFacts>();
  const topics = new Map<string, TopicTally>();
  const gaps = new Map<string, GapTally>();
  let quarantined = 0;

  const of = (node: string): NodeFacts => {
    let known = facts.get(node);
    if (known === undefined) {
      known = {
        client: null,
        head: null,
        finalizedEpoch: null,
        echoes: 0,
      };
      facts.set(node, known);
    }
    return known;
  };

  const tally = (node: string, topic: string, { events, bytes }: { events: number; bytes: number }) => {
    const key = `${node}/${topic}`;
    const known = topics.get(key) ?? { node, topic, events: 0, bytes: 0 };
    known.events += events;
    known.bytes += bytes;
    topics.set(key, known);
  };

  return {
    note(envelope, enriched) {
      if (enriched.kind === "quarantine") quarantined += 1;
      const node = of(envelope.node);
      if (envelope.kind === "event") {
        // A lying node could name topics without end; those that fit nothing are counted together.
        const size = { events: 1, bytes: envelope.text.length };
        tally(envelope.node, enriched.kind === "event" ? envelope.topic : "quarantined", size);
      }
      if (envelope.kind === "votes" && enriched.kind === "votes") {
        quarantined += enriched.rejected.length;
        tally(envelope.node, "single_attestation", { events: envelope.count, bytes: envelope.bytes });
      }
      if (enriched.kind === "event") {
        if (enriched.echo) node.echoes += 1;
        else if (enriched.root !== undefined && (enriched.topic === "head" || enriched.topic === "head_v2")) {
          node.head = { slot: enriched.slot, root: enriched.root, at_ms: enriched.receivedAtUs / 1000 };
        }
        const finalized = enriched.fields["ethereum.finalized_epoch"];
        if (typeof finalized === "number") node.finalizedEpoch = Math.max(node.finalizedEpoch ?? 0, finalized);
      }
      if (enriched.kind === "answer") {
        const { answer } = enriched;
        if (answer.kind === "version") node.client = clientOf(answer.version);
        if (answer.kind === "checkpoints")
          node.finalizedEpoch = Math.max(node.finalizedEpoch ?? 0, answer.finalizedEpoch);
      }
    },
    noteGap({ node, cause, from_ms, to_ms }) {
      const key = `${node}/${cause}`;
      const known = gaps.get(key) ?? { node, cause, count: 0, seconds: 0 };
      known.count += 1;
      known.seconds += (to_ms - from_ms) / 1000;
      gaps.set(key, known);
    },
    of,
    get quarantined() {
      return quarantined;
    },
    topics: () => [...topics.values()],
    gaps: () => [...gaps.values()],
  };
}
