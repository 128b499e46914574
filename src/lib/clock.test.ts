import fc from "fast-check";
import { expect, test } from "vitest";
import { createStepMeter, systemClock } from "./clock.ts";

/** A machine with a wall clock of whole milliseconds that can be set, and a monotonic one with microseconds. */
function machine() {
  let monoUs = 0;
  let wallUs = 1_700_000_000_000_000;
  const originMs = wallUs / 1000;
  return {
    pass(us: number) {
      monoUs += us;
      wallUs += us;
    },
    setWall(byUs: number) {
      wallUs += byUs;
    },
    wallUs: () => wallUs,
    clocks: { wallMs: () => Math.floor(wallUs / 1000), monoMs: () => monoUs / 1000, originMs },
  };
}

test("stamps have microseconds although the wall clock has milliseconds", () => {
  const { pass, wallUs, clocks } = machine();
  const clock = systemClock(clocks);
  for (const us of [1, 137, 998, 40, 2_000_001]) {
    pass(us);
    expect(clock.nowUs()).toBe(wallUs());
  }
});

test("a step of the system's time is followed to a millisecond, in either direction", () => {
  const steps = fc.array(
    fc.record({ us: fc.integer({ min: 0, max: 10_000_000 }), byMs: fc.integer({ min: -60_000, max: 60_000 }) }),
  );
  fc.assert(
    fc.property(steps, (moves) => {
      const { pass, setWall, wallUs, clocks } = machine();
      const clock = systemClock(clocks);
      for (const { us, byMs } of moves) {
        pass(us);
        setWall(byMs * 1000);
        expect(Math.abs(clock.nowUs() - wallUs())).toBeLessThanOrEqual(3000);
      }
    }),
  );
});

test("once a step was followed, time runs evenly again", () => {
  const { pass, setWall, clocks } = machine();
  const clock = systemClock(clocks);
  setWall(5_000_000);
  let before = clock.nowUs();
  for (let i = 0; i < 1000; i += 1) {
    pass(333);
    const now = clock.nowUs();
    expect(now - before).toBe(333);
    before = now;
  }
});

test("a thread that stands still between two readings makes no step", () => {
  const { pass, wallUs, clocks } = machine();
  let standing = true;
  const clock = systemClock({
    ...clocks,
    wallMs() {
      if (standing) pass(50_000);
      standing = false;
      return clocks.wallMs();
    },
  });
  expect(clock.nowUs()).toBe(wallUs());
});

test("the machine's own clock agrees with Date and never runs backwards by itself", () => {
  const clock = systemClock();
  expect(Math.abs(clock.nowUs() / 1000 - Date.now())).toBeLessThan(1000);
  const stamps = Array.from({ length: 1000 }, () => clock.monoUs());
  expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
  expect(Number.isSafeInteger(clock.nowUs())).toBe(true);
});

test("a step is what the wall clock parted from the monotonic one by since the call before, either way, once", () => {
  let wallUs = 1_700_000_000_000_000;
  let monoUs = 0;
  const pass = (us: number) => {
    wallUs += us;
    monoUs += us;
  };
  const step = createStepMeter({ nowUs: () => wallUs, monoUs: () => monoUs }, 1_000);
  pass(3_600_000_000);
  expect(step()).toBe(0);
  wallUs += 3_600_000_000;
  pass(5);
  expect(step()).toBe(3_600_000_000);
  expect(step()).toBe(0);
  wallUs -= 3_600_000_000;
  expect(step()).toBe(-3_600_000_000);
  // A clock that is slewed drifts by little between two calls.
  for (let call = 0; call < 10_000; call += 1) {
    wallUs += 1_000;
    expect(step()).toBe(0);
  }
});
