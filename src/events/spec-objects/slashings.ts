import { z } from "zod";
import { indexedAttestation } from "./attestation.ts";
import { signedBeaconBlockHeader } from "./block-header.ts";

/** `ProposerSlashing`: two headers of one slot, signed by one proposer. */
export const proposerSlashing = z.object({
  signed_header_1: signedBeaconBlockHeader,
  signed_header_2: signedBeaconBlockHeader,
});

/** `AttesterSlashing`: two votes that contradict each other; whoever stands in both is slashed. */
export const attesterSlashing = z.object({ attestation_1: indexedAttestation, attestation_2: indexedAttestation });
