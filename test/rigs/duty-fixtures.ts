import type { Document } from "../../src/events/document.ts";
import {
  type DutyRecord,
  dutyDataset,
  type ValidatorEpochRecord,
  validatorEpochDataset,
} from "../../src/events/duty-records.ts";
import { documentOf } from "../../src/events/record.ts";
import { slotStartMs } from "./serve-fixtures.ts";

export function dutyRecord(slot: number, validator: number, changes: Partial<DutyRecord> = {}): DutyRecord {
  const kind = changes.kind ?? "attestation";
  return {
    id: `${kind}/${slot}/${validator}`,
    kind,
    slot,
    epoch: Math.floor(slot / 32),
    start_ms: slotStartMs(slot),
    validator,
    group: "home",
    own_nodes: ["n1"],
    outcome: "missed",
    cause: "offline",
    side: "own",
    sentence: `n1 said nothing in slot ${slot} while other nodes went on.`,
    evidence: {
      due_ms: 4000,
      block_slot: slot,
      block_ms: 812.5,
      own_block_ms: null,
      named_root: null,
      named_slot: null,
      vote_ms: null,
      vote_nodes: [],
      silent_nodes: ["n1"],
      group_expected: 2,
      group_seen: 0,
      others: 126,
      others_same: 1,
    },
    inclusion_delay: null,
    sync_missed: null,
    sync_expected: null,
    final: true,
    withdrawn: false,
    ...changes,
  };
}

export function validatorEpochRecord(
  group: string,
  epoch: number,
  changes: Partial<ValidatorEpochRecord> = {},
): ValidatorEpochRecord {
  return {
    group,
    epoch,
    start_ms: slotStartMs(epoch * 32),
    validators: 10,
    attestations: 10,
    attestations_ok: 10,
    attestations_late: 0,
    attestations_wrong_head: 0,
    attestations_wrong_target: 0,
    attestations_missed: 0,
    attestations_unknown: 0,
    attestations_pending: 0,
    inclusion_delay: 1,
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
    ...changes,
  };
}

export const dutyDocument = (record: DutyRecord): Document =>
  documentOf({ dataset: dutyDataset, record, timestampUs: record.start_ms * 1000, id: record.id });

export const validatorEpochDocument = (record: ValidatorEpochRecord): Document =>
  documentOf({
    dataset: validatorEpochDataset,
    record,
    timestampUs: record.start_ms * 1000,
    id: `${record.epoch}/${record.group}`,
  });
