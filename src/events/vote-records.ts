import type { RecordColumn, RecordDataset } from "./record.ts";

/** How votes are weighed: by effective balance, or each as one where the validator set is not known. */
export type WeightedBy = "balance" | "count";

/** Votes of one part of the validators. */
export type VotePart = { expected: number; seen: number; late: number; head: number; included: number };

/**
 * What a slot's committees voted. `live_…` is from the event streams alone and never waits; `blocks_…` is what canonical
 * blocks carry, and grows until an epoch after the slot's own.
 */
export type SlotVotesRecord = {
  slot: number;
  epoch: number;
  slot_index: number;
  start_ms: number;
  /** Validators that had to vote. */
  expected: number;
  /**
   * Of them, those whose vote a node's stream told of: on time and late by its first arrival as a single vote. Null,
   * like the other counts of streams, where no stream was up while the votes were due.
   */
  seen: number | null;
  on_time: number | null;
  late: number | null;
  /** Seen in aggregates alone: when it came is not known. */
  untimed: number | null;
  missing: number | null;
  /** The aggregates of the next slot were due, too: what was not seen by then is missing. */
  due: boolean;
  weighted_by: WeightedBy;
  live_source: number | null;
  live_target: number | null;
  live_head: number | null;
  included: number;
  blocks_source: number | null;
  blocks_target: number | null;
  blocks_head: number | null;
  /** Mean slots from the vote to its first inclusion, and how many of these slots had a block. */
  inclusion_delay: number | null;
  inclusion_delay_blocks: number | null;
  /** The heads voted for, heaviest first, with their share of the expected weight. */
  heads: readonly { root: string; votes: number; share: number }[];
  /** Votes that each node told of. */
  seen_by: Readonly<Record<string, number>>;
  double_votes: number;
  /** Bits set in the sync aggregate of the slot's canonical block, and its size. */
  sync_bits: number | null;
  sync_size: number | null;
  /** Members of the sync committee whose signature any contribution for the slot's head carried. */
  sync_contributed: number | null;
  groups: Readonly<Record<string, VotePart>>;
  clients: Readonly<Record<string, VotePart>>;
};

/** What a part of the validators is: those whose last graffiti named a client, or a group of the label file. */
export type VotePartKind = "client" | "group";

/** The votes of one part of the validators in one slot. */
export type VotePartRecord = VotePart & { slot: number; epoch: number; kind: VotePartKind; name: string };

/** One committee's votes in one slot; on_time + late + untimed + missed = validators. */
export type CommitteeSlotRecord = {
  slot: number;
  index: number;
  validators: number;
  on_time: number;
  late: number;
  untimed: number;
  missed: number;
  wrong_head: number;
  wrong_target: number;
  included: number;
};

/** The part of an epoch's record that its votes fill; null where nothing is known. */
export type EpochVotes = {
  active_validators: number | null;
  weighted_by: WeightedBy | null;
  /** Share of the active weight whose votes are expected so far: of watched slots that have begun; of slots below the head. */
  live_expected: number | null;
  blocks_expected: number | null;
  live_source: number | null;
  live_target: number | null;
  live_head: number | null;
  blocks_source: number | null;
  blocks_target: number | null;
  blocks_head: number | null;
  votes_seen: number | null;
  votes_late: number | null;
  votes_missing: number | null;
  inclusion_delay: number | null;
  inclusion_delay_blocks: number | null;
  double_votes: number | null;
};

const share = (key: string, name: string, words: string): RecordColumn => ({
  key,
  name: `ethereum.participation.${name}`,
  type: "double",
  words,
});
const count = (key: string, name: string, words: string): RecordColumn => ({ key, name, type: "long", words });

const participationColumns: readonly RecordColumn[] = [
  share("live_source", "live.source", "Share of the expected votes seen on streams with the right source, 0 to 1."),
  share("live_target", "live.target", "The same with the right target."),
  share("live_head", "live.head", "The same with the right head."),
  share("blocks_source", "blocks.source", "Share of the expected votes with a timely source in canonical blocks."),
  share("blocks_target", "blocks.target", "The same with a timely target."),
  share("blocks_head", "blocks.head", "The same with a timely head."),
  {
    key: "weighted_by",
    name: "ethereum.participation.weighted_by",
    type: "keyword",
    words: "balance: votes weigh their effective balance; count: each weighs one, the validator set not being known.",
  },
  {
    key: "inclusion_delay",
    name: "ethereum.inclusion_delay.slots",
    type: "double",
    words: "Mean slots from a vote to the canonical block that first carried it.",
  },
  {
    key: "inclusion_delay_blocks",
    name: "ethereum.inclusion_delay.blocks",
    type: "double",
    words: "The same counted in canonical blocks: late votes raise both, missed slots only the slots.",
  },
];

const slotColumn: RecordColumn = { key: "slot", name: "ethereum.slot", type: "long", words: "Slot of the votes." };

export const epochVoteColumns: readonly RecordColumn[] = [
  count("active_validators", "ethereum.validators.active", "Validators in the epoch's committees."),
  share("live_expected", "live.expected", "Share of the active weight whose votes could be seen so far."),
  share("blocks_expected", "blocks.expected", "Share of the active weight whose votes blocks could carry so far."),
  ...participationColumns,
  count("votes_seen", "ethereum.votes.seen", "Validators whose vote a stream told of."),
  count("votes_late", "ethereum.votes.late", "Of them, first seen after the attestation deadline."),
  count("votes_missing", "ethereum.votes.missing", "Validators whose vote was expected and not seen."),
  count("double_votes", "ethereum.votes.double", "Validators seen with two different votes."),
];

export const slotVotesDataset: RecordDataset = {
  kind: "index",
  name: "slot_votes",
  title: "Votes by slot",
  words: "One document a slot: what its committees voted, as the streams told it and as canonical blocks carry it.",
  columns: [
    slotColumn,
    { key: "epoch", name: "ethereum.epoch", type: "long", words: "Epoch." },
    {
      key: "slot_index",
      name: "ethereum.slot_index",
      type: "long",
      words: "Position of the slot in its epoch, from 0.",
    },
    { key: "start_ms", name: "event.start", type: "date", words: "When the slot began." },
    count("expected", "ethereum.votes.expected", "Validators that had to vote."),
    count("seen", "ethereum.votes.seen", "Of them, those whose vote a stream told of."),
    count("on_time", "ethereum.votes.on_time", "First seen as a single vote by the attestation deadline."),
    count("late", "ethereum.votes.late", "First seen as a single vote after it."),
    count("untimed", "ethereum.votes.untimed", "Seen in aggregates alone: when it came is not known."),
    count("missing", "ethereum.votes.missing", "Not seen."),
    {
      key: "due",
      name: "ethereum.votes.due",
      type: "boolean",
      words: "The aggregates of the next slot were due, too: what was not seen by then is missing.",
    },
    count("included", "ethereum.votes.included", "Carried by a canonical block."),
    ...participationColumns,
    {
      key: "heads",
      name: "ethereum.votes.heads",
      type: "flattened",
      words: "Heads voted for, heaviest first, with votes and share of the expected weight.",
    },
    { key: "seen_by", name: "ethereum.votes.seen_by", type: "flattened", words: "Votes that each node told of." },
    count("double_votes", "ethereum.votes.double", "Validators of the slot seen with two different votes."),
    count("sync_bits", "ethereum.sync.bits", "Bits set in the sync aggregate of the slot's block."),
    count("sync_size", "ethereum.sync.size", "Size of the sync committee."),
    count("sync_contributed", "ethereum.sync.contributed", "Members that contributions of the slot carried."),
    { key: "groups", name: "ethereum.votes.groups", type: "flattened", words: "Votes by labelled group." },
    {
      key: "clients",
      name: "ethereum.votes.clients",
      type: "flattened",
      words: "Votes by the consensus client that the validator's last graffiti named.",
    },
  ],
};

export const committeeSlotDataset: RecordDataset = {
  kind: "index",
  name: "committee_slot",
  title: "Votes by committee",
  words: "One document a slot and committee: on time, late, missed, wrong head, wrong target. Kept for ever.",
  columns: [
    slotColumn,
    count("index", "ethereum.committee.index", "Committee."),
    count("validators", "ethereum.votes.expected", "Validators of the committee."),
    count("on_time", "ethereum.votes.on_time", "First seen as a single vote by the attestation deadline."),
    count("late", "ethereum.votes.late", "First seen as a single vote after it."),
    count("untimed", "ethereum.votes.untimed", "Seen in aggregates or blocks alone."),
    count("missed", "ethereum.votes.missing", "Never seen."),
    count("wrong_head", "ethereum.votes.wrong_head", "Voted for a head that is not canonical."),
    count("wrong_target", "ethereum.votes.wrong_target", "Voted for a target that is not canonical."),
    count("included", "ethereum.votes.included", "Carried by a canonical block."),
  ],
};

export const votePartDataset: RecordDataset = {
  kind: "index",
  name: "vote_part",
  title: "Votes by client and group",
  words:
    "One document a slot and part of the validators: those whose last graffiti named a consensus client, and those of a " +
    "labelled group. What `slot_votes` tells within itself, to be counted by.",
  columns: [
    slotColumn,
    { key: "epoch", name: "ethereum.epoch", type: "long", words: "Epoch." },
    { key: "kind", name: "ethereum.part.kind", type: "keyword", words: "client or group." },
    { key: "name", name: "ethereum.part.name", type: "keyword", words: "Name of the client or the group." },
    count("expected", "ethereum.votes.expected", "Validators of the part that had to vote."),
    count("seen", "ethereum.votes.seen", "Of them, those whose vote a stream told of."),
    count("late", "ethereum.votes.late", "First seen as a single vote after the attestation deadline."),
    count("head", "ethereum.votes.right_head", "Seen on streams with the right source, target and head."),
    count("included", "ethereum.votes.included", "Carried by a canonical block."),
  ],
};
