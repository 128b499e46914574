import type { RecordColumn, RecordDataset } from "./record.ts";

export type DutyKind = "attestation" | "proposal" | "sync";

/** What a duty came to when it was not done as it should be. */
export type DutyOutcome = "missed" | "orphaned" | "late" | "wrong_target" | "wrong_head";

/**
 * The first cause of a fault that could be shown. `own` causes lie with the validators or their node, `network` ones
 * with others, and of `unclear` ones it is not known.
 */
export const dutyCauses = {
  network: "network",
  block_late: "network",
  reorged: "network",
  next_slot_empty: "network",
  offline: "own",
  cut_off: "own",
  own_node_late: "own",
  vote_late: "own",
  stale_head: "own",
  not_included: "network",
  not_seen: "own",
  proposed_late: "own",
  wrong_parent: "own",
  not_proposed: "own",
  unknown: "unclear",
} as const satisfies Record<string, DutySide>;

export type DutySide = "own" | "network" | "unclear";
export type DutyCause = keyof typeof dutyCauses;

/** What the cause rests on. Times are signed milliseconds from the start of the duty's slot; null is not known. */
export type DutyEvidence = {
  due_ms: number;
  /** The block that a vote should have named, or a proposal's own. */
  block_slot: number | null;
  /** Its first arrival over all nodes, and on the group's own. */
  block_ms: number | null;
  own_block_ms: number | null;
  /** The block that the vote did name. */
  named_root: string | null;
  named_slot: number | null;
  /** First arrival of the vote as a single one, and the nodes that told of it. */
  vote_ms: number | null;
  vote_nodes: readonly string[];
  /** Own nodes from which nothing came while others went on. */
  silent_nodes: readonly string[];
  /** The group's validators that were to vote in that slot, and those whose vote was seen. */
  group_expected: number;
  group_seen: number;
  /** The slot's validators outside of the group, and those with the same outcome. */
  others: number;
  others_same: number;
};

/** One fault of one labelled validator; for the sync committee one an epoch. */
export type DutyRecord = {
  id: string;
  kind: DutyKind;
  slot: number;
  epoch: number;
  start_ms: number;
  validator: number;
  group: string;
  /** The nodes that this validator uses, by its label. */
  own_nodes: readonly string[];
  outcome: DutyOutcome;
  cause: DutyCause;
  side: DutySide;
  /** The cause and its evidence, one sentence. */
  sentence: string;
  evidence: DutyEvidence;
  /** Slots from a vote to the block that carried it. */
  inclusion_delay: number | null;
  /** Signatures that are missing of the epoch's sync aggregates, and how many there were. */
  sync_missed: number | null;
  sync_expected: number | null;
  /** A vote that is missed may still be included until the end of the next epoch; then it is final. */
  final: boolean;
  /** The chain turned, or more became known, and it was no fault. */
  withdrawn: boolean;
};

/** Votes that a validator missed in a row. */
export type MissedRow = { validator: number; votes: number };

/** The duties of a group's validators in one epoch; attestations = ok + late + … + unknown + pending. */
export type ValidatorEpochRecord = {
  group: string;
  epoch: number;
  start_ms: number;
  /** Its validators that have to vote in this epoch. */
  validators: number;
  /** Votes of slots that have begun and were watched. */
  attestations: number;
  attestations_ok: number;
  attestations_late: number;
  attestations_wrong_head: number;
  attestations_wrong_target: number;
  attestations_missed: number;
  attestations_unknown: number;
  attestations_pending: number;
  /** Mean slots from a vote to its first inclusion. */
  inclusion_delay: number | null;
  proposals: number;
  proposals_ok: number;
  proposals_late: number;
  proposals_orphaned: number;
  proposals_missed: number;
  proposals_unknown: number;
  /** Signatures of its members in canonical sync aggregates; null where the sync committee is not known. */
  sync_expected: number | null;
  sync_signed: number | null;
  /** Faults by side; a vote that is missed, late or wrong counts one, a sync committee member one an epoch. */
  faults_own: number;
  faults_network: number;
  faults_unclear: number;
  /** Validators whose vote of this epoch is missed and that of the epoch before was, too; null where there is none. */
  missed_in_row: readonly MissedRow[] | null;
};

const slotColumn: RecordColumn = { key: "slot", name: "ethereum.slot", type: "long", words: "Slot of the duty." };
const epochColumn: RecordColumn = { key: "epoch", name: "ethereum.epoch", type: "long", words: "Epoch." };
const groupColumn: RecordColumn = {
  key: "group",
  name: "ethereum.validator.group",
  type: "keyword",
  words: "Group, by the label file.",
};
const startColumn: RecordColumn = { key: "start_ms", name: "event.start", type: "date", words: "When it began." };
const keyword = (key: string, name: string, words: string): RecordColumn => ({ key, name, type: "keyword", words });
const count = (key: string, name: string, words: string): RecordColumn => ({ key, name, type: "long", words });
const flag = (key: string, name: string, words: string): RecordColumn => ({ key, name, type: "boolean", words });

export const dutyDataset: RecordDataset = {
  kind: "index",
  name: "duty",
  title: "Faults of own validators",
  words:
    "One document a duty of a labelled validator that was not done as it should be, with its first cause; " +
    "for the sync committee one a validator and epoch. docs/duties.md has the rules.",
  columns: [
    keyword("id", "ethereum.duty.id", "Kind, slot (of the sync committee: epoch) and validator; the key."),
    keyword("kind", "ethereum.duty.kind", "attestation, proposal or sync."),
    { ...slotColumn, words: "Slot of the duty; the first missed one of a sync committee member." },
    epochColumn,
    { ...startColumn, words: "When the slot began." },
    count("validator", "ethereum.validator.index", "Validator."),
    groupColumn,
    { ...keyword("own_nodes", "ethereum.duty.own_nodes", "Nodes that the validator uses, by its label."), list: true },
    keyword("outcome", "ethereum.duty.outcome", "missed, orphaned, late, wrong_target or wrong_head."),
    keyword("cause", "ethereum.duty.cause", "The first cause that could be shown, by the rules of docs/duties.md."),
    keyword("side", "ethereum.duty.side", "own, network or unclear: with whom the cause lies."),
    {
      key: "sentence",
      name: "ethereum.duty.sentence",
      type: "text",
      words: "The cause and its evidence, one sentence.",
    },
    { key: "evidence", name: "ethereum.duty.evidence", type: "flattened", words: "What the cause rests on." },
    {
      key: "inclusion_delay",
      name: "ethereum.inclusion_delay.slots",
      type: "double",
      words: "Slots from the vote to the block that carried it.",
    },
    count("sync_missed", "ethereum.sync.missed", "Signatures missing of the epoch's sync aggregates."),
    count("sync_expected", "ethereum.sync.expected", "Signatures that were due in the epoch so far."),
    flag("final", "ethereum.duty.final", "Blocks can change it no more, unless the chain turns."),
    flag("withdrawn", "ethereum.duty.withdrawn", "It turned out to be no fault."),
  ],
};

export const validatorEpochDataset: RecordDataset = {
  kind: "index",
  name: "validator_epoch",
  title: "Own validators by epoch",
  words: "One document a group of labelled validators and epoch: what its duties came to.",
  columns: [
    groupColumn,
    epochColumn,
    startColumn,
    count("validators", "ethereum.validators.active", "Validators of the group that have to vote in the epoch."),
    count("attestations", "ethereum.attestations.total", "Votes of slots that have begun and were watched."),
    count("attestations_ok", "ethereum.attestations.ok", "Right, and in the next slot's block."),
    count("attestations_late", "ethereum.attestations.late", "Right, and included later."),
    count("attestations_wrong_head", "ethereum.attestations.wrong_head", "For a head that is not canonical."),
    count("attestations_wrong_target", "ethereum.attestations.wrong_target", "For a target that is not canonical."),
    count("attestations_missed", "ethereum.attestations.missed", "In no canonical block, as far as they are there."),
    count("attestations_unknown", "ethereum.attestations.unknown", "Blocks that could carry them were not read."),
    count("attestations_pending", "ethereum.attestations.pending", "Not to be judged yet."),
    {
      key: "inclusion_delay",
      name: "ethereum.inclusion_delay.slots",
      type: "double",
      words: "Mean slots from a vote to its first inclusion.",
    },
    count("proposals", "ethereum.proposals.total", "Slots in which a validator of the group had to propose."),
    count("proposals_ok", "ethereum.proposals.ok", "Canonical, and seen in time."),
    count("proposals_late", "ethereum.proposals.late", "Canonical, first seen after the attestation deadline."),
    count("proposals_orphaned", "ethereum.proposals.orphaned", "Seen, and not canonical."),
    count("proposals_missed", "ethereum.proposals.missed", "Seen by no node."),
    count("proposals_unknown", "ethereum.proposals.unknown", "Not judged, or not yet."),
    count("sync_expected", "ethereum.sync.expected", "Signatures due in the epoch's canonical sync aggregates."),
    count("sync_signed", "ethereum.sync.signed", "Of them, those that are there."),
    count("faults_own", "ethereum.faults.own", "Faults whose cause lies with the validators or their node."),
    count("faults_network", "ethereum.faults.network", "Faults whose cause lies with others."),
    count("faults_unclear", "ethereum.faults.unclear", "Faults without a cause that could be shown."),
    {
      key: "missed_in_row",
      name: "ethereum.attestations.missed_in_row",
      type: "flattened",
      words:
        "Validators that missed their vote in this epoch and in the ones before, and how many in a row; at most 100.",
    },
  ],
};
