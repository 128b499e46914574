import { aggregateSignatures, Signature } from "@chainsafe/blst";
import { BitArray } from "@chainsafe/ssz";
import { MAX_COMMITTEES_PER_SLOT } from "@lodestar/params";
import type { CachedBeaconStateElectra } from "@lodestar/state-transition";
import { type electra, type phase0, ssz } from "@lodestar/types";
import { toRootHex } from "@lodestar/utils";
import { committeesAt } from "./committees.ts";

/** Single attestations to the same data, by validator. */
export type AttestationGroup = { data: phase0.AttestationData; signatures: ReadonlyMap<number, Uint8Array> };

export type AttestationPool = {
  add(attestation: electra.SingleAttestation): void;
  groups(): readonly AttestationGroup[];
  /** Forgets what is of slots before this one. */
  prune(firstSlot: number): void;
};

export function createAttestationPool(): AttestationPool {
  const groups = new Map<string, { data: phase0.AttestationData; signatures: Map<number, Uint8Array> }>();
  return {
    add({ data, attesterIndex, signature }) {
      const key = toRootHex(ssz.phase0.AttestationData.hashTreeRoot(data));
      const group = groups.get(key) ?? { data, signatures: new Map<number, Uint8Array>() };
      group.signatures.set(attesterIndex, signature);
      groups.set(key, group);
    },
    groups: () => [...groups.values()],
    prune(firstSlot) {
      for (const [key, { data }] of groups) if (data.slot < firstSlot) groups.delete(key);
    },
  };
}

/**
 * One attestation over all committees that signed, as electra/beacon-chain.md joins them: the bits of each committee
 * whose bit is set, one after the other. Undefined when none did, or the state does not know the committees.
 */
export function aggregateOf(
  state: CachedBeaconStateElectra,
  { data, signatures }: AttestationGroup,
): electra.Attestation | undefined {
  const committeeBits = new Array<boolean>(MAX_COMMITTEES_PER_SLOT).fill(false);
  const bits: boolean[] = [];
  const signed: Uint8Array[] = [];
  for (const [index, committee] of committeesAt(state, data.slot).entries()) {
    const found = [...committee].map((validator) => signatures.get(validator));
    if (found.every((signature) => signature === undefined)) continue;
    committeeBits[index] = true;
    bits.push(...found.map((signature) => signature !== undefined));
    signed.push(...found.filter((signature) => signature !== undefined));
  }
  if (signed.length === 0) return undefined;
  return {
    aggregationBits: BitArray.fromBoolArray(bits),
    data,
    signature: joined(signed),
    committeeBits: BitArray.fromBoolArray(committeeBits),
  };
}

export function joined(signatures: readonly Uint8Array[]): Uint8Array {
  return aggregateSignatures(signatures.map((signature) => Signature.fromBytes(signature))).toBytes();
}
