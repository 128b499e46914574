import { z } from "zod";
import { bytes, byteVector, executionAddress, root, uint64 } from "../primitives.ts";
import { withdrawal } from "./withdrawal.ts";

const MAX_EXTRA_DATA_BYTES = 32;
const UINT256 = /^(?:\d{1,78}|0x[0-9a-fA-F]{1,64})$/;
const MAX_UINT256 = 2n ** 256n - 1n;

/** `extra_data`, at most 32 bytes. Some clients drop its first zero: it is put back. */
const extraData = z
  .string("is not hex")
  .regex(
    new RegExp(`^0x[0-9a-fA-F]{0,${2 * MAX_EXTRA_DATA_BYTES}}$`),
    `is not up to ${MAX_EXTRA_DATA_BYTES} bytes of hex`,
  )
  .transform((text) => (text.length % 2 === 0 ? text : `0x0${text.slice(2)}`));

/** `base_fee_per_gas`, a uint256 in wei, as a decimal string; some clients write it in hex. */
const baseFeePerGas = z.string("is not a uint256").transform((text, context) => {
  if (UINT256.test(text)) {
    const value = BigInt(text);
    if (value <= MAX_UINT256) return String(value);
  }
  context.addIssue("is not a uint256");
  return z.NEVER;
});

/** What a payload and its header have in common: an execution block's header, numbers as decimal strings. */
const executionBlock = z.object({
  parent_hash: root,
  fee_recipient: executionAddress,
  state_root: root,
  receipts_root: root,
  logs_bloom: byteVector(256, "a bloom filter"),
  prev_randao: root,
  block_number: uint64,
  gas_limit: uint64,
  gas_used: uint64,
  timestamp: uint64,
  extra_data: extraData,
  base_fee_per_gas: baseFeePerGas,
  block_hash: root,
});

/** EIP-4844. */
const blobGas = { blob_gas_used: uint64, excess_blob_gas: uint64 };

/** `ExecutionPayload` by fork; transactions are RLP. */
export const bellatrixExecutionPayload = executionBlock.extend({ transactions: z.array(bytes) });
export const capellaExecutionPayload = bellatrixExecutionPayload.extend({ withdrawals: z.array(withdrawal) });
export const denebExecutionPayload = capellaExecutionPayload.extend(blobGas);

/** `ExecutionPayloadHeader` by fork: of blinded blocks and of light clients' headers. */
export const bellatrixExecutionPayloadHeader = executionBlock.extend({ transactions_root: root });
export const capellaExecutionPayloadHeader = bellatrixExecutionPayloadHeader.extend({ withdrawals_root: root });
export const denebExecutionPayloadHeader = capellaExecutionPayloadHeader.extend(blobGas);
