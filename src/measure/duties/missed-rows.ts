import type { DutyRecord, MissedRow } from "../../events/duty-records.ts";

/** Votes that labelled validators missed in a row, one an epoch. */
export type MissedRows = {
  /** Takes the faults of an epoch as they are now; rows of two votes and more by group, the longest first. */
  note(epoch: number, faults: readonly DutyRecord[]): ReadonlyMap<string, readonly MissedRow[]>;
  prune(belowEpoch: number): void;
};

/** Validators that a group's record names; the longest rows first. */
const MOST_NAMED = 100;

export function createMissedRows(): MissedRows {
  const byEpoch = new Map<number, ReadonlyMap<number, number>>();
  return {
    note(epoch, faults) {
      const before = byEpoch.get(epoch - 1);
      const rows = new Map<number, number>();
      const byGroup = new Map<string, MissedRow[]>();
      for (const { kind, slot, outcome, validator, group } of faults) {
        // In the slot of genesis there may be nobody yet.
        if (kind !== "attestation" || outcome !== "missed" || slot === 0) continue;
        const votes = 1 + (before?.get(validator) ?? 0);
        rows.set(validator, votes);
        if (votes >= 2) byGroup.set(group, [...(byGroup.get(group) ?? []), { validator, votes }]);
      }
      byEpoch.set(epoch, rows);
      for (const [group, all] of byGroup) {
        byGroup.set(group, all.toSorted((a, b) => b.votes - a.votes || a.validator - b.validator).slice(0, MOST_NAMED));
      }
      return byGroup;
    },
    prune(belowEpoch) {
      for (const epoch of byEpoch.keys()) if (epoch < belowEpoch) byEpoch.delete(epoch);
    },
  };
}
