import { randomBytes } from "node:crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMevPayment } from "./mev-payment.ts";
import { encodeRlpList, encodeRlpNumber, rlpList } from "./rlp.ts";
import { readTransfer } from "./transfer.ts";

const PROPOSER = `0x${"be".repeat(20)}`;
const builderKey = Uint8Array.from({ length: 32 }, () => 7);
const addressOf = (key: Uint8Array) =>
  `0x${Buffer.from(keccak_256(secp256k1.getPublicKey(key, false).subarray(1)).subarray(-20)).toString("hex")}`;
const BUILDER = addressOf(builderKey);

type Kind = "legacy" | "eip155" | "eip2930" | "eip1559" | "eip4844";
const TYPES: Readonly<Record<Kind, number | undefined>> = {
  legacy: undefined,
  eip155: undefined,
  eip2930: 1,
  eip1559: 2,
  eip4844: 3,
};
const EMPTY_LIST = Uint8Array.of(0xc0);
const number = (value: number | bigint) => encodeRlpNumber(BigInt(value));
const rlpBytes = (hex: string) => {
  const bytes = Buffer.from(hex.slice(2), "hex");
  return Buffer.concat([Buffer.of(0x80 + bytes.length), bytes]);
};

/** A signed transaction as a payload holds it. */
function transaction(
  input: { kind?: Kind; to?: string; valueWei?: bigint; data?: string; key?: Uint8Array; chainId?: number } = {},
): string {
  const { kind = "eip1559", to = PROPOSER, valueWei = 5n * 10n ** 16n, data = "0x", key = builderKey } = input;
  const chainId = number(input.chainId ?? 1);
  const [nonce, fee, gas] = [number(0), number(7_000_000_000), number(21_000)];
  const call = [rlpBytes(to), number(valueWei), rlpBytes(data)];
  const fields = {
    legacy: [nonce, fee, gas, ...call],
    eip155: [nonce, fee, gas, ...call],
    eip2930: [chainId, nonce, fee, gas, ...call, EMPTY_LIST],
    eip1559: [chainId, nonce, number(0), fee, gas, ...call, EMPTY_LIST],
    eip4844: [chainId, nonce, number(0), fee, gas, ...call, EMPTY_LIST, fee, EMPTY_LIST],
  }[kind];
  const type = TYPES[kind];
  const prefix = type === undefined ? Buffer.alloc(0) : Buffer.of(type);
  const signed = kind === "eip155" ? [...fields, chainId, number(0), number(0)] : fields;
  const hash = keccak_256(Buffer.concat([prefix, encodeRlpList(signed)]));
  const signature = secp256k1.sign(hash, key, { prehash: false, format: "recovered" });
  const [recovery = 0] = signature;
  const part = (from: number) =>
    number(BigInt(`0x${Buffer.from(signature.subarray(from, from + 32)).toString("hex")}`));
  const v = { legacy: 27 + recovery, eip155: 35 + 2 * (input.chainId ?? 1) + recovery }[kind as "legacy"] ?? recovery;
  const whole = encodeRlpList([...fields, number(v), part(1), part(33)]);
  return `0x${Buffer.concat([prefix, whole]).toString("hex")}`;
}

const payment = (...transactions: string[]) => readMevPayment({ transactions, feeRecipient: BUILDER });

describe("a builder's payment", () => {
  test.each(["legacy", "eip155", "eip2930", "eip1559"] as const)("is seen in a last transaction of kind %s", (kind) => {
    expect(payment("0x02", transaction({ kind }))).toEqual({ to: PROPOSER, valueWei: "50000000000000000" });
  });

  test("is exact beyond 2^53 and for any chain", () => {
    const valueWei = 123_456_789_012_345_678_901n;
    expect(payment(transaction({ valueWei, chainId: 560_048 }))?.valueWei).toBe(String(valueWei));
    expect(payment(transaction({ valueWei, chainId: 560_048, kind: "eip155" }))?.valueWei).toBe(String(valueWei));
  });

  test("is the last transaction alone", () => {
    const user = transaction({ key: randomBytes(32) });
    expect(payment(transaction(), user)).toBeNull();
    expect(payment(user, transaction())).not.toBeNull();
  });

  test.each([
    ["a user's transfer", { key: Uint8Array.from({ length: 32 }, () => 9) }],
    ["a call", { data: "0xa9059cbb" }],
    ["a transfer of nothing", { valueWei: 0n }],
    ["a transfer to itself", { to: BUILDER }],
    ["a blob transaction", { kind: "eip4844" as const }],
  ])("is not %s", (_what, input) => {
    expect(payment(transaction(input))).toBeNull();
  });

  test("is none in an empty block, and none in bytes that are no transaction", () => {
    expect(payment()).toBeNull();
    const whole = transaction();
    const cut = fc.integer({ min: 0, max: (whole.length - 2) / 2 - 1 }).map((bytes) => whole.slice(0, 2 + 2 * bytes));
    const noise = fc.uint8Array({ maxLength: 80 }).map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);
    fc.assert(fc.property(fc.oneof(cut, noise), (hex) => payment(hex) === null));
  });

  test("whose signature was changed has another sender or none", () => {
    const whole = transaction();
    const flipped = fc.integer({ min: 1, max: 60 }).map((back) => {
      const bytes = Buffer.from(whole.slice(2), "hex");
      const at = bytes.length - back;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return `0x${bytes.toString("hex")}`;
    });
    fc.assert(fc.property(flipped, (hex) => payment(hex) === null));
  });
});

test("the example of EIP-155 has the sender that it names", () => {
  const hex =
    "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe5" +
    "37567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83";
  const transfer = readTransfer(hex);
  expect(transfer).toMatchObject({ to: `0x${"35".repeat(20)}`, valueWei: 10n ** 18n });
  expect(transfer?.sender()).toBe("0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f");
});

test("an RLP list gives back what it was made of", () => {
  const items = fc.array(fc.bigInt({ min: 0n, max: 2n ** 600n }), { maxLength: 40 });
  fc.assert(
    fc.property(items, (values) => {
      const encoded = values.map(encodeRlpNumber);
      const read = rlpList(encodeRlpList(encoded));
      expect(read?.map(({ whole }) => Buffer.from(whole).toString("hex"))).toEqual(
        encoded.map((bytes) => Buffer.from(bytes).toString("hex")),
      );
    }),
  );
});
