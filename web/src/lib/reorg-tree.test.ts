import { expect, test } from "vitest";
import type { SlotRecord } from "../../../src/events/derived.ts";
import type { ReorgRecord } from "../../../src/events/reorg.ts";
import { treeEdges, treeLayout } from "../charts/reorg-tree-layout.ts";
import { firstSeenMs, reorgTree, skippedSlots, slotsOfTree } from "./reorg-tree.ts";

/** n3 was cut off in slots 14 to 19 of the bundled recording: it built 18 and 19, the others 14 to 17 and 20. */
const reorg: ReorgRecord = {
  id: "0x18",
  slot: 15,
  depth: 2,
  nodes: ["n3"],
  old_head: "0x19",
  new_head: "0x15",
  common_ancestor: "0x13",
  at_ms: 60_380,
  abandoned: [
    { slot: 18, root: "0x18" },
    { slot: 19, root: "0x19" },
  ],
  adopted: [
    { slot: 14, root: "0x14" },
    { slot: 15, root: "0x15" },
  ],
  switches: [{ node: "n3", at_ms: 60_380, old_head: "0x19", new_head: "0x15" }],
  inferred: false,
  depth_hints: { n3: "6" },
  crosses_justified: false,
  withdrawn: false,
};

const slotOf = (slot: number, parent: number, seen_ms: Record<string, number>, canonical = true): SlotRecord =>
  ({
    slot,
    attestation_due_ms: 1000,
    blocks: [
      {
        root: `0x${slot}`,
        parent_root: `0x${parent}`,
        parent_inferred: false,
        proposer_index: 1,
        canonical,
        seen_ms,
      },
    ],
  }) as unknown as SlotRecord;

const slots = new Map(
  [
    slotOf(12, 11, { n1: 200 }),
    slotOf(13, 12, { n1: 210, n2: 3000 }),
    slotOf(14, 13, { n1: 180, n3: 18_350 }),
    slotOf(15, 14, { n1: 210 }),
    slotOf(16, 15, { n1: 180 }),
    slotOf(17, 16, { n1: 240, n2: 210 }),
    slotOf(18, 13, { n3: 1280 }, false),
    slotOf(19, 18, { n3: 200 }, false),
    slotOf(20, 17, { n1: 290 }),
  ].map((record) => [record.slot, record]),
);

test("both branches stand on the axis of slots, from the common ancestor to where the chain went on", () => {
  const tree = reorgTree(reorg, slots);
  expect(tree.firstSlot).toBe(13);
  expect(tree.lastSlot).toBe(21);
  expect(tree.blocks.map(({ slot, branch }) => `${slot} ${branch}`)).toEqual([
    "13 ancestor",
    "14 adopted",
    "15 adopted",
    "16 after",
    "17 after",
    "18 abandoned",
    "19 abandoned",
    "20 after",
  ]);
  expect(tree.blocks.map(firstSeenMs)).toEqual([210, 180, 210, 180, 210, 1280, 200, 290]);
});

test("slots without a block of a branch are told by branch", () => {
  const tree = reorgTree(reorg, slots);
  expect(skippedSlots(tree, "abandoned")).toEqual([14, 15, 16, 17]);
  expect(skippedSlots(tree, "adopted")).toEqual([18, 19]);
});

test("before the slots are read the branches stand there without ancestor and delays", () => {
  const tree = reorgTree(reorg, new Map());
  expect(tree.firstSlot).toBe(13);
  expect(tree.blocks.map(({ root }) => root)).toEqual(["0x14", "0x15", "0x18", "0x19"]);
  expect(tree.blocks.every((block) => firstSeenMs(block) === undefined)).toBe(true);
});

test("the slots to read reach below the branches, but not below genesis", () => {
  expect(slotsOfTree(reorg)).toEqual({ firstSlot: 0, lastSlot: 21 });
});

test("every block hangs on the one before it, the first ones on the ancestor", () => {
  const tree = reorgTree(reorg, slots);
  const layout = treeLayout(tree, 1000);
  const edges = treeEdges(tree, layout);
  expect(edges).toHaveLength(tree.blocks.length - 1);
  const ancestor = `M${layout.x(13)} ${layout.y("ancestor")}`;
  expect(edges.filter(({ d }) => d.startsWith(ancestor)).map(({ id }) => id)).toEqual(["0x14", "0x18"]);
});

test("a long reorg makes the tree wider than the page instead of its columns too narrow", () => {
  const layout = treeLayout({ firstSlot: 0, lastSlot: 99 }, 360);
  expect(layout.width).toBeGreaterThan(4000);
  expect(layout.x(1) - layout.x(0)).toBeGreaterThanOrEqual(40);
  expect(treeLayout({ firstSlot: 0, lastSlot: 3 }, 900).width).toBe(900);
});
