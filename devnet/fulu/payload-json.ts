import type { capella, electra } from "@lodestar/types";
import { fromHex, toHex } from "@lodestar/utils";

/** The Engine API's forms: quantities and bytes are hexadecimal. */
export type WithdrawalJson = Readonly<Record<"index" | "validatorIndex" | "address" | "amount", string>>;

type PayloadText =
  | "parentHash"
  | "feeRecipient"
  | "stateRoot"
  | "receiptsRoot"
  | "logsBloom"
  | "prevRandao"
  | "blockNumber"
  | "gasLimit"
  | "gasUsed"
  | "timestamp"
  | "extraData"
  | "baseFeePerGas"
  | "blockHash"
  | "blobGasUsed"
  | "excessBlobGas";

export type PayloadJson = Readonly<Record<PayloadText, string>> & {
  readonly transactions: readonly string[];
  readonly withdrawals: readonly WithdrawalJson[];
};

export const quantity = (value: number | bigint) => `0x${value.toString(16)}`;

export function withdrawalToJson(withdrawal: capella.Withdrawal): WithdrawalJson {
  return {
    index: quantity(withdrawal.index),
    validatorIndex: quantity(withdrawal.validatorIndex),
    address: toHex(withdrawal.address),
    amount: quantity(withdrawal.amount),
  };
}

export function payloadFromJson(json: PayloadJson): electra.ExecutionPayload {
  return {
    parentHash: fromHex(json.parentHash),
    feeRecipient: fromHex(json.feeRecipient),
    stateRoot: fromHex(json.stateRoot),
    receiptsRoot: fromHex(json.receiptsRoot),
    logsBloom: fromHex(json.logsBloom),
    prevRandao: fromHex(json.prevRandao),
    blockNumber: Number(json.blockNumber),
    gasLimit: Number(json.gasLimit),
    gasUsed: Number(json.gasUsed),
    timestamp: Number(json.timestamp),
    extraData: fromHex(json.extraData),
    baseFeePerGas: BigInt(json.baseFeePerGas),
    blockHash: fromHex(json.blockHash),
    transactions: json.transactions.map((transaction) => fromHex(transaction)),
    withdrawals: json.withdrawals.map(({ index, validatorIndex, address, amount }) => ({
      index: Number(index),
      validatorIndex: Number(validatorIndex),
      address: fromHex(address),
      amount: BigInt(amount),
    })),
    blobGasUsed: BigInt(json.blobGasUsed),
    excessBlobGas: BigInt(json.excessBlobGas),
  };
}

export function payloadToJson(payload: electra.ExecutionPayload): PayloadJson {
  return {
    parentHash: toHex(payload.parentHash),
    feeRecipient: toHex(payload.feeRecipient),
    stateRoot: toHex(payload.stateRoot),
    receiptsRoot: toHex(payload.receiptsRoot),
    logsBloom: toHex(payload.logsBloom),
    prevRandao: toHex(payload.prevRandao),
    blockNumber: quantity(payload.blockNumber),
    gasLimit: quantity(payload.gasLimit),
    gasUsed: quantity(payload.gasUsed),
    timestamp: quantity(payload.timestamp),
    extraData: toHex(payload.extraData),
    baseFeePerGas: quantity(payload.baseFeePerGas),
    blockHash: toHex(payload.blockHash),
    transactions: payload.transactions.map((transaction) => toHex(transaction)),
    withdrawals: payload.withdrawals.map(withdrawalToJson),
    blobGasUsed: quantity(payload.blobGasUsed),
    excessBlobGas: quantity(payload.excessBlobGas),
  };
}
