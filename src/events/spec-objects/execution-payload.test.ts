import fc from "fast-check";
import { expect, test } from "vitest";
import { firstIssue } from "../primitives.ts";
import { bellatrixExecutionPayloadHeader as header } from "./execution-payload.ts";

const hash = `0x${"0a".repeat(32)}`;
const good = {
  parent_hash: hash,
  fee_recipient: `0x${"aB".repeat(20)}`,
  state_root: hash,
  receipts_root: hash,
  logs_bloom: `0x${"00".repeat(256)}`,
  prev_randao: hash,
  block_number: "18446744073709551615",
  gas_limit: "36000000",
  gas_used: "0",
  timestamp: "1700000000",
  extra_data: "0x",
  base_fee_per_gas: "7",
  block_hash: hash,
  transactions_root: hash,
};

test("a base fee is read alike from decimal digits and from hex, over the whole range of a uint256", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (wei) => {
      for (const text of [String(wei), `0x${wei.toString(16)}`]) {
        expect(header.parse({ ...good, base_fee_per_gas: text }).base_fee_per_gas).toBe(String(wei));
      }
    }),
  );
});

test.each([String(2n ** 256n), "-1", "0x", "", "1.5", `0x1${"0".repeat(64)}`])("%j is no base fee", (text) => {
  const read = header.safeParse({ ...good, base_fee_per_gas: text });
  expect(read.error && firstIssue(read.error)).toBe("base_fee_per_gas is not a uint256");
});

test("extra data that lost its first zero gets it back", () => {
  expect(header.parse({ ...good, extra_data: "0x1ab" }).extra_data).toBe("0x01ab");
  expect(header.parse({ ...good, extra_data: "0x" }).extra_data).toBe("0x");
});

test("an address is compared without its checksum, and numbers of 64 bits keep their digits", () => {
  expect(header.parse(good)).toMatchObject({
    fee_recipient: `0x${"ab".repeat(20)}`,
    block_number: "18446744073709551615",
  });
});
