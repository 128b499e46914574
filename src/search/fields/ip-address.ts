import { isIP } from "node:net";

const V4_PREFIX = 0xffffn << 32n;
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
  const number = BigInt(`0x${digits}`);
  if (number >> 32n === 0xffffn) {
    return [24n, 16n, 8n, 0n].map((shift) => String((number >> shift) & 0xffn)).join(".");
  }
  const groups = Array.from({ length: 8 }, (_, i) => digits.slice(i * 4, i * 4 + 4).replace(/^0{1,3}/, ""));
  const runs = [...groups.join(":").matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map(([run]) => run);
  const longest = runs.sort((a, b) => zeros(b) - zeros(a))[0];
  if (longest === undefined) return groups.join(":");
  const text = groups.join(":");
  const at = text.indexOf(longest);
  const [before, after] = [text.slice(0, at), text.slice(at + longest.length)];
  return `${before}::${after.replace(/^:/, "")}`;
}

function zeros(run: string): number {
  return run.split("0").length;
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
