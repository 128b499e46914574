import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createDemoNode, type DemoNode } from "./demo-node.ts";
import { createDemoWorld } from "./demo-world.ts";
import { readRecordedNetwork } from "./recorded-network.ts";

const recordingDirectory = fileURLToPath(new URL("../../demo/devnet3-fulu-faults", import.meta.url));
const network = await readRecordedNetwork(recordingDirectory);
const genesisTimeS = 1_800_000_000;
const world = createDemoWorld({ network, genesisTimeS });
const { ancestry } = world;
const nodes = new Map(network.nodes.map((recorded) => [recorded.name, createDemoNode({ world, recorded })]));

const node = (name: string) => nodes.get(name) as DemoNode;
/** The moment at a part of a slot of the played network, Unix milliseconds. */
const during = (slot: number, part = 0.5) => genesisTimeS * 1000 + (slot + part) * 3000;
const headSlot = (name: string, unixMs: number) => {
  const head = node(name).head(unixMs);
  return head === undefined ? undefined : ancestry.slotOf(head);
};

test("before the first event the head is genesis, afterwards it follows the node's own head events", () => {
  expect(headSlot("n1", during(0))).toBe(0);
  expect(headSlot("n1", during(5, 0.02))).toBe(4);
  expect(headSlot("n1", during(5))).toBe(5);
});

test("when a loop begins the head is the last one of the loop before", () => {
  for (const loop of [1, 2, 500]) {
    expect(headSlot("n2", during(8 + loop * 56, 0.02))).toBe(7 + loop * 56);
    expect(headSlot("n2", during(8 + loop * 56, 0.9))).toBe(8 + loop * 56);
  }
});

test("a node that was cut off does not know the others' blocks until it is back", () => {
  for (const loop of [0, 3]) {
    const shift = loop * 56;
    const block = node("n1").chainAt(15 + shift, during(17 + shift));
    const root = block === undefined ? "" : ancestry.rootOf(block);
    expect(node("n1").blockOfRoot(root, during(17 + shift))).toEqual(block);
    expect(node("n3").blockOfRoot(root, during(17 + shift))).toBeUndefined();
    expect(node("n3").blockOfRoot(root, during(21 + shift))).toEqual(block);
    expect(headSlot("n3", during(19 + shift))).toBe(19 + shift);
    expect(node("n3").blocksAt(19 + shift, during(19 + shift))).toHaveLength(1);
    expect(node("n1").blocksAt(19 + shift, during(19 + shift))).toHaveLength(0);
  }
});

test("a stopped node goes on when it did in the recording, in each loop", () => {
  for (const loop of [0, 1, 40]) {
    const during12 = during(12 + loop * 56);
    expect(node("n1").frozenUntil(during12)).toBeUndefined();
    expect(node("n2").frozenUntil(during12)).toBeCloseTo(during(13 + loop * 56, 0.974), -2);
    expect(node("n2").frozenUntil(during(20 + loop * 56))).toBeUndefined();
  }
});

test("roots are known for many loops, and not for ever", () => {
  const root = ancestry.rootOf(ancestry.canonicalAt(30));
  expect(node("n1").blockOfRoot(root, during(30 + 31 * 56))).toBeDefined();
  expect(node("n1").blockOfRoot(root, during(30 + 32 * 56))).toBeUndefined();
});

test("finality lags by two epochs in every epoch after the first loop", () => {
  for (let slot = 64; slot < 64 + 2 * 56; slot += 1) {
    const { finalized, currentJustified, previousJustified } = node("n1").finality(during(slot));
    const epochOfHead = Math.floor((headSlot("n1", during(slot)) ?? 0) / 8);
    expect([finalized.epoch, currentJustified.epoch, previousJustified.epoch], `slot ${slot}`).toEqual([
      epochOfHead - 2,
      epochOfHead - 1,
      epochOfHead - 2,
    ]);
    expect(node("n1").blockOfRoot(finalized.root, during(slot))).toBeDefined();
  }
});
