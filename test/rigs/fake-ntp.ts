import { createSocket } from "node:dgram";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock } from "../../src/lib/clock.ts";

/** How a time server answers; times in milliseconds, offsets against the machine's clock. */
export type FakeNtpAnswer = {
  offsetMs?: number;
  /** Before the request is taken, and before the answer leaves: what the network would take. */
  delayThereMs?: number;
  delayBackMs?: number;
  rootDelayMs?: number;
  rootDispersionMs?: number;
  stratum?: number;
  leap?: number;
  mode?: number;
  version?: number;
  /** Stratum 0 and this code. */
  kiss?: string;
  /** Another origin than the request's. */
  forged?: boolean;
  /** Claims to have taken this long by its own clock. */
  claimedWorkMs?: number;
  /** No time at all. */
  zeroTimes?: boolean;
  /** Only the beginning of the packet. */
  bytes?: number;
};

export type FakeNtp = {
  server: string;
  requests: readonly { atMs: number; packet: Buffer }[];
  /** From now on; null for no answer, several to send each of them. */
  behave(answer: FakeNtpAnswer | null | readonly FakeNtpAnswer[]): void;
  close(): Promise<void>;
};

const NTP_TO_UNIX_S = 2_208_988_800;

/** A time server over real UDP on the loopback. */
export async function startFakeNtp(first: FakeNtpAnswer | null = {}): Promise<FakeNtp> {
  let answers: readonly FakeNtpAnswer[] = first === null ? [] : [first];
  const requests: { atMs: number; packet: Buffer }[] = [];
  const socket = createSocket("udp4");
  // Two processes have one wall clock: what a process notes of it at its start may be off, and no step of it follows.
  const clock = systemClock();
  const nowMs = () => clock.nowUs() / 1000;
  let closed = false;

  socket.on("message", async (packet, { port, address }) => {
    requests.push({ atMs: nowMs(), packet });
    for (const answer of answers) {
      await wait(answer.delayThereMs ?? 0);
      const offsetMs = answer.offsetMs ?? 0;
      const receivedMs = nowMs() + offsetMs;
      const sentMs = nowMs() + offsetMs + (answer.claimedWorkMs ?? 0);
      const reply = packetOf({ request: packet, answer, receivedMs, sentMs });
      await wait(answer.delayBackMs ?? 0);
      if (!closed) socket.send(reply, port, address);
    }
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    server: `127.0.0.1:${socket.address().port}`,
    requests,
    behave(answer) {
      answers = answer === null ? [] : Array.isArray(answer) ? answer : [answer as FakeNtpAnswer];
    },
    close: () =>
      new Promise((resolve) => {
        closed = true;
        socket.close(() => resolve());
      }),
  };
}

function packetOf(input: { request: Buffer; answer: FakeNtpAnswer; receivedMs: number; sentMs: number }): Buffer {
  const { request, answer, receivedMs, sentMs } = input;
  const { leap = 0, version = 4, mode = 4, stratum = 2, kiss, rootDelayMs = 0, rootDispersionMs = 0 } = answer;
  const packet = Buffer.alloc(48);
  packet[0] = (leap << 6) | (version << 3) | mode;
  packet[1] = kiss === undefined ? stratum : 0;
  packet.writeUInt32BE(Math.round((rootDelayMs / 1000) * 65_536), 4);
  packet.writeUInt32BE(Math.round((rootDispersionMs / 1000) * 65_536), 8);
  packet.write(kiss ?? "", 12, 4, "latin1");
  request.copy(packet, 24, 40, 48);
  if (answer.forged === true) packet[24] = (packet[24] ?? 0) ^ 0xff;
  if (answer.zeroTimes !== true) {
    writeTime(packet, 32, receivedMs);
    writeTime(packet, 40, sentMs);
  }
  return packet.subarray(0, answer.bytes ?? packet.length);
}

function writeTime(packet: Buffer, offset: number, unixMs: number): void {
  const seconds = Math.floor(unixMs / 1000);
  packet.writeUInt32BE((seconds + NTP_TO_UNIX_S) % 2 ** 32, offset);
  packet.writeUInt32BE(Math.floor(((unixMs / 1000 - seconds) % 1) * 2 ** 32), offset + 4);
}
