import { seatsOfSlot } from "../../chain/committees.ts";
import type { VotePart } from "../../events/vote-records.ts";
import type { Inclusion, Rightness } from "./inclusion.ts";
import type { VoteTable } from "./vote-table.ts";

export type VoteParts = {
  /** The votes of a slot by part; parts without a seat there are left out. */
  ofSlot(input: {
    table: VoteTable;
    inclusion: Inclusion;
    slot: number;
    attestationDueMs: number;
    judge(seat: number): Rightness | undefined;
  }): Record<string, VotePart>;
};

/**
 * Divides the validators into named parts: groups of a label file, or clients. A validator's part is looked up once an
 * epoch, so that what is learned of it counts from the next one on.
 */
export function createVoteParts(partOf: (validator: number) => string | undefined): VoteParts {
  const bySeat = new WeakMap<VoteTable, { ids: Uint16Array; names: readonly string[] }>();

  const partsOf = (table: VoteTable) => {
    let parts = bySeat.get(table);
    if (parts === undefined) {
      const ids = new Map<string, number>();
      const idOf = (validator: number): number => {
        const name = partOf(validator);
        if (name === undefined) return 0;
        const id = ids.get(name) ?? ids.size + 1;
        ids.set(name, id);
        return id;
      };
      parts = { ids: Uint16Array.from(table.committees.validators, idOf), names: [...ids.keys()] };
      bySeat.set(table, parts);
    }
    return parts;
  };

  return {
    ofSlot({ table, inclusion, slot, attestationDueMs, judge }) {
      const { ids, names } = partsOf(table);
      const counts: Record<string, VotePart> = {};
      if (names.length === 0) return counts;
      const { from, to } = seatsOfSlot(table.committees, slot);
      for (let seat = from; seat < to; seat += 1) {
        const name = names[(ids[seat] ?? 0) - 1];
        if (name === undefined) continue;
        const part = counts[name] ?? { expected: 0, seen: 0, late: 0, head: 0, included: 0 };
        counts[name] = part;
        part.expected += 1;
        if (table.voteOf(seat) !== undefined) part.seen += 1;
        if ((table.delayMsOf(seat) ?? Number.NEGATIVE_INFINITY) > attestationDueMs) part.late += 1;
        if (judge(seat)?.head === true) part.head += 1;
        if (inclusion.delayOf(seat) !== undefined) part.included += 1;
      }
      return counts;
    },
  };
}
