import { afterEach, expect, test } from "vitest";
import { type FakeNode, startFakeNode } from "../../test/rigs/fake-node.ts";
import { systemClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { createDoctor, type Doctor, type DoctorLimits } from "./doctor.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const SLOT_MS = 500;

async function fake(): Promise<FakeNode> {
  const node = await startFakeNode({
    genesisTimeS: Math.floor(systemClock().nowUs() / 1e6) - 60,
    spec: { SLOT_DURATION_MS: String(SLOT_MS), FULU_FORK_EPOCH: "0", SLOTS_PER_EPOCH: "1000" },
  });
  const timer = setInterval(() => node.emit("head", { slot: "1" }), 10);
  closers.push(() => clearInterval(timer), node.close);
  return node;
}

type Attended = { doctor: Doctor; end(): void; pass(ms: number): void };

function attend(url: string, limits: Partial<DoctorLimits> = {}): Attended {
  const ending = new AbortController();
  const machine = systemClock();
  let passedUs = 0;
  const doctor = createDoctor({
    nodes: [{ name: "one", url }],
    clock: { ...machine, nowUs: () => machine.nowUs() + passedUs },
    log: silentLog,
    signal: ending.signal,
    limits,
  });
  closers.push(() => {
    ending.abort();
    return doctor.idle();
  });
  return {
    doctor,
    end: () => ending.abort(),
    pass(ms) {
      passedUs += ms * 1000;
    },
  };
}

test("nothing is asked of a node before a check is begun", async () => {
  const node = await fake();
  const { doctor } = attend(node.url);
  expect(doctor.told()).toEqual({ running_since_ms: null, again_ms: null, report: null, failure: null });
  expect(node.requests.length).toBe(0);
});

test("a check is answered at once, and its report stands when it is done", async () => {
  const node = await fake();
  const { doctor } = attend(node.url);
  expect(doctor.begin()).toMatchObject({ running_since_ms: expect.any(Number), report: null });
  await doctor.idle();
  const { running_since_ms, report, failure } = doctor.told();
  expect({ running_since_ms, failure }).toEqual({ running_since_ms: null, failure: null });
  expect(report).toMatchObject({ nodes: [{ name: "one", sync: { is_syncing: false } }] });
  expect(report).not.toHaveProperty("clock");
});

test("however often it is asked for, one check is made at a time, and the next after a pause", async () => {
  const node = await fake();
  const { doctor, pass } = attend(node.url, { pauseMs: 60_000 });
  const first = doctor.begin();
  for (let asked = 0; asked < 20; asked += 1) {
    expect(doctor.begin().running_since_ms).toBe(first.running_since_ms);
  }
  await doctor.idle();
  const { report } = doctor.told();
  const { running_since_ms, again_ms } = doctor.begin();
  expect(running_since_ms).toBeNull();
  expect(again_ms).toBeGreaterThan(report?.checked_ms ?? Number.POSITIVE_INFINITY);
  expect(node.count("/eth/v1/config/spec")).toBe(1);

  pass(60_000);
  expect(doctor.told().again_ms).toBeNull();
  expect(doctor.begin()).toMatchObject({ running_since_ms: expect.any(Number), report });
  await doctor.idle();
  expect(node.count("/eth/v1/config/spec")).toBe(2);
});

test("a clock that was set back does not put off the next check", async () => {
  const node = await fake();
  const { doctor, pass } = attend(node.url, { pauseMs: 60_000 });
  doctor.begin();
  await doctor.idle();
  pass(-3_600_000);
  expect(doctor.begin().running_since_ms).not.toBeNull();
});

test("a check that takes too long is given up, says so, and keeps the report before", async () => {
  const node = await fake();
  const { doctor } = attend(node.url, { pauseMs: 0, timeLimitMs: 2_000 });
  doctor.begin();
  await doctor.idle();
  const { report } = doctor.told();
  node.hang(true);
  doctor.begin();
  await doctor.idle();
  expect(doctor.told()).toMatchObject({ running_since_ms: null, report, failure: "It was not done after 2 s." });
});

test("no credential of an address is told", async () => {
  const node = await fake();
  const { doctor } = attend(node.url.replace("http://", "http://user:hunter2@").concat("/?apikey=k3y-of-mine"));
  doctor.begin();
  await doctor.idle();
  expect(JSON.stringify(doctor.told())).not.toMatch(/hunter2|k3y-of-mine/);
  expect(doctor.told().report?.nodes[0]?.url).toContain("***");
});

test("it ends when the program does", async () => {
  const node = await fake();
  const { doctor, end } = attend(node.url);
  doctor.begin();
  end();
  await doctor.idle();
  expect(doctor.begin()).toMatchObject({ running_since_ms: null, report: null, failure: null });
});
