import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { encodeRlpList, encodeRlpNumber, numberOf, type RlpItem, rlpList } from "./rlp.ts";

/** A transaction that moves ether and calls nothing. */
export type Transfer = {
  /** Addresses in lower case. */
  to: string;
  valueWei: bigint;
  /** Recovered from the signature; undefined where that is not one. Costs about a millisecond. */
  sender(): string | undefined;
};

/** Where the fields stand in a transaction's list, and how many of them are signed. */
type Layout = { items: number; to: number; signed: number };

const LEGACY: Layout = { items: 9, to: 3, signed: 6 };
/** By the type byte of EIP-2718: EIP-2930 and EIP-1559. Blob and set-code transactions are never mere transfers. */
const TYPED: Readonly<Record<number, Layout>> = {
  1: { items: 11, to: 4, signed: 8 },
  2: { items: 12, to: 5, signed: 9 },
};

/** Reads a transaction as the payload holds it, in hex; undefined for what is not a mere transfer of ether. */
export function readTransfer(hex: string): Transfer | undefined {
  const bytes = Buffer.from(hex.slice(2), "hex");
  const type = bytes[0];
  if (type === undefined) return undefined;
  const isLegacy = type >= 0xc0;
  const layout = isLegacy ? LEGACY : TYPED[type];
  const items = layout && rlpList(isLegacy ? bytes : bytes.subarray(1));
  if (items === undefined || layout === undefined || items.length !== layout.items) return undefined;
  const [to, value, data] = items.slice(layout.to, layout.to + 3);
  const isTransfer = to?.payload.length === ADDRESS_BYTES && data?.payload.length === 0;
  if (!isTransfer || value === undefined) return undefined;
  return {
    to: hexOf(to.payload),
    valueWei: numberOf(value.payload),
    sender: () => senderOf({ items, layout, prefix: isLegacy ? undefined : type }),
  };
}

const ADDRESS_BYTES = 20;

function senderOf(input: {
  items: readonly RlpItem[];
  layout: Layout;
  prefix: number | undefined;
}): string | undefined {
  const { items, layout, prefix } = input;
  const [v, r, s] = items.slice(-3).map(({ payload }) => numberOf(payload));
  if (v === undefined || r === undefined || s === undefined) return undefined;
  const signed = items.slice(0, layout.signed).map(({ whole }) => whole);
  const { recovery, chainId } = prefix === undefined ? readV(v) : { recovery: Number(v), chainId: undefined };
  if (chainId !== undefined) signed.push(...[chainId, 0n, 0n].map(encodeRlpNumber));
  const list = encodeRlpList(signed);
  const message = prefix === undefined ? list : Buffer.concat([Buffer.of(prefix), list]);
  try {
    const key = new secp256k1.Signature(r, s, recovery).recoverPublicKey(keccak_256(message)).toBytes(false);
    return hexOf(keccak_256(key.subarray(1)).subarray(-ADDRESS_BYTES));
  } catch {
    return undefined;
  }
}

/** `v` of a legacy transaction: 27 or 28, or with the chain's id in it (EIP-155). */
function readV(v: bigint): { recovery: number; chainId: bigint | undefined } {
  return v < 35n
    ? { recovery: Number(v) - 27, chainId: undefined }
    : { recovery: Number((v - 35n) % 2n), chainId: (v - 35n) / 2n };
}

function hexOf(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}
