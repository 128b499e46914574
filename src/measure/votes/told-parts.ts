import type { SlotVotesRecord, VotePart, VotePartKind, VotePartRecord } from "../../events/vote-records.ts";

type Parted = Pick<SlotVotesRecord, "slot" | "epoch" | "clients" | "groups">;

export type ToldParts = {
  /** The parts of these slots that are not what was told of them. */
  changed(records: readonly Parted[]): VotePartRecord[];
};

/** Slots whose parts are remembered: votes change until the end of the epoch after theirs. */
const REMEMBERED_SLOTS = 512;

/** The votes of each client and group as records of their own, told again only when they have changed. */
export function createToldParts(): ToldParts {
  const told = new Map<number, Map<string, string>>();

  const changedOf = (record: Parted, kind: VotePartKind, parts: Readonly<Record<string, VotePart>>) => {
    const ofSlot = told.get(record.slot) ?? new Map<string, string>();
    told.set(record.slot, ofSlot);
    return Object.entries(parts).flatMap(([name, part]): VotePartRecord[] => {
      const key = `${kind}/${name}`;
      const text = Object.values(part).join();
      if (ofSlot.get(key) === text) return [];
      ofSlot.set(key, text);
      return [{ slot: record.slot, epoch: record.epoch, kind, name, ...part }];
    });
  };

  return {
    changed(records) {
      const changed = records.flatMap((record) => [
        ...changedOf(record, "client", record.clients),
        ...changedOf(record, "group", record.groups),
      ]);
      const floor = Math.max(...told.keys()) - REMEMBERED_SLOTS;
      for (const slot of told.keys()) if (slot < floor) told.delete(slot);
      return changed;
    },
  };
}
