import { createNtpClock } from "../collect/ntp-clock.ts";
import type { Clock } from "../lib/clock.ts";
import type { ClockCheck, Finding } from "./report.ts";

/** Beyond this every delay is wrong by more than the nodes differ. */
const OFF_MS = 100;

/** This machine's clock against time servers; null where none is named. Throws the signal's reason. */
export async function checkOwnClock(input: {
  servers: readonly string[];
  clock: Clock;
  signal: AbortSignal;
}): Promise<{ clock: ClockCheck | null; findings: Finding[] }> {
  const { servers, clock, signal } = input;
  if (servers.length === 0) return { clock: null, findings: [] };
  const { sample, faults } = await createNtpClock({ servers, clock }).measure(signal);
  if (sample === undefined) {
    const reasons = faults.map(({ message }) => message).join(" ");
    return {
      clock: { reachable: false, server: null, offset: null },
      findings: [
        {
          severity: "lesser",
          code: "clock_unknown",
          sentence: `How far this machine's clock is off is not known, and so neither is the error of delays. ${reasons}`,
          advice: "Let UDP port 123 out, or name time servers of your own in clock.ntp_servers; [] asks none.",
          temporary: true,
        },
      ],
    };
  }
  const offset = { offset_ms: sample.offsetUs / 1000, error_ms: sample.errorUs / 1000 };
  return {
    clock: { reachable: true, server: sample.server, offset },
    findings: Math.abs(offset.offset_ms) > OFF_MS ? [clockOff(offset.offset_ms)] : [],
  };
}

function clockOff(offsetMs: number): Finding {
  const side = offsetMs > 0 ? "behind" : "ahead";
  return {
    severity: "lesser",
    code: "clock_off",
    sentence: `This machine's clock is ${Math.round(Math.abs(offsetMs))} ms ${side}: every delay would be off by that.`,
    advice: "Keep it right with chrony or systemd-timesyncd.",
  };
}
