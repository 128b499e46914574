import { z } from "zod";
import { executionAddress, pubkey, root, signature, uint64 } from "../primitives.ts";

/** `ExecutionRequests` (Electra): what contracts of the execution layer ask of validators; amounts in Gwei. */
export const executionRequests = z.object({
  /** `DepositRequest` (EIP-6110). */
  deposits: z.array(z.object({ pubkey, withdrawal_credentials: root, amount: uint64, signature, index: uint64 })),
  /** `WithdrawalRequest` (EIP-7002); an amount of 0 asks for a full exit. */
  withdrawals: z.array(z.object({ source_address: executionAddress, validator_pubkey: pubkey, amount: uint64 })),
  /** `ConsolidationRequest` (EIP-7251). */
  consolidations: z.array(z.object({ source_address: executionAddress, source_pubkey: pubkey, target_pubkey: pubkey })),
});
