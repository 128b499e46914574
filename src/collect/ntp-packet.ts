/** What a time server's answer says (RFC 5905, section 7.3); microseconds. */
export type NtpTimes = {
  /** When the server received the request and sent the answer, by its clock, since the Unix epoch. */
  receivedUs: number;
  sentUs: number;
  stratum: number;
  /** Round trip to, and largest error of, the clock that the server follows. */
  rootDelayUs: number;
  rootDispersionUs: number;
};

export type NtpAnswer =
  | { kind: "times"; times: NtpTimes }
  /** A kiss of death: the server asks to be left alone, for the reason that its code names. */
  | { kind: "kiss"; code: string }
  | { kind: "nonsense"; reason: string }
  /** No answer to this request: late, doubled or forged. */
  | { kind: "foreign" };

const PACKET_BYTES = 48;
export const NONCE_BYTES = 8;
/** No leap warning, version 4, mode 3: client. */
const CLIENT_HEAD = 0b00_100_011;
const SERVER_MODE = 4;
const UNSYNCHRONIZED = 3;
/** A server beyond it follows no clock; RFC 5905 calls it MAXSTRAT. */
const UNSYNCHRONIZED_STRATUM = 16;
/** RFC 5905's MAXDIST: farther than this from its source a server is not fit to be followed. */
const MAX_ROOT_DISTANCE_US = 1_500_000;
/** NTP counts from 1900, and begins anew every 2^32 seconds; the next time in 2036. */
const NTP_TO_UNIX_S = 2_208_988_800;
const ERA_S = 2 ** 32;

/**
 * A request. Its transmit timestamp is a nonce and no time: the server gives it back, so that an answer can be told
 * from a forged one, and nobody learns our clock (draft-ietf-ntp-data-minimization, as chrony does).
 */
export function requestPacket(nonce: Buffer): Buffer {
  const packet = Buffer.alloc(PACKET_BYTES);
  packet[0] = CLIENT_HEAD;
  nonce.copy(packet, 40, 0, NONCE_BYTES);
  return packet;
}

/** Reads an answer to the request with `nonce`; `nowUs` decides the era of its times. Throws nothing. */
export function readPacket(input: { packet: Buffer; nonce: Buffer; nowUs: number }): NtpAnswer {
  const { packet, nonce, nowUs } = input;
  if (packet.length < PACKET_BYTES || !packet.subarray(24, 32).equals(nonce)) return { kind: "foreign" };
  const head = packet.readUInt8(0);
  const stratum = packet.readUInt8(1);
  const version = (head >> 3) & 7;
  if ((head & 7) !== SERVER_MODE) return { kind: "nonsense", reason: "it is no answer of a server" };
  if (version < 3 || version > 4) return { kind: "nonsense", reason: `it speaks version ${version}` };
  if (stratum === 0) return { kind: "kiss", code: kissCode(packet) };

  const times: NtpTimes = {
    receivedUs: unixUs(packet, 32, nowUs),
    sentUs: unixUs(packet, 40, nowUs),
    stratum,
    rootDelayUs: shortUs(packet, 4),
    rootDispersionUs: shortUs(packet, 8),
  };
  if (head >> 6 === UNSYNCHRONIZED || stratum >= UNSYNCHRONIZED_STRATUM) {
    return { kind: "nonsense", reason: "its own clock is not synchronized" };
  }
  if (packet.readBigUInt64BE(32) === 0n || packet.readBigUInt64BE(40) === 0n) {
    return { kind: "nonsense", reason: "it names no time" };
  }
  if (times.sentUs < times.receivedUs) {
    return { kind: "nonsense", reason: "it answered before it was asked, by its own clock" };
  }
  if (times.rootDelayUs / 2 + times.rootDispersionUs >= MAX_ROOT_DISTANCE_US) {
    return { kind: "nonsense", reason: "it is too far from a reference clock" };
  }
  return { kind: "times", times };
}

/** Four ASCII letters in the place of the reference clock. */
function kissCode(packet: Buffer): string {
  const code = packet.toString("latin1", 12, 16).replace(/\0+$/, "");
  return /^[A-Z0-9]{1,4}$/.test(code) ? code : "unknown";
}

/** A 64-bit timestamp, in the era that brings it nearest to `nowUs`. */
function unixUs(packet: Buffer, offset: number, nowUs: number): number {
  const seconds = packet.readUInt32BE(offset) - NTP_TO_UNIX_S;
  const era = Math.round((nowUs / 1e6 - seconds) / ERA_S);
  return (seconds + era * ERA_S) * 1_000_000 + Math.round((packet.readUInt32BE(offset + 4) / ERA_S) * 1_000_000);
}

/** A 32-bit span of seconds with 16 bits of fraction. */
function shortUs(packet: Buffer, offset: number): number {
  return Math.round((packet.readUInt32BE(offset) / 65_536) * 1_000_000);
}
