import { z } from "zod";
import type { Fork } from "../../chain/forks.ts";
import { kzgCommitment, root, signature, uint } from "../primitives.ts";
import { electraAttestation, phase0Attestation } from "./attestation.ts";
import { deposit, eth1Data } from "./deposit.ts";
import { bellatrixExecutionPayload, capellaExecutionPayload, denebExecutionPayload } from "./execution-payload.ts";
import { executionRequests } from "./execution-requests.ts";
import { attesterSlashing, proposerSlashing } from "./slashings.ts";
import { syncAggregate } from "./sync-committee.ts";
import { signedBlsToExecutionChange, signedVoluntaryExit } from "./validator-operations.ts";

/** `BeaconBlockBody` by fork, each with what its fork added. */
const phase0Body = z.object({
  randao_reveal: signature,
  eth1_data: eth1Data,
  graffiti: root,
  proposer_slashings: z.array(proposerSlashing),
  attester_slashings: z.array(attesterSlashing),
  attestations: z.array(phase0Attestation),
  deposits: z.array(deposit),
  voluntary_exits: z.array(signedVoluntaryExit),
});
const altairBody = phase0Body.extend({ sync_aggregate: syncAggregate });
const bellatrixBody = altairBody.extend({ execution_payload: bellatrixExecutionPayload });
const capellaBody = bellatrixBody.extend({
  execution_payload: capellaExecutionPayload,
  bls_to_execution_changes: z.array(signedBlsToExecutionChange),
});
const denebBody = capellaBody.extend({
  execution_payload: denebExecutionPayload,
  blob_kzg_commitments: z.array(kzgCommitment),
});
const electraBody = denebBody.extend({
  attestations: z.array(electraAttestation),
  execution_requests: executionRequests,
});

export const beaconBlockBody = {
  phase0: phase0Body,
  altair: altairBody,
  bellatrix: bellatrixBody,
  capella: capellaBody,
  deneb: denebBody,
  electra: electraBody,
  // Fulu changed no container of the block.
  fulu: electraBody,
} as const satisfies Partial<Record<Fork, z.ZodType>>;

/** `BeaconBlock` with the body of its fork. */
export function beaconBlock<B extends z.ZodType>(body: B) {
  return z.object({ slot: uint, proposer_index: uint, parent_root: root, state_root: root, body });
}

/** `SignedBeaconBlock` with the body of its fork: the `data` of the API's `blocks/{id}`, whose `version` is the fork. */
export function signedBeaconBlock<B extends z.ZodType>(body: B) {
  return z.object({ message: beaconBlock(body), signature });
}
