import { createHash } from "node:crypto";
import { toHex } from "@lodestar/utils";

/** `kzg_commitment_to_versioned_hash` of the consensus specs' deneb/beacon-chain.md. */
export function versionedHash(commitment: Uint8Array): string {
  const hash = createHash("sha256").update(commitment).digest();
  hash[0] = 1;
  return toHex(hash);
}
