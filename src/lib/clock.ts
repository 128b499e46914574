/** Wall-clock time in microseconds since the Unix epoch, as an integer below 2^53. */
export type NowUs = () => number;

export type Clock = {
  /** Wall clock, microseconds. */
  nowUs: NowUs;
  /** Monotonic clock, microseconds since an arbitrary start. */
  monoUs: () => number;
};

/** The machine's clocks. The wall clock follows adjustments of the system's time. */
export function systemClock(): Clock {
  return {
    nowUs: () => Math.round((performance.timeOrigin + performance.now()) * 1000) + wallShiftUs(),
    monoUs: () => Math.round(performance.now() * 1000),
  };
}

/**
 * `performance.timeOrigin + performance.now()` has microseconds but never follows a step of the system's clock;
 * `Date.now()` follows it with milliseconds. Where the two part by more than 20 ms, the step is added.
 */
function wallShiftUs(): number {
  const shiftMs = Date.now() - (performance.timeOrigin + performance.now());
  return Math.abs(shiftMs) > 20 ? Math.round(shiftMs * 1000) : 0;
}
