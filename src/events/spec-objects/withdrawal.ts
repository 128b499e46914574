import { z } from "zod";
import { executionAddress, uint, uint64 } from "../primitives.ts";

/** `Withdrawal` (Capella); the amount in Gwei. */
export const withdrawal = z.object({
  index: uint64,
  validator_index: uint,
  address: executionAddress,
  amount: uint64,
});
