import type { Chain } from "../chain/chain.ts";
import { FORKS, type Fork } from "../chain/forks.ts";

/** What a topic is needed for. */
export type TopicNeed = {
  /** What is missing without it; a topic without a cost is only kept, and nothing is computed from it. */
  cost?: string;
  /** Topics that tell the same, of which one is enough. */
  insteadOf?: readonly string[];
  /** The first fork that has it, and the first that has it no longer. */
  since?: Fork;
  until?: Fork;
  /** A node that is in sync tells something of it in every slot, or nearly. */
  everySlot?: true;
};

const HEADS = "its head is known by one question a slot, so that its switches and its head at each deadline are coarse";

const NEEDS: Readonly<Record<string, TopicNeed>> = {
  head: { cost: HEADS, insteadOf: ["head_v2"], everySlot: true },
  head_v2: { cost: HEADS, insteadOf: ["head"], everySlot: true },
  block: { cost: "when it imports a block is not known", everySlot: true },
  block_gossip: { cost: "it is taken to see a block only when it has verified it, later than it did" },
  chain_reorg: {},
  finalized_checkpoint: { cost: "its finality is known from slow polls alone, up to a quarter of an epoch late" },
  attestation: { cost: "when aggregated votes reach it is not known", everySlot: true },
  single_attestation: { cost: "when single votes reach it is not known", since: "electra", everySlot: true },
  contribution_and_proof: { cost: "when sync committee contributions reach it is not known", since: "altair" },
  data_column_sidecar: { cost: "when data columns reach it is not known", since: "fulu" },
  blob_sidecar: { since: "deneb", until: "fulu" },
  payload_attributes: {},
  voluntary_exit: {},
  bls_to_execution_change: {},
  proposer_slashing: { cost: "the proofs it sees of proposers that signed twice are not kept" },
  attester_slashing: { cost: "the proofs it sees of validators that voted twice are not kept" },
  light_client_finality_update: { since: "altair" },
  light_client_optimistic_update: { since: "altair" },
  execution_payload: { cost: "when it imports a payload is not known", since: "gloas" },
  execution_payload_gossip: { cost: "when a payload reaches it is not known", since: "gloas" },
  execution_payload_available: { cost: "when a payload may be voted for is not known", since: "gloas" },
  execution_payload_bid: { cost: "the bids of builders are not kept", since: "gloas" },
  payload_attestation_message: { cost: "the payload timeliness committee's votes are not kept", since: "gloas" },
  proposer_preferences: { since: "gloas" },
  fast_confirmation: {},
};

export function needOf(topic: string): TopicNeed | undefined {
  return NEEDS[topic];
}

/** The fork now, and those that a network has scheduled. */
export type ForkTimes = { now: Fork; scheduled: readonly Fork[] };

export function forkTimes(chain: Chain, nowUs: number): ForkTimes {
  const now = chain.forkOf(Math.max(0, chain.slotAt(nowUs)));
  return { now, scheduled: chain.forks.map(({ fork }) => fork) };
}

/** Whether a fork's network has a topic: `now`, once a scheduled fork comes (`later`), or `never`. */
export function whenNeeded({ since, until }: TopicNeed, { now, scheduled }: ForkTimes): "now" | "later" | "never" {
  const order = (fork: Fork) => FORKS.indexOf(fork);
  if (until !== undefined && order(now) >= order(until)) return "never";
  if (since === undefined || order(now) >= order(since)) return "now";
  return scheduled.some((fork) => order(fork) >= order(since)) ? "later" : "never";
}
