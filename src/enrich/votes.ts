import type { Chain } from "../chain/chain.ts";
import { DELAY_FIELD, type Document, type DocumentBlock, type Json } from "../events/document.ts";
import type { VotesEnvelope } from "../events/envelope.ts";
import type { SharedVote } from "../events/single-vote-bytes.ts";
import { COMMITTEE_FIELD, singleAttestation, VALIDATOR_FIELD } from "../events/topics/votes.ts";
import type { VoteRun } from "../events/vote.ts";
import type { Client } from "./client.ts";

/** Votes that came together, with their place on the chain. */
export type EnrichedVotes = {
  kind: "votes";
  node: string;
  receivedAtUs: number;
  syncing: boolean;
  client: Client | undefined;
  runs: readonly (VoteRun & { delayMs: number })[];
  blocks: readonly DocumentBlock[];
  /** What could not be, a quarantine document for each vote. */
  rejected: readonly Document[];
};

type Known = { node: string; client: Client | undefined; syncing: boolean; fields: Document["fields"] };

/** Gives votes their slot and delay; what thousands of them have in common is written once. */
export function createVoteEnricher(chain: Chain) {
  const known = new WeakMap<SharedVote, Known>();

  /** One object for all votes that share it, in the order in which a single event has its fields. */
  const fieldsOf = (shared: SharedVote, by: Omit<Known, "fields">): Document["fields"] => {
    const found = known.get(shared);
    if (found?.node === by.node && found.client === by.client && found.syncing === by.syncing) return found.fields;
    const fields = { ...eventFields({ chain, slot: shared.slot, ...by }), ...shared.fields };
    known.set(shared, { ...by, fields });
    return fields;
  };

  return function enrichVotes(
    envelope: VotesEnvelope,
    by: {
      client: Client | undefined;
      syncing: boolean;
      /** In words why votes of the slot cannot be; undefined when they can. */
      whyNot(slot: number): string | undefined;
      reject(original: string, reason: string): Document;
    },
  ): EnrichedVotes {
    const { node, receivedAtUs } = envelope;
    const { client, syncing } = by;
    const runs: (VoteRun & { delayMs: number })[] = [];
    const blocks: DocumentBlock[] = [];
    const rejected: Document[] = [];
    for (const { shared, committeeIndices, validatorIndices } of envelope.runs) {
      const { slot } = shared;
      const reason = by.whyNot(slot);
      if (reason !== undefined) {
        for (const text of textsOf(shared, committeeIndices, validatorIndices)) rejected.push(by.reject(text, reason));
        continue;
      }
      runs.push({ data: shared.vote, committeeIndices, validatorIndices, delayMs: chain.delayMs(slot, receivedAtUs) });
      blocks.push({
        dataset: singleAttestation.name,
        fields: fieldsOf(shared, { node, client, syncing }),
        slotStartUs: chain.slotStartUs(slot),
        timestampsUs: new Float64Array(validatorIndices.length).fill(receivedAtUs),
        rows: { [COMMITTEE_FIELD]: committeeIndices, [VALIDATOR_FIELD]: validatorIndices },
      });
    }
    return { kind: "votes", node, receivedAtUs, client, syncing, runs, blocks, rejected };
  };
}

/** Fields that every event of a node's stream has, in their order. */
export function eventFields(event: {
  chain: Chain;
  node: string;
  client: Client | undefined;
  slot: number;
  delayMs?: number;
  order?: number | undefined;
  echo?: boolean;
  syncing: boolean;
}): Record<string, Json | undefined> {
  const { chain, node, client, slot, delayMs, order, echo = false, syncing } = event;
  return {
    "observer.name": node,
    "observer.product": client?.family,
    "observer.version": client?.version,
    "ethereum.slot": slot,
    "ethereum.epoch": chain.epochOf(slot),
    "ethereum.slot_index": chain.slotIndexOf(slot),
    "ethereum.fork": chain.forkOf(slot),
    [DELAY_FIELD]: delayMs,
    "ethereum.seen_order": order,
    "ethereum.echo": echo,
    "ethereum.syncing": syncing,
  };
}

/** The votes as they came, but for their signatures. */
function textsOf(shared: SharedVote, committeeIndices: Uint32Array, validatorIndices: Uint32Array): string[] {
  return Array.from(
    validatorIndices,
    (validator, i) =>
      `{"committee_index":"${committeeIndices[i]}","attester_index":"${validator}","data":${shared.json}}`,
  );
}
