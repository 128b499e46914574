/** One item of an RLP list: its payload, and all its bytes with their header. */
export type RlpItem = { isList: boolean; payload: Uint8Array; whole: Uint8Array };

/** The items of an RLP list that is all of `bytes` (Yellow Paper, appendix B); undefined where it is none. */
export function rlpList(bytes: Uint8Array): RlpItem[] | undefined {
  const outer = itemAt(bytes, 0);
  if (outer === undefined || !outer.isList || outer.whole.length !== bytes.length) return undefined;
  const items: RlpItem[] = [];
  for (let at = 0; at < outer.payload.length; ) {
    const item = itemAt(outer.payload, at);
    if (item === undefined) return undefined;
    items.push(item);
    at += item.whole.length;
  }
  return items;
}

/** An RLP list of items that are encoded already. */
export function encodeRlpList(items: readonly Uint8Array[]): Uint8Array {
  const payload = Buffer.concat(items);
  return Buffer.concat([header(payload.length, 0xc0), payload]);
}

/** A number as RLP has it: big endian without leading zeros. */
export function encodeRlpNumber(value: bigint): Uint8Array {
  if (value > 0n && value < 0x80n) return Uint8Array.of(Number(value));
  const bytes = bytesOf(value);
  return Buffer.concat([header(bytes.length, 0x80), bytes]);
}

export function numberOf(payload: Uint8Array): bigint {
  return payload.length === 0 ? 0n : BigInt(`0x${Buffer.from(payload).toString("hex")}`);
}

function bytesOf(value: bigint): Buffer {
  if (value === 0n) return Buffer.alloc(0);
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}

/** Up to 55 bytes the length stands in the first byte; beyond, that byte tells the length of the length. */
const SHORT = 55;

function header(length: number, base: number): Buffer {
  if (length <= SHORT) return Buffer.of(base + length);
  const lengthBytes = bytesOf(BigInt(length));
  return Buffer.concat([Buffer.of(base + SHORT + lengthBytes.length), lengthBytes]);
}

function itemAt(bytes: Uint8Array, at: number): RlpItem | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return slice({ bytes, at, headBytes: 0, length: 1, isList: false });
  const isList = first >= 0xc0;
  const told = first - (isList ? 0xc0 : 0x80);
  if (told <= SHORT) return slice({ bytes, at, headBytes: 1, length: told, isList });
  const lengthBytes = told - SHORT;
  const length = Number(numberOf(bytes.subarray(at + 1, at + 1 + lengthBytes)));
  return slice({ bytes, at, headBytes: 1 + lengthBytes, length, isList });
}

function slice(input: {
  bytes: Uint8Array;
  at: number;
  headBytes: number;
  length: number;
  isList: boolean;
}): RlpItem | undefined {
  const { bytes, at, headBytes, length, isList } = input;
  const from = at + headBytes;
  if (!(length <= bytes.length - from)) return undefined;
  return { isList, payload: bytes.subarray(from, from + length), whole: bytes.subarray(at, from + length) };
}
