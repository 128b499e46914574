import type { Clock } from "../lib/clock.ts";
import { type Fault, isFault } from "../lib/fault.ts";
import { sleep } from "../lib/sleep.ts";
import { askNtpServer, type NtpSample } from "./ntp-exchange.ts";

/** What one round over all time servers gave. */
export type ClockReading = {
  /** Undefined when no server gave a usable answer. */
  sample: NtpSample | undefined;
  /** Servers whose interval, offset plus and minus error, overlaps with that of `sample`, itself included. */
  agreeing: number;
  /** Servers that gave a sample. */
  answering: number;
  /** Why each of the others gave none. */
  faults: readonly Fault[];
  /** What each server gave, in the order in which they are named. */
  servers: readonly { server: string; result: NtpSample | Fault }[];
};

export type NtpClock = {
  /** One round: each server a few times, the best sample taken. Throws only the signal's reason. */
  measure(signal: AbortSignal): Promise<ClockReading>;
};

export type NtpLimits = { samples: number; spaceMs: number; timeLimitMs: number; pauseMs: number };

/** Servers take packets of one client no closer than two seconds for abuse (ntpd's `discard minimum`). */
const NTP_LIMITS: NtpLimits = { samples: 3, spaceMs: 2_000, timeLimitMs: 2_000, pauseMs: 1_024_000 };

/** Compares the machine's clock with time servers. A server that sends a kiss of death is paused, or asked no more. */
export function createNtpClock(options: {
  servers: readonly string[];
  clock: Clock;
  limits?: Partial<NtpLimits>;
}): NtpClock {
  const { servers, clock } = options;
  const limits = { ...NTP_LIMITS, ...options.limits };
  const kissed = new Map<string, { fault: Fault; untilUs: number }>();

  const askOnce = async (server: string, signal: AbortSignal): Promise<NtpSample | Fault> => {
    try {
      return await askNtpServer({ server, clock, signal, timeLimitMs: limits.timeLimitMs });
    } catch (error) {
      if (!isFault(error)) throw error;
      if (error.code === "ntp_kiss") {
        const pausedUs = error.retry === "final" ? Number.POSITIVE_INFINITY : limits.pauseMs * 1000;
        kissed.set(server, { fault: error, untilUs: clock.monoUs() + pausedUs });
      }
      return error;
    }
  };

  /** The best of a few samples, which is the one that was least delayed; the first fault ends the asking. */
  const askServer = async (server: string, signal: AbortSignal): Promise<NtpSample | Fault> => {
    const kiss = kissed.get(server);
    if (kiss !== undefined && clock.monoUs() < kiss.untilUs) return kiss.fault;
    let best: NtpSample | undefined;
    for (let asked = 0; asked < limits.samples; asked += 1) {
      if (asked > 0) await sleep(limits.spaceMs, signal);
      signal.throwIfAborted();
      const result = await askOnce(server, signal);
      if (isFault(result)) return best ?? result;
      if (best === undefined || result.errorUs < best.errorUs) best = result;
    }
    return best as NtpSample;
  };

  return {
    async measure(signal) {
      const asked = servers.map(async (server) => ({ server, result: await askServer(server, signal) }));
      const answers = await Promise.all(asked);
      const results = answers.map(({ result }) => result);
      const samples = results.filter((result): result is NtpSample => !isFault(result));
      return {
        ...chooseSample(samples),
        answering: samples.length,
        faults: results.filter((one) => isFault(one)),
        servers: answers,
      };
    },
  };
}

/**
 * The sample with the smallest error among those that most servers agree with: a server that lies about the time lies
 * about its error as well, so that the smallest error alone proves nothing (Medalla, August 2020: one of six servers
 * was a day ahead). Two samples agree when their intervals overlap.
 */
function chooseSample(samples: readonly NtpSample[]): Pick<ClockReading, "sample" | "agreeing"> {
  const ranked = samples
    .map((sample) => ({ sample, agreeing: samples.filter((other) => agree(sample, other)).length }))
    .sort((a, b) => b.agreeing - a.agreeing || a.sample.errorUs - b.sample.errorUs);
  return { sample: ranked[0]?.sample, agreeing: ranked[0]?.agreeing ?? 0 };
}

/** Whether two samples, each with its error, can both be right. */
export function agree(a: NtpSample, b: NtpSample): boolean {
  return Math.abs(a.offsetUs - b.offsetUs) <= a.errorUs + b.errorUs;
}
