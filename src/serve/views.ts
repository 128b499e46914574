import type { CheckReport } from "../check/report.ts";
import type { AlertRecord } from "../events/alert-records.ts";
import type { BlockRecord } from "../events/block/block-record.ts";
import type { ClockRecord } from "../events/clock.ts";
import type { Keep } from "../events/dataset.ts";
import type { EpochRecord, GapRecord, NodeSlotRecord, SlotRecord } from "../events/derived.ts";
import type { DutyRecord, ValidatorEpochRecord } from "../events/duty-records.ts";
import type { ReorgRecord } from "../events/reorg.ts";
import type { CommitteeSlotRecord, SlotVotesRecord } from "../events/vote-records.ts";

export type * from "./alerts-view.ts";
export type * from "./dashboards-view.ts";
export type * from "./hosts-view.ts";
export type * from "./latency-view.ts";

/**
 * What the native API answers, as types that the web shares. Keys are snake_case as in the Beacon API;
 * times are Unix milliseconds, delays signed milliseconds from the slot's start.
 */
export type NetworkView = {
  name: string;
  genesis_time: number;
  genesis_validators_root: string | null;
  slot_duration_ms: number;
  slots_per_epoch: number;
  /** By ascending epoch; forks of one epoch were passed through at once, the last one counts. */
  forks: readonly { fork: string; epoch: number; deadlines: DeadlinesView }[];
  /** Shown as a banner: the data are a recording, not a live network. */
  demo: boolean;
  now_ms: number;
};

/** Milliseconds from the slot's start; those of the payload from Gloas on. */
export type DeadlinesView = {
  attestation_due_ms: number;
  aggregate_due_ms: number;
  payload_due_ms?: number;
  payload_attestation_due_ms?: number;
};

export type NodeState = "connecting" | "streaming" | "down" | "refused";

export type NodeView = {
  name: string;
  /** Without credentials; empty where the monitor is public. */
  url: string;
  state: NodeState;
  since_ms: number;
  reason: string | null;
  client: string | null;
  version: string | null;
  syncing: boolean;
  peers: number | null;
  head: { slot: number; root: string; at_ms: number } | null;
  finalized_epoch: number | null;
  events: number;
  echoes: number;
  last_event_ms: number | null;
  reconnects: number;
  topics: Readonly<Record<string, "streaming" | "refused" | "unknown">>;
};

export type HealthReason = { code: string; sentence: string; node?: string };

/** What one time server gave when it was last asked: a sample, or the code of why there is none. */
export type TimeServerView = {
  server: string;
  offset_ms: number | null;
  error_ms: number | null;
  round_trip_ms: number | null;
  stratum: number | null;
  /** Whether it can be right together with the chosen sample; null without a sample. */
  agrees: boolean | null;
  reason: string | null;
};

/** The machine's clock against time servers. Stamps are the machine's: nothing is corrected by it. */
export type ClockView = {
  /** To be added to the machine's clock, signed; positive when it is behind. Null while it is not known. */
  offset_ms: number | null;
  /** The offset is off by this at most. */
  error_ms: number | null;
  server: string | null;
  /** Whether a time server answered when last asked; null before that. */
  reachable: boolean | null;
  /** When the offset was measured. */
  sampled_ms: number | null;
  /** When the servers were last asked; null before that. */
  asked_ms: number | null;
  /** Each server that is asked, as it answered then. */
  servers: readonly TimeServerView[];
};

/** `ok` only when every stream is up and the store takes and answers. */
export type HealthView = {
  status: "ok" | "degraded" | "failing";
  reasons: readonly HealthReason[];
  started_ms: number;
  store: {
    state: string;
    journaled: number;
    loaded: number;
    queued: number;
    dropped: number;
    rows: number;
  };
  quarantined: number;
  event_loop_delay_ms: { p50: number; p99: number; max: number };
  /** Null where no time server is asked. */
  clock: ClockView | null;
};

/** What is stored of one dataset of one network. */
export type StoredDataset = {
  /** Name of its data stream or index. */
  index: string;
  dataset: string;
  network: string;
  keep: Keep;
  rows: number;
  /** About: whole blocks of the database's file, and a share of its write-ahead log. */
  bytes: number;
  /** UTC days with documents; null for an index. */
  days: number | null;
  oldest_ms: number | null;
  newest_ms: number | null;
};

/** What the store holds, and how it is kept in bounds. */
export type StoreView = {
  /** `closed`: read from the files, while no program used them. */
  state: "starting" | "ready" | "unavailable" | "closed";
  reason: string | null;
  datasets: readonly StoredDataset[];
  rows: number;
  disk: {
    total_bytes: number;
    database_bytes: number;
    /** Of the database's, free within the file. */
    free_bytes: number;
    wal_bytes: number;
    journal_bytes: number;
    /** Of the journal's, not loaded yet. */
    pending_bytes: number;
  };
  journal: { journaled: number; loaded: number };
  retention: {
    votes_hours: number;
    raw_days: number;
    disk_gb: number;
    ran_ms: number | null;
    over_cap: string | null;
  } | null;
};

export type NodesAnswer = { nodes: readonly NodeView[] };
/** Newest first. `next_before` continues below, null at the end. */
export type SlotsAnswer = { slots: readonly SlotRecord[]; next_before: number | null };

/** One raw event as the slot page lists it. */
export type SlotEvent = {
  node: string;
  topic: string;
  received_ms: number;
  delay_ms: number | null;
  echo: boolean;
  fields: Readonly<Record<string, unknown>>;
};

/** Newest first; blocks of one slot stay on one page. */
export type BlocksAnswer = { blocks: readonly BlockRecord[]; next_before: number | null };

export type SlotAnswer = {
  slot: SlotRecord;
  /** What stands in the slot's blocks, canonical or not, as far as a node answered them whole. */
  blocks: readonly BlockRecord[];
  node_slots: readonly NodeSlotRecord[];
  /** Without votes and contributions, which `node_slots` counts; by arrival. */
  events: readonly SlotEvent[];
  gaps: readonly GapRecord[];
  reorgs: readonly ReorgRecord[];
};

export type EpochsAnswer = { epochs: readonly EpochRecord[]; next_before: number | null };
export type VotesAnswer = { votes: readonly SlotVotesRecord[]; next_before: number | null };
export type CommitteesAnswer = { committees: readonly CommitteeSlotRecord[] };
export type ReorgsAnswer = { reorgs: readonly ReorgRecord[]; next_before: number | null };
export type GapsAnswer = { gaps: readonly GapRecord[]; next_before: number | null };

/** A group of labelled validators over the epochs of an answer. */
export type GroupView = {
  group: string;
  nodes: readonly string[];
  /** Validators that the label file names. */
  labelled: number;
  /** Epochs of which something is known. */
  epochs: number;
  inclusion_delay: number | null;
  /** Share of what its judged votes were worth that was lost, 0 to 1. */
  lost_share: number | null;
} & Pick<
  ValidatorEpochRecord,
  | "attestations"
  | "attestations_ok"
  | "attestations_late"
  | "attestations_wrong_head"
  | "attestations_wrong_target"
  | "attestations_missed"
  | "attestations_unknown"
  | "attestations_pending"
  | "proposals"
  | "proposals_ok"
  | "proposals_late"
  | "proposals_orphaned"
  | "proposals_missed"
  | "proposals_unknown"
  | "sync_expected"
  | "sync_signed"
  | "faults_own"
  | "faults_network"
  | "faults_unclear"
>;

/** A labelled validator with faults. */
export type ValidatorView = {
  validator: number;
  attestations_missed: number;
  attestations_late: number;
  attestations_wrong_head: number;
  attestations_wrong_target: number;
  /** Missed or orphaned. */
  proposals_lost: number;
  proposals_late: number;
  sync_missed: number;
  faults_own: number;
  faults_network: number;
  faults_unclear: number;
  last_slot: number;
};

type EpochSpan = { from_epoch: number; through_epoch: number };

/** Worst first; `labelled` is false without a label file. */
export type ValidatorsAnswer = EpochSpan & { labelled: boolean; groups: readonly GroupView[] };
/** Validators worst first, faults newest first. */
export type GroupAnswer = EpochSpan & {
  group: GroupView;
  validators: readonly ValidatorView[];
  faults: readonly DutyRecord[];
  next_before: number | null;
};

/** Events of `/api/v1/stream`; the SSE `event:` is the key, `data:` the value. */
export type LiveEvents = {
  slot: SlotRecord;
  node_slot: NodeSlotRecord;
  slot_votes: SlotVotesRecord;
  epoch: EpochRecord;
  reorg: ReorgRecord;
  block: BlockRecord;
  gap: GapRecord;
  alert: AlertRecord;
  node: NodeView;
  health: HealthView;
  /** The stream cannot go on where the reader stopped: fetch anew. */
  reset: { reason: string };
};

/** One look at the machine's clock and at the program's delay, as it was stored. */
export type ClockLook = ClockRecord & { at_ms: number };
/** Newest first. `next_before` continues below, null at the end. */
export type ClockAnswer = { looks: readonly ClockLook[]; next_before: number | null };

/** What `ethmon check` would say of the nodes that are watched; of this machine's clock, health says more. */
export type NodesCheck = Omit<CheckReport, "clock">;

export type CheckAnswer = {
  /** Since when one is being made; null when none is. */
  running_since_ms: number | null;
  /** Another one begins no sooner; null when it may begin now, or one is being made. */
  again_ms: number | null;
  /** The last one that came to its end; null before that. */
  report: NodesCheck | null;
  /** Why the last one did not come to its end. */
  failure: string | null;
};

export type ApiError = { error: { code: string; message: string; retry: boolean } };
