import { BitArray } from "@chainsafe/ssz";
import { G2_POINT_AT_INFINITY } from "@lodestar/state-transition";
import type { altair } from "@lodestar/types";
import { toRootHex } from "@lodestar/utils";
import { joined } from "./attestation-pool.ts";

/** What the sync committee signed, by slot and block. */
export type SyncPool = {
  add(message: altair.SyncCommitteeMessage): void;
  /** The bits and the joined signature of some members, in their order. */
  aggregate(input: { slot: number; root: string; members: ArrayLike<number> }): {
    bits: BitArray;
    signature: Uint8Array;
    count: number;
  };
  prune(firstSlot: number): void;
};

export function createSyncPool(): SyncPool {
  const bySlot = new Map<number, Map<string, Map<number, Uint8Array>>>();
  return {
    add({ slot, beaconBlockRoot, validatorIndex, signature }) {
      const roots = bySlot.get(slot) ?? new Map<string, Map<number, Uint8Array>>();
      const root = toRootHex(beaconBlockRoot);
      const signatures = roots.get(root) ?? new Map<number, Uint8Array>();
      bySlot.set(slot, roots.set(root, signatures.set(validatorIndex, signature)));
    },
    aggregate({ slot, root, members }) {
      const signatures = bySlot.get(slot)?.get(root);
      const found = Array.from(members, (validator) => signatures?.get(validator));
      const signed = found.filter((signature) => signature !== undefined);
      return {
        bits: BitArray.fromBoolArray(found.map((signature) => signature !== undefined)),
        signature: signed.length === 0 ? G2_POINT_AT_INFINITY : joined(signed),
        count: signed.length,
      };
    },
    prune(firstSlot) {
      for (const slot of bySlot.keys()) if (slot < firstSlot) bySlot.delete(slot);
    },
  };
}
