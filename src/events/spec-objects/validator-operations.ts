import { z } from "zod";
import { executionAddress, pubkey, signature, uint, uint64 } from "../primitives.ts";

/** `VoluntaryExit`. */
export const voluntaryExit = z.object({ epoch: uint64, validator_index: uint });

/** `SignedVoluntaryExit`. */
export const signedVoluntaryExit = z.object({ message: voluntaryExit, signature });

/** `BLSToExecutionChange` (Capella): a validator names the address that its withdrawals go to. */
export const blsToExecutionChange = z.object({
  validator_index: uint,
  from_bls_pubkey: pubkey,
  to_execution_address: executionAddress,
});

/** `SignedBLSToExecutionChange`. */
export const signedBlsToExecutionChange = z.object({ message: blsToExecutionChange, signature });
