import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import type { Clock } from "../lib/clock.ts";
import { Fault } from "../lib/fault.ts";
import { NONCE_BYTES, type NtpTimes, readPacket, requestPacket } from "./ntp-packet.ts";

/** One comparison of the machine's clock with a time server's. */
export type NtpSample = {
  server: string;
  /** When it was taken, by the machine's clock. */
  atUs: number;
  /** What has to be added to the machine's clock; positive when that is behind. */
  offsetUs: number;
  /** The offset is off by this at most, while the server tells the truth about itself. */
  errorUs: number;
  roundTripUs: number;
  stratum: number;
};

/** `host`, `host:port` or `[IPv6]:port`. */
const SERVER = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/;
const NTP_PORT = 123;
const TIME_LIMIT_MS = 2_000;
/** A wall clock that moved otherwise than the monotonic one by more than this was set meanwhile. */
const STEP_US = 5_000;

/** These kisses mean for ever; the others, until later (RFC 5905, section 7.4). */
const FINAL_KISSES = ["DENY", "RSTR"];

/**
 * Asks a time server once (SNTPv4 over UDP). Throws `ntp_unreachable`, `ntp_timeout`, `ntp_kiss` (not retryable when the
 * server refuses for good), `ntp_nonsense`, `ntp_clock_set`, or the signal's reason.
 *
 * With T1 and T4 of our clock and T2 and T3 of the server's (RFC 5905, section 8): offset = ((T2 - T1) + (T3 - T4)) / 2;
 * the error is half of the round trip (T4 - T1) - (T3 - T2), since nothing says how it is divided between there and
 * back, and the server's own root distance: half of its root delay, and its root dispersion.
 */
export async function askNtpServer(options: {
  server: string;
  clock: Clock;
  signal: AbortSignal;
  timeLimitMs?: number;
}): Promise<NtpSample> {
  const { server, clock, signal, timeLimitMs = TIME_LIMIT_MS } = options;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]);
  try {
    const { host, port } = addressOf(server);
    const { address, family } = await beforeAbort(lookup(host), limited);
    return await exchange({ server, address, port, isIPv6: family === 6, clock, signal: limited });
  } catch (error) {
    signal.throwIfAborted();
    if (limited.aborted && error === limited.reason) {
      throw new Fault("ntp_timeout", `Time server ${server} did not answer within ${timeLimitMs} ms.`, {
        retry: "retryable",
      });
    }
    throw error instanceof Fault ? error : unreachable(server, error);
  }
}

function addressOf(server: string): { host: string; port: number } {
  const [, ipv6, name, port] = SERVER.exec(server) ?? [];
  return { host: ipv6 ?? name ?? server, port: port === undefined ? NTP_PORT : Number(port) };
}

/** Name look-ups cannot be ended; one that takes too long is left to itself. */
function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function exchange(options: {
  server: string;
  address: string;
  port: number;
  isIPv6: boolean;
  clock: Clock;
  signal: AbortSignal;
}): Promise<NtpSample> {
  const { server, address, port, isIPv6, clock, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const socket = createSocket(isIPv6 ? "udp6" : "udp4");
    const nonce = randomBytes(NONCE_BYTES);
    let sent = { wallUs: 0, monoUs: 0 };
    const settle = (act: () => void) => {
      signal.removeEventListener("abort", onAbort);
      socket.removeAllListeners();
      // What a closing socket still reports is nobody's affair.
      socket.on("error", () => undefined);
      socket.close();
      act();
    };
    const onAbort = () => settle(() => reject(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.on("error", (error) => settle(() => reject(unreachable(server, error))));
    socket.on("message", (packet) => {
      const elapsedUs = clock.monoUs() - sent.monoUs;
      const wallUs = clock.nowUs();
      const answer = readPacket({ packet, nonce, nowUs: wallUs });
      switch (answer.kind) {
        case "foreign":
          return;
        case "kiss":
          return settle(() => reject(kiss(server, answer.code)));
        case "nonsense":
          return settle(() => reject(nonsense(server, answer.reason)));
        case "times":
          if (Math.abs(wallUs - sent.wallUs - elapsedUs) > STEP_US) return settle(() => reject(clockSet()));
          return settle(() => {
            const sample = sampleOf({ server, times: answer.times, sentUs: sent.wallUs, elapsedUs });
            if (sample === undefined) reject(nonsense(server, "it claims to have taken longer than we waited"));
            else resolve(sample);
          });
      }
    });
    // A connected socket takes packets of that address alone, and learns that nothing listens there.
    socket.connect(port, address, () => {
      sent = { wallUs: clock.nowUs(), monoUs: clock.monoUs() };
      socket.send(requestPacket(nonce));
    });
  });
}

/** The server's clock may run a little faster than ours while it answers. */
const RATE_TOLERANCE_US = 1_000;

function sampleOf(input: {
  server: string;
  times: NtpTimes;
  sentUs: number;
  elapsedUs: number;
}): NtpSample | undefined {
  const { server, times, sentUs, elapsedUs } = input;
  const { receivedUs, sentUs: answeredUs, stratum, rootDelayUs, rootDispersionUs } = times;
  const roundTripUs = elapsedUs - (answeredUs - receivedUs);
  if (roundTripUs < -RATE_TOLERANCE_US) return undefined;
  const arrivedUs = sentUs + elapsedUs;
  return {
    server,
    atUs: arrivedUs,
    offsetUs: (receivedUs - sentUs + (answeredUs - arrivedUs)) / 2,
    errorUs: Math.max(0, roundTripUs) / 2 + rootDelayUs / 2 + rootDispersionUs,
    roundTripUs: Math.max(0, roundTripUs),
    stratum,
  };
}

function unreachable(server: string, error: unknown): Fault {
  const code = (error as { code?: string }).code ?? "unknown";
  const words = PLAIN_WORDS[code] ?? code;
  return new Fault("ntp_unreachable", `Time server ${server} could not be reached: ${words}.`, {
    retry: "retryable",
    details: { server, reason: code },
  });
}

const PLAIN_WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: "the name of the host is unknown",
  EAI_AGAIN: "the name of the host could not be looked up",
  ECONNREFUSED: "nothing listens there",
  ENETUNREACH: "there is no route to the network",
  EHOSTUNREACH: "there is no route to the host",
};

function kiss(server: string, code: string): Fault {
  const isFinal = FINAL_KISSES.includes(code);
  return new Fault("ntp_kiss", `Time server ${server} asked to be left alone (${code}).`, {
    retry: isFinal ? "final" : "retryable",
    details: { server, kiss: code },
  });
}

function nonsense(server: string, reason: string): Fault {
  return new Fault("ntp_nonsense", `Time server ${server} was not believed: ${reason}.`, {
    retry: "retryable",
    details: { server },
  });
}

function clockSet(): Fault {
  return new Fault("ntp_clock_set", "The machine's clock was set while a time server was asked.", {
    retry: "retryable",
  });
}
