import { readTransfer } from "./transfer.ts";

/** What a block's builder paid its proposer. */
export type MevPayment = { to: string; valueWei: string };

/**
 * The payment of an external builder, where the block shows it: its last transaction is a mere transfer of ether that
 * the fee recipient signed, to another address. That is how builders behind MEV-Boost pay a proposer (the sender is
 * recovered from the signature, so that a user's transfer at the end of a block is none).
 *
 * Null says that the block shows no such payment, not that nothing was paid: a block built by the proposer itself, a
 * builder that names the proposer as fee recipient, and one that pays through a contract all look like that. Nor does a
 * block say what a relay promised, or that the address paid is the proposer's own.
 */
export function readMevPayment(payload: { transactions: readonly string[]; feeRecipient: string }): MevPayment | null {
  const last = payload.transactions.at(-1);
  const transfer = last === undefined ? undefined : readTransfer(last);
  if (transfer === undefined || transfer.valueWei === 0n || transfer.to === payload.feeRecipient) return null;
  if (transfer.sender() !== payload.feeRecipient) return null;
  return { to: transfer.to, valueWei: String(transfer.valueWei) };
}
