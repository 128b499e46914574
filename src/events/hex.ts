/** How many bits are set in bytes given as hex. */
export function countBits(hex: string): number {
  let count = 0;
  for (let i = 2; i < hex.length; i += 1) {
    let nibble = Number.parseInt(hex.charAt(i), 16);
    for (; nibble > 0; nibble &= nibble - 1) count += 1;
  }
  return count;
}

/** Length in bytes of what is given as hex. */
export function byteLength(hex: string): number {
  return (hex.length - 2) / 2;
}
