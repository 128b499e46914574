import type { Chain } from "../../chain/chain.ts";
import type { DutyRecord, MissedRow, ValidatorEpochRecord } from "../../events/duty-records.ts";
import type { Proposal } from "./proposal-duties.ts";
import type { SyncSlot } from "./sync-duties.ts";
import type { SlotDuties } from "./vote-duties.ts";

/** What is known of the labelled validators' duties in one slot. */
export type SlotState = {
  votes: SlotDuties | undefined;
  proposal: Proposal | undefined;
  /** Of the aggregate in the slot's block, by members who had to sign in the slot before. */
  sync: SyncSlot | undefined;
};

const emptyRecord = (chain: Chain, group: string, epoch: number): ValidatorEpochRecord => ({
  group,
  epoch,
  start_ms: chain.slotStartUs(epoch * chain.slotsPerEpoch) / 1000,
  validators: 0,
  attestations: 0,
  attestations_ok: 0,
  attestations_late: 0,
  attestations_wrong_head: 0,
  attestations_wrong_target: 0,
  attestations_missed: 0,
  attestations_unknown: 0,
  attestations_pending: 0,
  inclusion_delay: null,
  proposals: 0,
  proposals_ok: 0,
  proposals_late: 0,
  proposals_orphaned: 0,
  proposals_missed: 0,
  proposals_unknown: 0,
  sync_expected: null,
  sync_signed: null,
  faults_own: 0,
  faults_network: 0,
  faults_unclear: 0,
  missed_in_row: null,
});

const OUTCOMES = ["ok", "late", "wrong_head", "wrong_target", "missed", "unknown", "pending"] as const;

/** The figures of one epoch by group: the sums over its slots. */
export function epochSummaries(input: {
  chain: Chain;
  epoch: number;
  slots: readonly SlotState[];
  sizes: ReadonlyMap<string, number>;
  faults: readonly DutyRecord[];
  /** Votes missed in a row, by group. */
  missedRows: ReadonlyMap<string, readonly MissedRow[]>;
}): ValidatorEpochRecord[] {
  const { chain, epoch, slots, sizes, faults, missedRows } = input;
  const records = new Map<string, ValidatorEpochRecord>();
  const delays = new Map<string, { included: number; slots: number }>();
  const recordOf = (group: string): ValidatorEpochRecord => {
    const record = records.get(group) ?? emptyRecord(chain, group, epoch);
    records.set(group, record);
    return record;
  };

  for (const [group, validators] of sizes) recordOf(group).validators = validators;
  for (const { votes, proposal, sync } of slots) {
    for (const [group, counts] of votes?.byGroup ?? []) {
      const record = recordOf(group);
      for (const outcome of OUTCOMES) {
        record[`attestations_${outcome}`] += counts[outcome];
        record.attestations += counts[outcome];
      }
      const delay = delays.get(group) ?? { included: 0, slots: 0 };
      delays.set(group, { included: delay.included + counts.included, slots: delay.slots + counts.delaySlots });
    }
    if (proposal !== undefined) {
      const record = recordOf(proposal.group);
      record.proposals += 1;
      record[`proposals_${proposal.outcome}`] += 1;
    }
    for (const [group, { expected, signed }] of sync?.byGroup ?? []) {
      const record = recordOf(group);
      record.sync_expected = (record.sync_expected ?? 0) + expected;
      record.sync_signed = (record.sync_signed ?? 0) + signed;
    }
  }
  for (const [group, { included, slots: delaySlots }] of delays) {
    recordOf(group).inclusion_delay = included === 0 ? null : delaySlots / included;
  }
  for (const { group, side } of faults) recordOf(group)[`faults_${side}`] += 1;
  for (const [group, rows] of missedRows) recordOf(group).missed_in_row = rows;
  return [...records.values()].sort((a, b) => (a.group < b.group ? -1 : 1));
}
