import { z } from "zod";
import { pubkey, root, signature, uint64 } from "../primitives.ts";

/** `DEPOSIT_CONTRACT_TREE_DEPTH`, and one for the length that is mixed in. */
const PROOF_LENGTH = 32 + 1;

/** `Eth1Data`. */
export const eth1Data = z.object({ deposit_root: root, deposit_count: uint64, block_hash: root });

/** `DepositData`; the amount in Gwei. */
export const depositData = z.object({ pubkey, withdrawal_credentials: root, amount: uint64, signature });

/** `Deposit`: a deposit of the contract with its Merkle proof. No block has one since Electra's transition (EIP-6110). */
export const deposit = z.object({
  proof: z.array(root).length(PROOF_LENGTH, `is not ${PROOF_LENGTH} roots`),
  data: depositData,
});
