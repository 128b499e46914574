import { Writable } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { type FakeNtp, type FakeNtpAnswer, startFakeNtp } from "../../test/rigs/fake-ntp.ts";
import type { Document } from "../events/document.ts";
import { systemClock } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { type ClockWatch, type ClockWatchLimits, watchClock } from "./clock-watch.ts";

const NEVER_AGAIN: Partial<ClockWatchLimits> = { firstMs: 600_000, maxMs: 600_000, stepCheckMs: 5 };
const OFTEN: Partial<ClockWatchLimits> = { firstMs: 5, maxMs: 20, stepCheckMs: 5 };

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function fake(answer?: FakeNtpAnswer | null): Promise<FakeNtp> {
  const server = await startFakeNtp(answer);
  closers.push(server.close);
  return server;
}

type Watched = { watch: ClockWatch; documents: Document[]; log: string[]; setClock(byMs: number): void };

function watchOf(servers: readonly FakeNtp[], limits: Partial<ClockWatchLimits>): Watched {
  const machine = systemClock();
  const ending = new AbortController();
  const documents: Document[] = [];
  const log: string[] = [];
  let setUs = 0;
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log.push(String(chunk));
      done();
    },
  });
  const watch = watchClock({
    servers: servers.map(({ server }) => server),
    clock: { ...machine, nowUs: () => machine.nowUs() + setUs },
    log: createLog({ level: "info", stream }),
    signal: ending.signal,
    limits,
    ntpLimits: { samples: 1, timeLimitMs: 500, pauseMs: 1 },
  });
  watch.onDocument((document) => documents.push(document));
  closers.push(() => {
    ending.abort();
    return watch.stopped;
  });
  return {
    watch,
    documents,
    log,
    setClock(byMs) {
      setUs += byMs * 1000;
    },
  };
}

test("before the first answer nothing is claimed", async () => {
  const silent = await fake(null);
  const { watch } = watchOf([silent], NEVER_AGAIN);
  const unknown = { offset_ms: null, error_ms: null };
  expect(watch.view()).toEqual({
    ...unknown,
    server: null,
    reachable: null,
    sampled_ms: null,
    asked_ms: null,
    servers: [{ ...unknown, server: silent.server, round_trip_ms: null, stratum: null, agrees: null, reason: null }],
  });
});

test("the offset, its error and the event loop's delay are shown and become a document", async () => {
  const server = await fake({ offsetMs: 250, rootDispersionMs: 10 });
  const { watch, documents, log } = watchOf([server], NEVER_AGAIN);
  await expect.poll(() => documents.length).toBe(1);
  const view = watch.view();
  expect(view).toMatchObject({ server: server.server, reachable: true });
  expect(Math.abs((view?.offset_ms ?? Number.NaN) - 250)).toBeLessThanOrEqual(view?.error_ms ?? 0);
  expect(documents[0]).toMatchObject({
    dataset: "ethereum.clock",
    fields: {
      "ethereum.clock.reachable": true,
      "ethereum.clock.offset_ms": view?.offset_ms,
      "ethereum.clock.error_ms": view?.error_ms,
      "ethereum.clock.server": server.server,
      "ethereum.clock.stratum": 2,
      "ethereum.clock.agreeing": 1,
      "ethereum.clock.loop_delay_ms.max": expect.any(Number),
    },
  });
  expect(documents[0]?.timestampUs).toBeGreaterThan(0);
  expect(log.join("")).toContain("The machine's clock was compared");
});

test("each server is shown as it answered, also one that disagrees and one that says nothing usable", async () => {
  const honest = [await fake({ rootDispersionMs: 5 }), await fake({ rootDispersionMs: 5 })];
  const liar = await fake({ offsetMs: 86_400_000 });
  const denying = await fake({ kiss: "DENY" });
  const { watch, documents } = watchOf([liar, ...honest, denying], NEVER_AGAIN);
  await expect.poll(() => documents.length).toBe(1);
  const { servers, asked_ms } = watch.view() ?? {};
  expect(servers?.map(({ server, agrees, reason }) => [server, agrees, reason])).toEqual([
    [liar.server, false, null],
    ...honest.map(({ server }) => [server, true, null]),
    [denying.server, null, "ntp_kiss"],
  ]);
  expect(servers?.[0]).toMatchObject({ stratum: 2, offset_ms: expect.any(Number), round_trip_ms: expect.any(Number) });
  expect(asked_ms).toBeGreaterThan(0);
});

test("a taker that comes late gets the last document", async () => {
  const { watch, documents } = watchOf([await fake()], NEVER_AGAIN);
  await expect.poll(() => documents.length).toBe(1);
  const late: Document[] = [];
  watch.onDocument((document) => late.push(document));
  expect(late).toEqual(documents);
});

test("servers that do not answer are a fact with its reason, logged once, and the offset stays what it was", async () => {
  const server = await fake({ offsetMs: -30, rootDispersionMs: 5 });
  const { watch, documents, log } = watchOf([server], OFTEN);
  await expect.poll(() => watch.view()?.reachable).toBe(true);
  server.behave({ kiss: "RATE" });
  await expect.poll(() => watch.view()?.reachable).toBe(false);
  const since = documents.length;
  await expect.poll(() => documents.length).toBeGreaterThan(since + 2);
  expect(watch.view()?.offset_ms).toBeLessThan(0);
  expect(documents.at(-1)?.fields).toMatchObject({ "ethereum.clock.reachable": false, "event.reason": "ntp_kiss" });
  expect(documents.at(-1)?.fields["ethereum.clock.offset_ms"]).toBeUndefined();
  server.behave({});
  await expect.poll(() => watch.view()?.reachable).toBe(true);
  expect(log.filter((line) => line.includes("No time server answered"))).toHaveLength(1);
  expect(log.filter((line) => line.includes("The machine's clock was compared"))).toHaveLength(2);
});

test("a sample that is too old says nothing any more", async () => {
  const { watch, documents } = watchOf([await fake()], { ...NEVER_AGAIN, staleMs: 0 });
  await expect.poll(() => documents.length).toBe(1);
  await expect.poll(() => watch.view()).toMatchObject({ reachable: true, offset_ms: null, sampled_ms: null });
});

test.each([3_600_000, -3_600_000])("a clock that is set by %i ms is noticed, and compared anew", async (byMs) => {
  const { watch, documents, log, setClock } = watchOf([await fake({ rootDispersionMs: 5 })], NEVER_AGAIN);
  await expect.poll(() => documents.length).toBe(1);
  setClock(byMs);
  await expect.poll(() => documents.length).toBe(2);
  expect(Math.abs((watch.view()?.offset_ms ?? Number.NaN) + byMs)).toBeLessThanOrEqual(watch.view()?.error_ms ?? 0);
  const line = log.find((one) => one.includes("The machine's clock was set"));
  expect(Math.abs(JSON.parse(line ?? "{}").stepMs - byMs)).toBeLessThan(50);
});

test("while samples agree the looks grow rarer", async () => {
  const server = await fake({ rootDispersionMs: 50 });
  const { documents } = watchOf([server], { firstMs: 100, maxMs: 400, stepCheckMs: 50 });
  await expect.poll(() => documents.length, { timeout: 20_000 }).toBe(5);
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = documents.map(({ timestampUs }) => timestampUs / 1000);
  // Timers may be late, never early: the bounds below hold on any machine.
  expect([b - a, c - b, d - c, e - d].map((ms, look) => ms >= ([99, 199, 399, 399][look] ?? 0))).toEqual(
    Array(4).fill(true),
  );
});

test("without servers nothing is asked, and the event loop alone is told", async () => {
  const { watch, documents } = watchOf([], OFTEN);
  expect(watch.view()).toBeNull();
  await expect.poll(() => documents.length).toBeGreaterThan(1);
  expect(Object.keys(documents[0]?.fields ?? {})).toEqual(
    ["p50", "p99", "max"].map((part) => `ethereum.clock.loop_delay_ms.${part}`),
  );
});
