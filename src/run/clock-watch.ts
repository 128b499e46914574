import { agree, type ClockReading, createNtpClock, type NtpLimits } from "../collect/ntp-clock.ts";
import type { NtpSample } from "../collect/ntp-exchange.ts";
import { type ClockRecord, clockDataset } from "../events/clock.ts";
import type { Document } from "../events/document.ts";
import { documentOf } from "../events/record.ts";
import { type Clock, createStepMeter } from "../lib/clock.ts";
import { isFault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/sleep.ts";
import type { ClockView, TimeServerView } from "../serve/views.ts";
import { measureLoopDelay } from "./health.ts";

export type ClockWatch = {
  /** Null where no time server is asked. */
  view(): ClockView | null;
  /** Hands on each look as a document, beginning with the last one. */
  onDocument(take: (document: Document) => void): void;
  stopped: Promise<void>;
};

export type ClockWatchLimits = { firstMs: number; maxMs: number; stepCheckMs: number; staleMs: number };

/** RFC 5905's usual bounds of the poll interval, and for how long a sample says something. */
const LIMITS: ClockWatchLimits = { firstMs: 64_000, maxMs: 1_024_000, stepCheckMs: 1_000, staleMs: 3_600_000 };

/** The wall clock was set, or the machine slept, when it parted from the monotonic clock by more than this. */
const STEP_US = 50_000;

/**
 * Looks from time to time at what the stamps of arrivals are worth: how far the machine's clock is off by the time
 * servers, and how late the event loop ran. The looks grow rarer while samples agree; a step of the clock makes the
 * last sample void and is followed by a look at once. Without servers the event loop alone is looked at.
 */
export function watchClock(options: {
  servers: readonly string[];
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  limits?: Partial<ClockWatchLimits>;
  ntpLimits?: Partial<NtpLimits>;
}): ClockWatch {
  const { servers, clock, log, signal } = options;
  const limits = { ...LIMITS, ...options.limits };
  const isAsking = servers.length > 0;
  const ntp = createNtpClock({ servers, clock, limits: options.ntpLimits ?? {} });
  const loopDelay = measureLoopDelay();
  let sample: NtpSample | undefined;
  let last: { reading: ClockReading; askedAtUs: number } | undefined;
  let intervalMs = limits.firstMs;
  let lastDocument: Document | undefined;
  let take: (document: Document) => void = () => undefined;

  const note = (reading: ClockReading) => {
    const isSteady = reading.sample === undefined || (sample !== undefined && agree(sample, reading.sample));
    intervalMs = isSteady ? Math.min(intervalMs * 2, limits.maxMs) : limits.firstMs;
    tellChange({ log, reading, before: last?.reading });
    last = { reading, askedAtUs: clock.nowUs() };
    sample = reading.sample ?? sample;
  };

  const look = async () => {
    const reading = isAsking ? await ntp.measure(signal) : undefined;
    if (reading !== undefined) note(reading);
    const record = recordOf(reading, loopDelay.take());
    lastDocument = documentOf({ dataset: clockDataset, record, timestampUs: clock.nowUs() });
    take(lastDocument);
  };

  const measureStep = createStepMeter(clock, STEP_US);

  /** Waits for the next look, or until the clock was set. */
  const rest = async () => {
    const dueUs = clock.monoUs() + intervalMs * 1000;
    while (!signal.aborted && clock.monoUs() < dueUs) {
      await sleep(Math.min(limits.stepCheckMs, Math.max(0, dueUs - clock.monoUs()) / 1000), signal);
      const stepUs = measureStep();
      if (stepUs === 0) continue;
      log.warn({ stepMs: Math.round(stepUs / 1000) }, "The machine's clock was set");
      sample = undefined;
      intervalMs = limits.firstMs;
      return;
    }
  };

  const run = async () => {
    try {
      if (!isAsking) await rest();
      while (!signal.aborted) {
        await look();
        await rest();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      loopDelay.close();
    }
  };

  return {
    view() {
      if (!isAsking) return null;
      const isFresh = sample !== undefined && clock.nowUs() - sample.atUs <= limits.staleMs * 1000;
      const { offsetUs, errorUs, server, atUs } = (isFresh && sample) || {};
      return {
        offset_ms: toMs(offsetUs),
        error_ms: toMs(errorUs),
        server: server ?? null,
        reachable: last === undefined ? null : last.reading.sample !== undefined,
        sampled_ms: toMs(atUs),
        asked_ms: toMs(last?.askedAtUs),
        servers: servers.map((name) => serverView(name, last?.reading)),
      };
    },
    onDocument(taker) {
      take = taker;
      if (lastDocument !== undefined) taker(lastDocument);
    },
    stopped: run(),
  };
}

function serverView(server: string, reading: ClockReading | undefined): TimeServerView {
  const result = reading?.servers.find((one) => one.server === server)?.result;
  const sample = result === undefined || isFault(result) ? undefined : result;
  return {
    server,
    offset_ms: toMs(sample?.offsetUs),
    error_ms: toMs(sample?.errorUs),
    round_trip_ms: toMs(sample?.roundTripUs),
    stratum: sample?.stratum ?? null,
    agrees: sample === undefined || reading?.sample === undefined ? null : agree(sample, reading.sample),
    reason: isFault(result) ? result.code : null,
  };
}

function recordOf(
  reading: ClockReading | undefined,
  loopDelay: { p50: number; p99: number; max: number },
): ClockRecord {
  const { sample, agreeing, faults = [] } = reading ?? {};
  return {
    reachable: reading === undefined ? null : sample !== undefined,
    offset_ms: toMs(sample?.offsetUs),
    error_ms: toMs(sample?.errorUs),
    server: sample?.server ?? null,
    round_trip_ms: toMs(sample?.roundTripUs),
    stratum: sample?.stratum ?? null,
    agreeing: sample === undefined ? null : (agreeing ?? null),
    reason: sample === undefined ? (faults[0]?.code ?? null) : null,
    loop_delay_p50_ms: loopDelay.p50,
    loop_delay_p99_ms: loopDelay.p99,
    loop_delay_max_ms: loopDelay.max,
  };
}

/** Says when the time servers come and go, not at every look. */
function tellChange(input: { log: Log; reading: ClockReading; before: ClockReading | undefined }): void {
  const { log, reading, before } = input;
  const { sample, agreeing, answering, faults } = reading;
  if (sample === undefined) {
    const reasons = faults.map(({ message }) => message);
    if (before === undefined || before.sample !== undefined) log.info({ reasons }, "No time server answered");
  } else if (before?.sample === undefined) {
    const { server } = sample;
    const offsetMs = toMs(sample.offsetUs);
    const errorMs = toMs(sample.errorUs);
    log.info({ server, offsetMs, errorMs, agreeing, answering }, "The machine's clock was compared");
  }
}

function toMs(us: number | undefined): number | null {
  return us === undefined ? null : us / 1000;
}
