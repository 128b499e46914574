/** An SSZ bitlist of the seats that are chosen, as hex. */
export function bitlistHex(chosen: ArrayLike<boolean | number>): string {
  const bytes = Buffer.alloc(Math.floor(chosen.length / 8) + 1);
  for (let bit = 0; bit < chosen.length; bit += 1) if (chosen[bit]) setBit(bytes, bit);
  setBit(bytes, chosen.length);
  return `0x${bytes.toString("hex")}`;
}

/** An SSZ bitvector of the places that are chosen, as hex. */
export function bitvectorHex(chosen: ArrayLike<boolean | number>): string {
  const bytes = Buffer.alloc(Math.ceil(chosen.length / 8));
  for (let bit = 0; bit < chosen.length; bit += 1) if (chosen[bit]) setBit(bytes, bit);
  return `0x${bytes.toString("hex")}`;
}

function setBit(bytes: Buffer, bit: number): void {
  bytes[bit >> 3] = (bytes[bit >> 3] as number) | (1 << (bit & 7));
}
