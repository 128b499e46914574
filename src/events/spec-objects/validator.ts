import { z } from "zod";
import { boolean, pubkey, root, uint, uint64 } from "../primitives.ts";

/** `Validator`; balances in Gwei. Epochs that are not known yet are FAR_FUTURE_EPOCH. */
export const validator = z.object({
  pubkey,
  withdrawal_credentials: root,
  effective_balance: uint64,
  slashed: boolean,
  activation_eligibility_epoch: uint64,
  activation_epoch: uint64,
  exit_epoch: uint64,
  withdrawable_epoch: uint64,
});

/** The API's `ValidatorStatus`; beside it `unknown`, which libraries say of a validator that a state does not have. */
export const validatorStatus = z.enum([
  "pending_initialized",
  "pending_queued",
  "active_ongoing",
  "active_exiting",
  "active_slashed",
  "exited_unslashed",
  "exited_slashed",
  "withdrawal_possible",
  "withdrawal_done",
  "unknown",
]);

/** One entry of the API's `states/{id}/validators`; the balance in Gwei. */
export const stateValidator = z.object({ index: uint, balance: uint64, status: validatorStatus, validator });

/** One entry of the API's `states/{id}/validator_balances`, in Gwei. */
export const validatorBalance = z.object({ index: uint, balance: uint64 });
