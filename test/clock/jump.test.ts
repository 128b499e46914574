import { afterEach, expect, test } from "vitest";
import type { GapRecord, SlotRecord } from "../../src/events/derived.ts";
import { gapDataset } from "../../src/events/derived.ts";
import { recordOfSource } from "../../src/events/record.ts";
import { type SteppedMonitor, startSteppedMonitor } from "../rigs/stepped-monitor.ts";
import { storedHits } from "../rigs/stored.ts";
import { until } from "../rigs/until.ts";
import { blockRoot, chain, startToldChain, statusAt, storedSlots } from "./told-chain.ts";

const HOUR_US = 3_600_000_000;
const TOPICS = ["block", "head"];
const FIRST = 1002;

const cleanUp: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function watched() {
  const told = await startToldChain();
  cleanUp.push(told.close);
  told.grow(FIRST);
  const monitor = await startSteppedMonitor({ nodes: told.urls, topics: TOPICS, nowUs: chain.slotStartUs(FIRST) });
  cleanUp.push(monitor.remove);
  return { told, monitor };
}

/** Each slot as it was told live, in the order of telling. */
const toldLive = (monitor: SteppedMonitor) =>
  monitor.live.flatMap((item) => (item.event === "slot" ? [item.data as SlotRecord] : []));

/** The newest slot that was told as proposed by now: readers do not wait until the clock is right. */
const newestProposed = (monitor: SteppedMonitor) =>
  Math.max(...toldLive(monitor).flatMap(({ slot, status }) => (status === "proposed" ? [slot] : [])));

/** No word on a slot was ever a wrong one: it was waiting, not known, or what it is. */
function expectNoWrongWord(monitor: SteppedMonitor): void {
  const wrong = toldLive(monitor).filter(
    ({ slot, status }) => !["pending", "unknown", statusAt(slot)].includes(status),
  );
  expect(wrong.map(({ slot, status }) => `${slot} ${status}`)).toEqual([]);
}

/** The last word on each slot is right, and so are the heads at its end. */
async function expectRightSlots(input: { monitor: SteppedMonitor; to: number }): Promise<void> {
  const { monitor, to } = input;
  const { slots, nodeSlots } = await storedSlots(monitor.directory);
  for (let slot = FIRST; slot <= to; slot += 1) {
    const expected = { slot, status: statusAt(slot), root: statusAt(slot) === "missed" ? null : blockRoot(slot) };
    const { status, block_root: root } = slots.get(slot) ?? {};
    expect({ slot, status, root }).toEqual(expected);
  }
  const seen = nodeSlots.filter(({ slot, head_at_slot_end: head }) => slot <= to && head !== null);
  expect(seen.length).toBeGreaterThan(0);
  // A head is never one of a later slot, whatever the clock said when the deadline passed.
  for (const { slot, head_at_slot_end: head } of seen) {
    const known = [blockRoot(slot), blockRoot(slot + 1)];
    if (slots.get(slot) !== undefined && slot >= FIRST) expect(known).toContain(head);
  }
}

const gapsOf = async (monitor: SteppedMonitor): Promise<GapRecord[]> => {
  const [hits = []] = await storedHits({ directory: monitor.directory, patterns: ["logs-ethereum.gap-devnet"] });
  return hits.map((hit) => recordOfSource(gapDataset, hit._source) as unknown as GapRecord);
};

const clockWords = (monitor: SteppedMonitor) =>
  monitor.log
    .map((line) => JSON.parse(line) as { msg: string; stepMs?: number })
    .flatMap(({ msg, stepMs }) => (msg === "The machine's clock was set" ? [stepMs] : []));

async function setClock(monitor: SteppedMonitor, stepUs: number): Promise<void> {
  const before = clockWords(monitor).length;
  const gaps = () => monitor.live.filter(({ event }) => event === "gap").length;
  const gapsBefore = gaps();
  monitor.setBy(stepUs);
  if (stepUs > 0) await until("both gaps were told", () => gaps() === gapsBefore + 2);
  await until("the log said so", () => clockWords(monitor).length > before);
}

test("a clock that is set ahead by an hour and back is told, is a gap, and no slot is judged by it", {
  timeout: 120_000,
}, async () => {
  const { told, monitor } = await watched();
  await told.tell({ monitor, from: FIRST, to: FIRST + 20 });
  const aheadFromUs = monitor.nowUs();
  await setClock(monitor, HOUR_US);
  await told.tell({ monitor, from: FIRST + 21, to: FIRST + 60, aheadUs: HOUR_US });
  expect(newestProposed(monitor)).toBeGreaterThan(FIRST + 60 - 3);
  await setClock(monitor, -HOUR_US);
  await told.tell({ monitor, from: FIRST + 61, to: FIRST + 100 });
  expect(newestProposed(monitor)).toBeGreaterThan(FIRST + 100 - 3);
  await monitor.stop();

  expect(clockWords(monitor)).toEqual([3_600_000, -3_600_000]);
  expectNoWrongWord(monitor);
  await expectRightSlots({ monitor, to: FIRST + 98 });
  const gap = { from_ms: aheadFromUs / 1000, to_ms: (aheadFromUs + HOUR_US) / 1000, cause: "clock" };
  expect((await gapsOf(monitor)).toSorted((a, b) => (a.node < b.node ? -1 : 1))).toEqual([
    { node: "a", ...gap },
    { node: "b", ...gap },
  ]);
});

test("a clock that is set back by an hour and right again is told, and the slots go on meanwhile", {
  timeout: 120_000,
}, async () => {
  const { told, monitor } = await watched();
  await told.tell({ monitor, from: FIRST, to: FIRST + 20 });
  await setClock(monitor, -HOUR_US);
  // More slots than a node may be ahead of the clock.
  await told.tell({ monitor, from: FIRST + 21, to: FIRST + 80, aheadUs: -HOUR_US });
  expect(newestProposed(monitor)).toBeGreaterThan(FIRST + 80 - 3);
  const behindUntilUs = monitor.nowUs();
  await setClock(monitor, HOUR_US);
  await told.tell({ monitor, from: FIRST + 81, to: FIRST + 100 });
  await monitor.stop();

  expect(clockWords(monitor)).toEqual([-3_600_000, 3_600_000]);
  expectNoWrongWord(monitor);
  await expectRightSlots({ monitor, to: FIRST + 98 });
  const gap = { from_ms: behindUntilUs / 1000, to_ms: (behindUntilUs + HOUR_US) / 1000, cause: "clock" };
  expect((await gapsOf(monitor)).toSorted((a, b) => (a.node < b.node ? -1 : 1))).toEqual([
    { node: "a", ...gap },
    { node: "b", ...gap },
  ]);
  const [quarantined] = await storedHits({
    directory: monitor.directory,
    patterns: ["logs-ethereum.quarantine-devnet"],
  });
  expect(quarantined).toEqual([]);
});
