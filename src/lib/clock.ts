/** Wall-clock time in microseconds since the Unix epoch, as an integer below 2^53. */
export type NowUs = () => number;

export type Clock = {
  /** Wall clock, microseconds. */
  nowUs: NowUs;
  /** Monotonic clock, microseconds since an arbitrary start. */
  monoUs: () => number;
};

/** How far the wall clock was set (or the machine slept) since the call before, in microseconds; positive is ahead. */
export type StepMeter = () => number;

/** Measures steps of a clock; what the two clocks part by within `limitUs` between two calls is no step. */
export function createStepMeter(clock: Clock, limitUs: number): StepMeter {
  const ahead = () => clock.nowUs() - clock.monoUs();
  let aheadUs = ahead();
  return () => {
    const stepUs = ahead() - aheadUs;
    aheadUs += stepUs;
    return Math.abs(stepUs) <= limitUs ? 0 : stepUs;
  };
}

export type MachineClocks = { wallMs: () => number; monoMs: () => number; originMs: number };

const MACHINE: MachineClocks = {
  wallMs: () => Date.now(),
  monoMs: () => performance.now(),
  originMs: performance.timeOrigin,
};

/** `Date.now()` has whole milliseconds: nearer than this the two clocks are taken to agree. */
const STEP_MS = 2;

/**
 * The machine's clocks. `performance.now()` has microseconds but never follows a step of the system's time (nor a
 * suspended machine); `Date.now()` does, with milliseconds. Where the two part, the step is added once.
 */
export function systemClock(machine: MachineClocks = MACHINE): Clock {
  const { wallMs, monoMs } = machine;
  let originMs = machine.originMs;
  return {
    nowUs() {
      const nowMs = originMs + monoMs();
      const stepMs = wallMs() + 0.5 - nowMs;
      if (Math.abs(stepMs) <= STEP_MS) return Math.round(nowMs * 1000);
      // It is no step when the thread merely stood still between the two readings.
      const stoodMs = originMs + monoMs() - nowMs;
      if (stepMs < -STEP_MS || stepMs > stoodMs + STEP_MS) originMs += stepMs;
      return Math.round((originMs + monoMs()) * 1000);
    },
    monoUs: () => Math.round(monoMs() * 1000),
  };
}
