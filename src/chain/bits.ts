/**
 * Bit fields as the Beacon API gives them: hex of SSZ bytes, the lowest bit of each byte first.
 * Source: consensus-specs, "SimpleSerialize", Bitvector and Bitlist.
 */
export type Bits = {
  /** Bits, the end mark of a list not counted. */
  length: number;
  bytes: Uint8Array;
};

const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;

/** A bitvector's bits, all that its bytes hold; undefined when the text is no hex. */
export function readBitvector(hex: string): Bits | undefined {
  const bytes = bytesOf(hex);
  return bytes && { length: bytes.length * 8, bytes };
}

/** A bitlist's bits: the highest set bit marks its end. Undefined when the text is no hex, or no bit is set. */
export function readBitlist(hex: string): Bits | undefined {
  const bytes = bytesOf(hex);
  const last = bytes?.at(-1);
  if (bytes === undefined || !last) return undefined;
  return { length: bytes.length * 8 - 1 - (Math.clz32(last) - 24), bytes };
}

export function hasBit({ bytes }: Bits, index: number): boolean {
  return (((bytes[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
}

/** The indices of the set bits, ascending. */
export function setBits(bits: Bits): number[] {
  const indices: number[] = [];
  for (let index = 0; index < bits.length; index += 1) if (hasBit(bits, index)) indices.push(index);
  return indices;
}

function bytesOf(hex: string): Uint8Array | undefined {
  return HEX.test(hex) ? Buffer.from(hex.slice(2), "hex") : undefined;
}
