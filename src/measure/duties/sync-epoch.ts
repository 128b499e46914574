import type { Chain } from "../../chain/chain.ts";
import type { DutyRecord } from "../../events/duty-records.ts";
import { plural } from "./rule.ts";
import type { SyncSlot } from "./sync-duties.ts";

/**
 * The sync faults of an epoch, one a validator: its cause is that of most of its missing signatures, and among equal
 * ones of the first.
 */
export function syncFaults(input: {
  chain: Chain;
  epoch: number;
  slots: readonly (SyncSlot | undefined)[];
}): DutyRecord[] {
  const { chain, epoch, slots } = input;
  const byValidator = new Map<number, { expected: number; signed: number; faults: DutyRecord[] }>();
  for (const slot of slots) {
    for (const [validator, { expected, signed, fault }] of slot?.byValidator ?? []) {
      const sum = byValidator.get(validator) ?? { expected: 0, signed: 0, faults: [] };
      byValidator.set(validator, sum);
      sum.expected += expected;
      sum.signed += signed;
      if (fault !== undefined) sum.faults.push(fault);
    }
  }
  return [...byValidator].flatMap(([validator, { expected, signed, faults }]) => {
    const [first] = faults;
    const main = mostFrequent(faults);
    if (first === undefined || main === undefined) return [];
    const missed = expected - signed;
    return {
      ...main,
      id: `sync/${epoch}/${validator}`,
      slot: first.slot,
      epoch,
      start_ms: chain.slotStartUs(first.slot) / 1000,
      sentence: `${plural(missed, "signature")} of ${expected} missing in epoch ${epoch}. ${main.sentence}`,
      sync_missed: missed,
      sync_expected: expected,
    };
  });
}

function mostFrequent(faults: readonly DutyRecord[]): DutyRecord | undefined {
  const counts = new Map<string, number>();
  for (const { cause } of faults) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return faults.reduce<DutyRecord | undefined>(
    (best, fault) =>
      best === undefined || (counts.get(fault.cause) ?? 0) > (counts.get(best.cause) ?? 0) ? fault : best,
    undefined,
  );
}
