import fc from "fast-check";
import { expect, test } from "vitest";
import { readPacket, requestPacket } from "./ntp-packet.ts";

const NONCE = Buffer.from("0102030405060708", "hex");
const NOW_US = Date.UTC(2026, 10, 22, 12) * 1000;
const NTP_TO_UNIX_S = 2_208_988_800;

/** A good answer at a moment in microseconds, whatever its era. */
function answer(timeUs: number): Buffer {
  const packet = Buffer.alloc(48);
  packet[0] = 0b00_100_100;
  packet[1] = 2;
  NONCE.copy(packet, 24);
  for (const offset of [32, 40]) {
    const seconds = Math.floor(timeUs / 1e6);
    packet.writeUInt32BE((seconds + NTP_TO_UNIX_S) % 2 ** 32, offset);
    packet.writeUInt32BE(Math.floor(((timeUs - seconds * 1e6) / 1e6) * 2 ** 32), offset + 4);
  }
  return packet;
}

test("a request is 48 bytes of version 4 from a client, and holds nothing but the nonce", () => {
  const packet = requestPacket(NONCE);
  expect(packet).toHaveLength(48);
  expect(packet[0]).toBe(0x23);
  expect(packet.subarray(40)).toEqual(NONCE);
  expect(packet.subarray(1, 40).every((byte) => byte === 0)).toBe(true);
});

test("times are read to the microsecond", () => {
  const any = fc.integer({ min: NOW_US - 3e15, max: NOW_US + 2e15 });
  fc.assert(
    fc.property(any, fc.integer({ min: -1e12, max: 1e12 }), (timeUs, apartUs) => {
      const read = readPacket({ packet: answer(timeUs), nonce: NONCE, nowUs: timeUs + apartUs });
      expect(read.kind).toBe("times");
      if (read.kind === "times") expect(Math.abs(read.times.sentUs - timeUs)).toBeLessThanOrEqual(1);
    }),
  );
});

test("after February 2036, when NTP counts from zero again, times are those of the next era", () => {
  const nowUs = Date.UTC(2036, 1, 8) * 1000;
  const packet = answer(nowUs);
  expect(packet.readUInt32BE(40)).toBeLessThan(100_000);
  expect(readPacket({ packet, nonce: NONCE, nowUs })).toMatchObject({ times: { sentUs: nowUs, receivedUs: nowUs } });
});

test("no bytes at all make it throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (bytes, ours) => {
      const packet = Buffer.from(bytes);
      if (ours) NONCE.copy(packet, 24);
      expect(["times", "kiss", "nonsense", "foreign"]).toContain(
        readPacket({ packet, nonce: NONCE, nowUs: NOW_US }).kind,
      );
    }),
  );
});
