import { type Bits, readBitvector, setBits } from "../../chain/bits.ts";
import type { EnrichedEvent } from "../../enrich/enrich.ts";

/** A sync committee contribution as a node's stream told it. */
export type Contribution = { slot: number; root: string; subcommittee: number; aggregationBits: string };

export type Contributions = {
  note(contribution: Contribution): void;
  /** Members whose signature for the slot any contribution carried, for the root that most signed. */
  ofSlot(slot: number): number | null;
  prune(belowSlot: number): void;
};

/** The contribution of an event of the topic `contribution_and_proof`. */
export function contributionOf({ slot, fields }: Pick<EnrichedEvent, "slot" | "fields">): Contribution {
  return {
    slot,
    root: String(fields["ethereum.block.root"]),
    subcommittee: Number(fields["ethereum.subcommittee.index"]),
    aggregationBits: String(fields["ethereum.aggregation_bits"]),
  };
}

/** Altair's `SYNC_COMMITTEE_SUBNET_COUNT`. */
const SUBCOMMITTEES = 4;
/** Honest members sign one root a slot, or two where the head is in doubt. */
const MAX_ROOTS_PER_SLOT = 8;

/** The union of the contributions of each slot: who of the sync committee was heard. */
export function createContributions(): Contributions {
  const slots = new Map<number, Map<string, (Bits | undefined)[]>>();
  return {
    note({ slot, root, subcommittee, aggregationBits }) {
      const bits = readBitvector(aggregationBits);
      if (bits === undefined || subcommittee >= SUBCOMMITTEES) return;
      const roots = slots.get(slot) ?? new Map<string, (Bits | undefined)[]>();
      slots.set(slot, roots);
      const parts = roots.get(root) ?? [];
      if (!roots.has(root) && roots.size >= MAX_ROOTS_PER_SLOT) return;
      roots.set(root, parts);
      const before = parts[subcommittee];
      if (before === undefined) parts[subcommittee] = bits;
      else if (before.length === bits.length) {
        for (let index = 0; index < bits.bytes.length; index += 1) {
          before.bytes[index] = (before.bytes[index] ?? 0) | (bits.bytes[index] ?? 0);
        }
      }
    },
    ofSlot(slot) {
      const roots = slots.get(slot);
      if (roots === undefined) return null;
      const counts = [...roots.values()].map((parts) =>
        parts.reduce((sum, bits) => sum + (bits === undefined ? 0 : setBits(bits).length), 0),
      );
      return Math.max(...counts);
    },
    prune(belowSlot) {
      for (const slot of slots.keys()) if (slot < belowSlot) slots.delete(slot);
    },
  };
}
