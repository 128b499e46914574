import { isIP } from "node:net";

const V4_PREFIX = 0xffffn << 32n;
const V4_DIGITS = "00000000000000000000ffff";
const MAX = (1n << 128n) - 1n;

/** The 32 hexadecimal digits of an address in its IPv6 form (IPv4 as `::ffff:a.b.c.d`); undefined for what is none. */
export function ipDigits(text: string): string | undefined {
  const number = ipNumber(text);
  return number === undefined ? undefined : digitsOf(number);
}

/** First and last address of a CIDR block such as `10.0.0.0/8`; undefined for what is none. */
export function cidrDigits(text: string): { first: string; last: string } | undefined {
  const [address = "", length = "", rest] = text.split("/");
  const number = ipNumber(address);
  if (number === undefined || rest !== undefined || !/^\d{1,3}$/.test(length)) return undefined;
  const widest = isIP(address) === 4 ? 32 : 128;
  if (Number(length) > widest) return undefined;
  const hosts = (1n << BigInt(widest - Number(length))) - 1n;
  return { first: digitsOf(number & (MAX ^ hosts)), last: digitsOf(number | hosts) };
}

/** The usual text of an address: IPv4 with dots, IPv6 with its longest run of zeros left out (RFC 5952). */
export function ipText(digits: string): string {
  if (digits.startsWith(V4_DIGITS)) {
    const number = Number.parseInt(digits.slice(V4_DIGITS.length), 16);
    return `${number >>> 24}.${(number >>> 16) & 0xff}.${(number >>> 8) & 0xff}.${number & 0xff}`;
  }
  const groups = Array.from({ length: 8 }, (_, i) => Number.parseInt(digits.slice(i * 4, i * 4 + 4), 16).toString(16));
  const { from, length } = longestZeros(groups);
  if (length < 2) return groups.join(":");
  return `${groups.slice(0, from).join(":")}::${groups.slice(from + length).join(":")}`;
}

/** Of several as long the first. */
function longestZeros(groups: readonly string[]): { from: number; length: number } {
  let longest = { from: 0, length: 0 };
  let length = 0;
  for (const [place, group] of groups.entries()) {
    length = group === "0" ? length + 1 : 0;
    if (length > longest.length) longest = { from: place - length + 1, length };
  }
  return longest;
}

function digitsOf(number: bigint): string {
  return number.toString(16).padStart(32, "0");
}

function ipNumber(text: string): bigint | undefined {
  const kind = isIP(text);
  if (kind === 0 || text.includes("%")) return undefined;
  if (kind === 4) return V4_PREFIX | BigInt(v4Number(text));
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const v4 = dotted === null ? undefined : v4Number(dotted[2] ?? "");
  const plain = v4 === undefined ? text : `${dotted?.[1]}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`;
  const [head = "", tail] = plain.split("::");
  const [first, last] = [head, tail ?? ""].map((side) => (side === "" ? [] : side.split(":"))) as [string[], string[]];
  const middle = tail === undefined ? [] : Array.from({ length: 8 - first.length - last.length }, () => "0");
  return BigInt(`0x${[...first, ...middle, ...last].map((group) => group.padStart(4, "0")).join("")}`);
}

function v4Number(text: string): number {
  return text.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}
