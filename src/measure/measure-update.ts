import type { BlockRecord } from "../events/block/block-record.ts";
import type { LatencyRecord, NodeEpochRecord, PropagationRecord } from "../events/comparison.ts";
import type { EpochRecord, GapRecord, NodeSlotRecord, SlotRecord, StreamRecord } from "../events/derived.ts";
import type { ReorgRecord } from "../events/reorg.ts";
import type { SlashingRecord } from "../events/slashing-record.ts";
import type { CommitteeSlotRecord, SlotVotesRecord, VotePartRecord } from "../events/vote-records.ts";
import type { DutyUpdate } from "./duties/duties.ts";

/** A derived document that is new or changed. */
export type MeasureUpdate =
  | { dataset: "slot"; record: SlotRecord }
  | { dataset: "node_slot"; record: NodeSlotRecord }
  | { dataset: "slot_votes"; record: SlotVotesRecord }
  | { dataset: "vote_part"; record: VotePartRecord }
  | { dataset: "committee_slot"; record: CommitteeSlotRecord }
  | { dataset: "epoch"; record: EpochRecord }
  | { dataset: "reorg"; record: ReorgRecord }
  | { dataset: "block"; record: BlockRecord }
  | { dataset: "slashing"; record: SlashingRecord }
  | DutyUpdate
  | { dataset: "stream"; record: StreamRecord }
  | { dataset: "node_epoch"; record: NodeEpochRecord }
  | { dataset: "latency"; record: LatencyRecord }
  | { dataset: "propagation"; record: PropagationRecord }
  | { dataset: "ethereum.gap"; record: GapRecord };
