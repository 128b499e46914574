import { expect, test } from "vitest";
import { createChain } from "../chain/chain.ts";
import { createBlockTree } from "./block-tree.ts";
import { createCanonicalChain } from "./canonical.ts";
import { createHeads } from "./heads.ts";
import { createNodeSlots } from "./node-slots.ts";

const SPEC = { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "8" };

function rig() {
  const chain = createChain({ spec: SPEC, genesis: { genesis_time: 0 } });
  const tree = createBlockTree();
  const heads = createHeads(tree);
  const nodeSlots = createNodeSlots({ chain, tree, heads, canonical: createCanonicalChain(tree), wasUp: () => true });
  return {
    nodeSlots,
    /** What a node calls head, by the slot of the block and its name. */
    hold: (node: string, root: string, slot = 1) => heads.note({ node, block: tree.ensure(root, slot), atUs: 0 }),
    endOfSlot(slot: number) {
      nodeSlots.noteDeadline({ slot, deadline: "slot_end", atUs: chain.slotStartUs(slot + 1) });
      return Object.fromEntries(nodeSlots.changed().map((record) => [record.node, record.head_differs]));
    },
  };
}

test("a node whose head is not that of most nodes at the slot's end is told of", () => {
  const { hold, endOfSlot } = rig();
  for (const [node, root] of [
    ["n1", "0xaa"],
    ["n2", "0xaa"],
    ["n3", "0xbb"],
  ] as const)
    hold(node, root);
  expect(endOfSlot(1)).toEqual({ n1: false, n2: false, n3: true });
});

test("where no head is held by more than half of the nodes, all of them differ", () => {
  const { hold, endOfSlot } = rig();
  hold("n1", "0xaa");
  hold("n2", "0xbb");
  expect(endOfSlot(1)).toEqual({ n1: true, n2: true });
});

test("a node alone differs from nobody", () => {
  const { hold, endOfSlot } = rig();
  hold("n1", "0xaa");
  expect(endOfSlot(1)).toEqual({ n1: null });
});

test("single votes are on time until attestations are due, and late from then on", () => {
  const { nodeSlots } = rig();
  const note = (slot: number, delayMs: number, count: number) =>
    nodeSlots.noteArrival({ node: "n1", slot, delayMs, arrival: "single_attestations", count });
  note(1, -20, 1);
  note(1, 3_999.9, 5);
  note(1, 4_000, 7);
  nodeSlots.noteArrival({ node: "n1", slot: 2, delayMs: 9_000, arrival: "aggregates", count: 3 });
  const told = nodeSlots.changed().map(({ slot, votes_on_time, votes_late }) => [slot, votes_on_time, votes_late]);
  expect(told).toEqual([
    [1, 6, 7],
    [2, null, null],
  ]);
});
