import type { Chain } from "../chain/chain.ts";
import type { Answer } from "../events/answers/answer.ts";
import { answerOf } from "../events/answers/answers.ts";
import { topicDataset } from "../events/catalogue.ts";
import type { EventReading, TopicDataset } from "../events/dataset.ts";
import type { Document, Storable } from "../events/document.ts";
import type {
  CommitteesEnvelope,
  Envelope,
  EventEnvelope,
  RestEnvelope,
  StreamEnvelope,
  ValidatorsEnvelope,
  VotesEnvelope,
} from "../events/envelope.ts";
import {
  committeesDataset,
  committeesDocument,
  committeesEpochOf,
  readCommittees,
  validatorSetDocument,
} from "../events/epoch-answers.ts";
import { firstIssue } from "../events/primitives.ts";
import { quarantined } from "../events/quarantine.ts";
import { keepsOriginal } from "../events/topic.ts";
import { singleAttestation } from "../events/topics/votes.ts";
import { parseJsonExact } from "../lib/json.ts";
import { type Client, clientOf } from "./client.ts";
import { createFirstSeen } from "./first-seen.ts";
import { createVoteEnricher, type EnrichedVotes, eventFields } from "./votes.ts";

export type { EnrichedVotes } from "./votes.ts";

/** An event with its place on the chain and among the nodes. */
export type EnrichedEvent = {
  kind: "event";
  node: string;
  topic: string;
  receivedAtUs: number;
  /** The object's slot, else the slot of its arrival. */
  slot: number;
  delayMs: number;
  /** The block that the event reports; set on block_gossip, block and head topics alone. */
  root: string | undefined;
  echo: boolean;
  syncing: boolean;
  client: Client | undefined;
  vote: EventReading["vote"];
  fields: EventReading["fields"];
  document: Document;
};

export type EnrichedAnswer = {
  kind: "answer";
  node: string;
  receivedAtUs: number;
  answer: Answer;
  document: Document;
};

export type Enriched =
  | EnrichedEvent
  | EnrichedVotes
  | EnrichedAnswer
  | (CommitteesEnvelope & { document: Document })
  | (ValidatorsEnvelope & { document: Document })
  | StreamEnvelope
  | { kind: "quarantine"; node: string; receivedAtUs: number; document: Document }
  | { kind: "nothing" };

export type Enricher = { enrich(envelope: Envelope): Enriched };

/** Further ahead than this, and than an epoch, a slot is a lie or a broken clock, not a skewed one: it is quarantined. */
const MAX_AHEAD_SLOTS = 32;

/** Further back than observations come out of order; and the most by which clocks are wrong, in sum. */
const SET_BACK_US = 2_000_000;
const MAX_SET_BACK_US = 86_400_000_000;

/** Objects of a topic remembered for echoes: four and a half days of mainnet blocks, an hour of its data columns. */
const FIRST_SEEN_LIMIT_PER_TOPIC = 32_768;

/**
 * Gives each observation its slot, delay, order among nodes, client, and makes it a document.
 * What does not fit becomes a quarantine document with the reason; nothing is dropped.
 */
export function createEnricher(input: {
  chain: Chain;
  clients?: Readonly<Record<string, Client>>;
  firstSeenLimitPerTopic?: number;
}): Enricher {
  const { chain } = input;
  const firstSeen = createFirstSeen({ limitPerTopic: input.firstSeenLimitPerTopic ?? FIRST_SEEN_LIMIT_PER_TOPIC });
  const clients = new Map<string, Client>(Object.entries(input.clients ?? {}));
  const syncing = new Map<string, boolean>();
  let latestUs = 0;
  let setBackUs = 0;

  const enrichVotes = createVoteEnricher(chain);

  const reject = (envelope: EventEnvelope | RestEnvelope, dataset: string, reason: string): Enriched => {
    const { node, receivedAtUs } = envelope;
    const original = envelope.kind === "event" ? envelope.text : JSON.stringify(envelope.body ?? null);
    const document = quarantined({ node, receivedAtUs, dataset, reason, original });
    return { kind: "quarantine", node, receivedAtUs, document };
  };

  /** A clock may be set back, which does not stop the chain: time goes on from the latest moment that was seen. */
  const noteTime = (receivedAtUs: number) => {
    const behindUs = latestUs - (receivedAtUs + setBackUs);
    if (behindUs > SET_BACK_US) setBackUs = Math.min(setBackUs + behindUs, MAX_SET_BACK_US);
    latestUs = Math.max(latestUs, receivedAtUs + setBackUs);
  };

  /** In words how far ahead a slot lies that cannot be. */
  const aheadOfClock = (slot: number, receivedAtUs: number): string | undefined => {
    noteTime(receivedAtUs);
    if (slot - chain.slotAt(latestUs) <= Math.max(MAX_AHEAD_SLOTS, chain.slotsPerEpoch)) return undefined;
    return `slot ${slot} begins ${Math.round(-chain.delayMs(slot, receivedAtUs) / 1000)} s`;
  };

  const enrichEvent = (envelope: EventEnvelope): Enriched => {
    const { node, receivedAtUs, topic, text } = envelope;
    const dataset = topicDataset(topic);
    if (dataset === undefined) return reject(envelope, `ethereum.${topic}`, `no dataset for the topic ${topic}`);
    const reading = dataset.readText?.(text) ?? readEvent(dataset, text);
    if (typeof reading === "string") return reject(envelope, dataset.name, reading);

    const slot = reading.slot ?? chain.slotAt(receivedAtUs);
    const delayMs = chain.delayMs(slot, receivedAtUs);
    const ahead = aheadOfClock(slot, receivedAtUs);
    if (ahead !== undefined) return reject(envelope, dataset.name, `${ahead} after the event arrived`);
    const sighting =
      reading.identity === undefined ? undefined : firstSeen.note({ node, topic, identity: reading.identity });
    const client = clients.get(node);
    const echo = sighting?.echo ?? false;
    const nodeIsSyncing = syncing.get(node) ?? false;
    const order = sighting?.order;
    const fields = Object.assign(
      eventFields({ chain, node, client, slot, delayMs, order, echo, syncing: nodeIsSyncing }),
      reading.fields,
    );
    if (keepsOriginal(dataset)) fields["event.original"] = text;
    return {
      kind: "event",
      node,
      topic,
      receivedAtUs,
      slot,
      delayMs,
      root: reading.root,
      echo,
      syncing: nodeIsSyncing,
      client,
      vote: reading.vote,
      fields: reading.fields,
      document: { dataset: dataset.name, timestampUs: receivedAtUs, fields },
    };
  };

  const enrichVotesTogether = (envelope: VotesEnvelope): EnrichedVotes => {
    const { node, receivedAtUs } = envelope;
    return enrichVotes(envelope, {
      client: clients.get(node),
      syncing: syncing.get(node) ?? false,
      whyNot(slot) {
        const ahead = aheadOfClock(slot, receivedAtUs);
        return ahead && `${ahead} after the event arrived`;
      },
      reject: (original, reason) =>
        quarantined({ node, receivedAtUs, dataset: singleAttestation.name, reason, original }),
    });
  };

  const enrichAnswer = (envelope: RestEnvelope): Enriched => {
    const { node, receivedAtUs, path, status, body } = envelope;
    if (status !== 200) return { kind: "nothing" };
    const epoch = committeesEpochOf(path);
    if (epoch !== undefined) {
      const read = readCommittees(body, { epoch, slotsPerEpoch: chain.slotsPerEpoch });
      if (typeof read === "string") return reject(envelope, committeesDataset.name, read);
      return enrichCommittees({ kind: "committees", node, receivedAtUs, ...read });
    }
    const found = answerOf(path);
    if (found === undefined) return { kind: "nothing" };
    const parsed = found.dataset.parse(body, found.match);
    if (!parsed.success) return reject(envelope, found.dataset.name, firstIssue(parsed.error));
    const { answer, fields } = parsed.data;
    const isOfBlock = answer.kind === "header" || answer.kind === "block";
    const ahead = isOfBlock ? aheadOfClock(answer.slot, receivedAtUs) : undefined;
    if (ahead !== undefined) return reject(envelope, found.dataset.name, `${ahead} after the answer`);
    if (answer.kind === "version") clients.set(node, clientOf(answer.version));
    if (answer.kind === "syncing") syncing.set(node, answer.isSyncing);
    const client = clients.get(node);
    return {
      kind: "answer",
      node,
      receivedAtUs,
      answer,
      document: {
        dataset: found.dataset.name,
        timestampUs: receivedAtUs,
        fields: {
          "observer.name": node,
          "observer.product": client?.family,
          "observer.version": client?.version,
          ...fields,
        },
      },
    };
  };

  const enrichCommittees = (envelope: CommitteesEnvelope): Enriched => ({
    ...envelope,
    document: committeesDocument(envelope, envelope),
  });

  return {
    enrich(envelope) {
      switch (envelope.kind) {
        case "event":
          return enrichEvent(envelope);
        case "votes":
          return enrichVotesTogether(envelope);
        case "rest":
          return enrichAnswer(envelope);
        case "committees":
          return enrichCommittees(envelope);
        case "validators":
          return { ...envelope, document: validatorSetDocument(envelope, envelope.validators) };
        case "stream":
          return envelope;
      }
    },
  };
}

/** What is stored of an observation, as it came. */
export function documentsOf(enriched: Enriched): readonly Storable[] {
  if (enriched.kind === "votes") return [...enriched.blocks, ...enriched.rejected];
  return "document" in enriched ? [enriched.document] : [];
}

/** The reading of an event's data, or in words why they do not fit. */
function readEvent(dataset: TopicDataset, text: string): EventReading | string {
  let data: unknown;
  try {
    data = parseJsonExact(text);
  } catch {
    return "the data are not JSON";
  }
  if (data === null) return "the data are null";
  const parsed = dataset.schema.safeParse(data);
  return parsed.success ? dataset.read(parsed.data as never) : firstIssue(parsed.error);
}
