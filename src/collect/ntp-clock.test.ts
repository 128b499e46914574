import { createSocket } from "node:dgram";
import { afterEach, expect, test } from "vitest";
import { type FakeNtp, type FakeNtpAnswer, startFakeNtp } from "../../test/rigs/fake-ntp.ts";
import { type Clock, systemClock } from "../lib/clock.ts";
import { createNtpClock, type NtpLimits } from "./ntp-clock.ts";

const QUICK: Partial<NtpLimits> = { spaceMs: 1, timeLimitMs: 5_000 };
const going = new AbortController().signal;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function fake(answer?: FakeNtpAnswer | null): Promise<FakeNtp> {
  const server = await startFakeNtp(answer);
  closers.push(server.close);
  return server;
}

function clockOf(servers: readonly FakeNtp[], limits: Partial<NtpLimits> = {}, clock: Clock = systemClock()) {
  return createNtpClock({ servers: servers.map(({ server }) => server), clock, limits: { ...QUICK, ...limits } });
}

test.each([0, 250, -3_600_000])("an offset of %i ms is found, within the error", async (offsetMs) => {
  const { sample, faults } = await clockOf([await fake({ offsetMs, rootDispersionMs: 5 })]).measure(going);
  expect(faults).toEqual([]);
  expect(Math.abs((sample?.offsetUs ?? Number.NaN) - offsetMs * 1000)).toBeLessThanOrEqual(sample?.errorUs ?? 0);
  expect(sample?.errorUs).toBeGreaterThanOrEqual(5_000);
});

test("the server's own distance from its source is part of the error", async () => {
  const { sample } = await clockOf([await fake({ rootDelayMs: 40, rootDispersionMs: 7 })]).measure(going);
  expect(sample?.errorUs).toBeGreaterThanOrEqual(26_900);
  expect((sample?.errorUs ?? 0) - (sample?.roundTripUs ?? 0) / 2).toBeCloseTo(27_000, -2);
});

test("a delay on one way shifts the offset, and the error covers it", async () => {
  const { sample } = await clockOf([await fake({ offsetMs: 0, delayBackMs: 80 })]).measure(going);
  expect(sample?.offsetUs).toBeLessThan(-35_000);
  expect(sample?.errorUs).toBeGreaterThanOrEqual(Math.abs(sample?.offsetUs ?? 0));
});

test("of several samples the one that was delayed least is taken", async () => {
  const server = await fake({ delayBackMs: 200 });
  const measured = clockOf([server], { samples: 2, spaceMs: 50 }).measure(going);
  await expect.poll(() => server.requests.length).toBe(1);
  server.behave({});
  const { sample } = await measured;
  expect(server.requests).toHaveLength(2);
  expect(sample?.roundTripUs).toBeLessThan(150_000);
});

test("a server that is a day ahead is outvoted, however sure of itself it is", async () => {
  const liar = await fake({ offsetMs: 86_400_000 });
  const honest = await Promise.all([fake({ rootDispersionMs: 30 }), fake({ rootDispersionMs: 20 })]);
  const { sample, agreeing, answering } = await clockOf([liar, ...honest]).measure(going);
  expect(sample?.server).toBe(honest[1]?.server);
  expect([agreeing, answering]).toEqual([2, 3]);
});

test("without an answer there is no sample, and the fault says so", async () => {
  const { sample, faults } = await clockOf([await fake(null)], { timeLimitMs: 40 }).measure(going);
  expect(sample).toBeUndefined();
  expect(faults).toMatchObject([{ code: "ntp_timeout", retry: "retryable" }]);
});

test("one server without an answer does not keep the other's from being taken", async () => {
  const [dead, alive] = [await fake(null), await fake({})];
  const { sample, faults } = await clockOf([dead, alive], { timeLimitMs: 300 }).measure(going);
  expect(sample?.server).toBe(alive.server);
  expect(faults).toHaveLength(1);
});

test("where nothing listens, that is told at once", async () => {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const server = `127.0.0.1:${socket.address().port}`;
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  const { faults } = await createNtpClock({ servers: [server], clock: systemClock(), limits: QUICK }).measure(going);
  expect(faults).toMatchObject([{ code: "ntp_unreachable" }]);
});

test("a name that does not exist is a fault of that server", async () => {
  const clock = createNtpClock({ servers: ["no-such-host.invalid"], clock: systemClock(), limits: QUICK });
  expect((await clock.measure(going)).faults).toMatchObject([{ code: "ntp_unreachable" }]);
});

test("a server that denies service is asked no more", async () => {
  const server = await fake({ kiss: "DENY" });
  const clock = clockOf([server], { pauseMs: 0 });
  for (let round = 0; round < 3; round += 1) {
    const { sample, faults } = await clock.measure(going);
    expect(sample).toBeUndefined();
    expect(faults).toMatchObject([{ code: "ntp_kiss", retry: "final" }]);
  }
  expect(server.requests).toHaveLength(1);
});

test("a server that finds us too fast is paused, and asked again later", async () => {
  const server = await fake({ kiss: "RATE" });
  let elapsedUs = 0;
  const machine = systemClock();
  const clock = clockOf([server], { pauseMs: 60_000 }, { ...machine, monoUs: () => machine.monoUs() + elapsedUs });
  await clock.measure(going);
  await clock.measure(going);
  expect(server.requests).toHaveLength(1);
  server.behave({});
  elapsedUs = 61_000_000;
  expect((await clock.measure(going)).sample?.server).toBe(server.server);
});

test.each<[string, FakeNtpAnswer]>([
  ["a clock that is not synchronized", { leap: 3 }],
  ["stratum 16", { stratum: 16 }],
  ["no times", { zeroTimes: true }],
  ["the mode of a client", { mode: 3 }],
  ["a version that does not exist", { version: 7 }],
  ["two seconds of dispersion", { rootDispersionMs: 2_000 }],
  ["an answer sent before the request came", { claimedWorkMs: -50 }],
  ["more work than there was time", { claimedWorkMs: 60_000 }],
])("%s is not believed", async (_, answer) => {
  const { sample, faults } = await clockOf([await fake(answer)]).measure(going);
  expect(sample).toBeUndefined();
  expect(faults).toMatchObject([{ code: "ntp_nonsense" }]);
});

test("a forged or a cut answer is passed over, and the true one that follows is taken", async () => {
  const server = await fake();
  server.behave([{ offsetMs: 9_000, forged: true }, { bytes: 20 }, { offsetMs: 100, rootDispersionMs: 5 }]);
  const { sample } = await clockOf([server]).measure(going);
  expect(Math.abs((sample?.offsetUs ?? Number.NaN) - 100_000)).toBeLessThanOrEqual(sample?.errorUs ?? 0);
});

test("a clock that is set while the server is asked gives no sample", async () => {
  const server = await fake({ delayThereMs: 100 });
  let setUs = 0;
  const machine = systemClock();
  const measured = clockOf([server], { samples: 1 }, { ...machine, nowUs: () => machine.nowUs() + setUs }).measure(
    going,
  );
  await expect.poll(() => server.requests.length).toBe(1);
  setUs = 3_600_000_000;
  expect((await measured).faults).toMatchObject([{ code: "ntp_clock_set" }]);
});

test("it ends when it is told to", async () => {
  const server = await fake(null);
  const ending = new AbortController();
  const measured = clockOf([server]).measure(ending.signal);
  await expect.poll(() => server.requests.length).toBe(1);
  ending.abort();
  await expect(measured).rejects.toThrow(/abort/i);
});
