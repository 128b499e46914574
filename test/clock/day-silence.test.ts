import { afterEach, expect, test } from "vitest";
import type { GapRecord } from "../../src/events/derived.ts";
import { gapDataset } from "../../src/events/derived.ts";
import { recordOfSource } from "../../src/events/record.ts";
import type { FakeNode } from "../rigs/fake-node.ts";
import { startSteppedMonitor } from "../rigs/stepped-monitor.ts";
import { storedHits } from "../rigs/stored.ts";
import { until } from "../rigs/until.ts";
import { blockRoot, chain, startToldChain, statusAt, storedSlots } from "./told-chain.ts";

const FIRST = 1002;
/** A day of slots of 12 s. */
const DAY_SLOTS = 7_200;
const LAST = FIRST + 19;
const BACK = LAST + DAY_SLOTS;
/** Slots for which the measures keep blocks: what lies further back is not asked for. */
const WINDOW_SLOTS = 2_048;

const cleanUp: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

test("nodes that are silent for a day and return: each slot is told, the last hours are filled in, nobody is flooded", {
  timeout: 300_000,
}, async () => {
  const told = await startToldChain();
  cleanUp.push(told.close);
  told.grow(FIRST);
  const monitor = await startSteppedMonitor({
    nodes: told.urls,
    topics: ["block", "head"],
    nowUs: chain.slotStartUs(FIRST),
  });
  cleanUp.push(monitor.remove);
  await told.tell({ monitor, from: FIRST, to: LAST });

  const fromUs = monitor.nowUs();
  for (const node of told.nodes.values()) {
    node.failStreams({ status: 503, body: { code: 503, message: "starting" } });
    node.cutStreams();
  }
  await until("both are down", () => monitor.nodes().every(({ state }) => state === "down"));
  // A slot at a time: it is a day that passes, no clock that jumps.
  for (let slot = LAST + 1; slot < BACK; slot += 1) monitor.passTo(chain.slotStartUs(slot));
  told.grow(BACK - 1);
  const attempts = (node: FakeNode) => node.count("/eth/v1/events");
  const attemptsBefore = new Map([...told.nodes.values()].map((node) => [node, attempts(node)]));
  await until("both were tried again and again", () =>
    [...attemptsBefore].every(([node, before]) => attempts(node) > before + 3),
  );
  const asked = () => [...told.nodes.values()].flatMap(({ requests }) => requests.filter(isForHeader)).length;
  const askedBefore = asked();
  const toUs = monitor.nowUs();
  for (const node of told.nodes.values()) node.failStreams(undefined);
  await until("both stream again", () => monitor.nodes().every(({ state }) => state === "streaming"));
  await told.tell({ monitor, from: BACK, to: BACK + 10 });
  await monitor.settled();
  await monitor.stop();

  const { slots, nodeSlots } = await storedSlots(monitor.directory);
  let filledIn = 0;
  for (let slot = FIRST; slot <= BACK + 8; slot += 1) {
    const record = slots.get(slot);
    const isKnown = record !== undefined && record.status !== "unknown";
    if (slot <= LAST || slot >= BACK || isKnown) {
      const root = statusAt(slot) === "missed" ? null : blockRoot(slot);
      expect(record, `slot ${slot}`).toMatchObject({ slot, status: statusAt(slot), block_root: root });
    } else expect(record, `slot ${slot}`).toMatchObject({ slot, status: "unknown" });
    if (record?.backfilled === true) filledIn += 1;
  }
  // Six of seven slots have a block.
  expect(filledIn).toBeGreaterThan((WINDOW_SLOTS * 6) / 7 - 100);
  expect(asked() - askedBefore).toBeLessThan(WINDOW_SLOTS + 100);
  // Nobody looked at the nodes' heads while they were away.
  const lookedAt = nodeSlots.filter(
    ({ slot, head_at_slot_end: head }) => head !== null && slot > LAST + 1 && slot < BACK - 1,
  );
  expect(lookedAt).toEqual([]);

  const [hits = []] = await storedHits({ directory: monitor.directory, patterns: ["logs-ethereum.gap-devnet"] });
  const gaps = hits.map((hit) => recordOfSource(gapDataset, hit._source) as unknown as GapRecord);
  const gap = { from_ms: fromUs / 1000, to_ms: toUs / 1000, cause: "closed" };
  expect(gaps.toSorted((a, b) => (a.node < b.node ? -1 : 1))).toEqual([
    { node: "a", ...gap },
    { node: "b", ...gap },
  ]);
  const sentences = monitor.log.map((line) => (JSON.parse(line) as { msg: string }).msg);
  expect(sentences.filter((msg) => msg === "The event stream closed")).toHaveLength(2);
  // Once when it was opened at first, and once when it was back: not at each attempt of a day.
  expect(sentences.filter((msg) => msg === "The event stream opened")).toHaveLength(4);
  expect(sentences.filter((msg) => msg === "The event stream could not be opened")).toHaveLength(2);
});

const isForHeader = ({ path }: { path: string }) => path.startsWith("/eth/v1/beacon/headers/0x");
