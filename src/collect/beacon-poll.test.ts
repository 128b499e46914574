import { Writable } from "node:stream";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { type FakeNode, startFakeNode } from "../../test/rigs/fake-node.ts";
import { createChain } from "../chain/chain.ts";
import { type Clock, systemClock } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { createBeaconClient } from "./beacon-client.ts";
import { type BeaconPoll, createBeaconPoll, nextBeatUs, PATHS } from "./beacon-poll.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A chain whose slots are short enough to watch: 40 ms, 8 an epoch. */
function quickChain() {
  const spec = { SLOT_DURATION_MS: "40", SLOTS_PER_EPOCH: "8" };
  return createChain({ spec, genesis: { genesis_time: Math.floor(systemClock().nowUs() / 1e6) - 1000 } });
}

async function rig(
  node: FakeNode,
  clock: Clock = systemClock(),
): Promise<{ poll: BeaconPoll; answered: string[]; log: () => string[] }> {
  const stop = new AbortController();
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)).msg);
      done();
    },
  });
  const answered: string[] = [];
  const client = createBeaconClient({ node: "n1", url: node.url, clock, signal: stop.signal, timeLimitMs: 200 });
  const poll = createBeaconPoll({
    node: "n1",
    client,
    chain: quickChain(),
    clock,
    log: createLog({ level: "info", stream }),
    signal: stop.signal,
    onAnswer: (path) => answered.push(path),
  });
  closers.push(node.close, async () => {
    stop.abort();
    await poll.stopped;
    client.close();
  });
  return { poll, answered, log: () => lines };
}

test("a clock that is set back by an hour does not put the polls off until it has come so far again", async () => {
  const node = await startFakeNode();
  const machine = systemClock();
  let setUs = 0;
  const { answered } = await rig(node, { ...machine, nowUs: () => machine.nowUs() + setUs });
  await expect.poll(() => answered.length).toBeGreaterThan(Object.values(PATHS).length);
  // The chain of this test began a thousand seconds ago: before genesis there are slots, too.
  setUs = -3_600_000_000;
  const before = answered.length;
  await expect.poll(() => answered.length, { timeout: 10_000 }).toBeGreaterThan(before + 5);
});

test("every path is asked at once, and then on its own beat", async () => {
  const node = await startFakeNode();
  const { answered } = await rig(node);
  const paths = Object.values(PATHS);
  await expect.poll(() => answered.length).toBeGreaterThan(paths.length);
  expect(answered.slice(0, paths.length).toSorted()).toEqual(paths.toSorted());
  const count = (path: string) => answered.filter((one) => one === path).length;
  await expect.poll(() => count(PATHS.version), { timeout: 10_000 }).toBeGreaterThan(3);
  expect(count(PATHS.head)).toBeGreaterThan(count(PATHS.version));
  expect(count(PATHS.spec)).toBeLessThan(count(PATHS.head));
});

test("a beat is always ahead, never further than its slots, and keeps its place", () => {
  const chain = quickChain();
  const genesisUs = chain.genesisTimeS * 1e6;
  const beat = fc.record({
    nowUs: fc.integer({ min: -1_000_000, max: 100_000_000 }).map((us) => genesisUs + us),
    everySlots: fc.integer({ min: 1, max: 64 }),
    phase: fc.integer({ min: 0, max: 31 }),
    offsetUs: fc.integer({ min: 0, max: 39_999 }),
  });
  fc.assert(
    fc.property(beat, (input) => {
      const dueUs = nextBeatUs({ chain, ...input });
      expect(dueUs).toBeGreaterThan(input.nowUs);
      expect(dueUs - input.nowUs).toBeLessThanOrEqual(input.everySlots * 40_000);
      expect(dueUs - chain.slotStartUs(chain.slotAt(dueUs))).toBe(input.offsetUs);
      expect(Math.abs(chain.slotAt(dueUs) + input.phase) % input.everySlots).toBe(0);
    }),
  );
});

test("a node that fails is left alone, logged once when it begins and once when it ends", async () => {
  const node = await startFakeNode();
  const { poll, answered, log } = await rig(node);
  await expect.poll(() => answered.length).toBeGreaterThan(10);
  node.answer(/./, { status: 503, body: { message: "busy" } });
  await expect.poll(() => poll.status().failing).toBe(true);
  expect(poll.status().reason).toContain("status 503: busy");
  const asked = node.requests.length;
  await expect.poll(() => poll.status().failures, { timeout: 5000 }).toBeGreaterThan(1);
  expect(node.requests.length - asked).toBeLessThan(4);
  node.answer(/./, { body: { data: {} } });
  await expect.poll(() => poll.status().failing, { timeout: 8000 }).toBe(false);
  expect(log()).toEqual(["The node failed to answer", "The node answered again"]);
});

test("a path that the node does not have is told once and harms no other", async () => {
  const node = await startFakeNode();
  node.answer(PATHS.peerCount, { status: 404, body: { message: "Route not found" } });
  const { poll, answered, log } = await rig(node);
  await expect.poll(() => answered.filter((path) => path === PATHS.version).length, { timeout: 10_000 }).toBe(3);
  expect(node.count(PATHS.peerCount)).toBe(1);
  expect(poll.status().failing).toBe(false);
  expect(log()).toEqual(["The node did not have a path"]);
});

test("a hastened path is asked before its time", async () => {
  const node = await startFakeNode();
  const { poll, answered } = await rig(node);
  await expect.poll(() => answered.includes(PATHS.spec)).toBe(true);
  const before = node.count(PATHS.spec);
  poll.hasten([PATHS.spec]);
  await expect.poll(() => node.count(PATHS.spec)).toBe(before + 1);
});
