import fc from "fast-check";
import { expect, test } from "vitest";
import type { GapRecord, NodeSlotRecord, ReorgRecord, SlotRecord } from "../../../src/events/derived.ts";
import type { HealthView, NetworkView, NodeView } from "../../../src/serve/views.ts";
import { applyItems, applySnapshot, type Bounds, beginSnapshot, emptyLiveState, type Snapshot } from "./live-state.ts";

const bounds: Bounds = { slots: 16, nodeSlots: 3, epochs: 4, reorgs: 4, gaps: 4 };

// Only the keys matter to the reducer: the rest of each record is carried along untouched.
const slotOf = (slot: number, status = "proposed") => ({ slot, status }) as SlotRecord;
const nodeSlotOf = (slot: number, node: string, echoes = 0) => ({ slot, node, echoes }) as NodeSlotRecord;
const nodeOf = (name: string, peers = 1) => ({ name, peers }) as NodeView;
const reorgOf = (id: string, withdrawn = false) => ({ id, withdrawn, at_ms: 1 }) as ReorgRecord;
const gapOf = (node: string, from_ms: number, to_ms: number) =>
  ({ node, from_ms, to_ms, cause: "closed" }) as GapRecord;

const snapshotOf = (change: Partial<Snapshot> = {}): Snapshot => ({
  network: { name: "minimal" } as NetworkView,
  health: { status: "ok" } as HealthView,
  nodes: [nodeOf("n1")],
  slots: [slotOf(2), slotOf(1)],
  nodeSlots: [nodeSlotOf(2, "n1")],
  epochs: [],
  reorgs: [],
  gaps: [],
  ...change,
});

test("events replace the record of their key and leave other collections as they were", () => {
  const before = applySnapshot(beginSnapshot(emptyLiveState), snapshotOf());
  const after = applyItems(before, [{ event: "slot", data: slotOf(2, "orphaned") }], bounds);
  expect(after.slots.get(2)?.status).toBe("orphaned");
  expect(after.slots.get(1)).toBe(before.slots.get(1));
  expect(after.nodes).toBe(before.nodes);
  expect(after.nodeSlots).toBe(before.nodeSlots);
  expect(before.slots.get(2)?.status).toBe("proposed");
});

test("what the stream told during a fetch is newer than the fetch's answer", () => {
  let state = beginSnapshot(emptyLiveState);
  state = applyItems(
    state,
    [
      { event: "slot", data: slotOf(2, "orphaned") },
      { event: "node_slot", data: nodeSlotOf(2, "n1", 7) },
      { event: "node", data: nodeOf("n1", 55) },
      { event: "health", data: { status: "degraded" } as HealthView },
    ],
    bounds,
  );
  state = applySnapshot(state, snapshotOf({ nodeSlots: [nodeSlotOf(2, "n1"), nodeSlotOf(2, "n2")] }));
  expect(state.slots.get(2)?.status).toBe("orphaned");
  expect(state.slots.get(1)?.status).toBe("proposed");
  expect(state.nodeSlots.get(2)?.get("n1")?.echoes).toBe(7);
  expect(state.nodeSlots.get(2)?.has("n2")).toBe(true);
  expect(state.nodes.get("n1")?.peers).toBe(55);
  expect(state.health?.status).toBe("degraded");
});

test("after a reset the fetch replaces everything that was known before it", () => {
  let state = applySnapshot(
    beginSnapshot(emptyLiveState),
    snapshotOf({ slots: [slotOf(900)], gaps: [gapOf("n1", 1, 2)] }),
  );
  state = applyItems(state, [{ event: "slot", data: slotOf(901) }], bounds);
  state = applySnapshot(beginSnapshot(state), snapshotOf());
  expect([...state.slots.keys()].sort()).toEqual([1, 2]);
  expect(state.gaps.size).toBe(0);
});

test("a withdrawn reorg goes, and an older answer does not bring it back", () => {
  let state = beginSnapshot(emptyLiveState);
  state = applyItems(state, [{ event: "reorg", data: reorgOf("0xa") }], bounds);
  expect(state.reorgs.has("0xa")).toBe(true);
  state = applyItems(state, [{ event: "reorg", data: reorgOf("0xa", true) }], bounds);
  state = applySnapshot(state, snapshotOf({ reorgs: [reorgOf("0xa"), reorgOf("0xb")] }));
  expect([...state.reorgs.keys()]).toEqual(["0xb"]);
});

test("a gap that grows stays one gap", () => {
  let state = applyItems(emptyLiveState, [{ event: "gap", data: gapOf("n1", 100, 200) }], bounds);
  state = applyItems(state, [{ event: "gap", data: gapOf("n1", 100, 900) }], bounds);
  expect([...state.gaps.values()]).toEqual([gapOf("n1", 100, 900)]);
});

test("only the newest slots are kept, in whatever order they come", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 60 }), (numbers) => {
      let state = emptyLiveState;
      for (const slot of numbers) {
        state = applyItems(
          state,
          [
            { event: "slot", data: slotOf(slot) },
            { event: "node_slot", data: nodeSlotOf(slot, "n1") },
          ],
          bounds,
        );
      }
      const newest = [...numbers].sort((a, b) => b - a);
      expect([...state.slots.keys()].sort((a, b) => b - a)).toEqual(newest.slice(0, bounds.slots));
      expect([...state.nodeSlots.keys()].sort((a, b) => b - a)).toEqual(newest.slice(0, bounds.nodeSlots));
    }),
  );
});

test("events taken in one by one or at once end in the same state", () => {
  const item = fc.oneof(
    fc.record({ event: fc.constant("slot" as const), data: fc.nat(9).map((slot) => slotOf(slot)) }),
    fc.record({
      event: fc.constant("node_slot" as const),
      data: fc
        .tuple(fc.nat(2), fc.constantFrom("n1", "n2"), fc.nat(9))
        .map(([slot, node, echoes]) => nodeSlotOf(slot, node, echoes)),
    }),
    fc.record({
      event: fc.constant("reorg" as const),
      data: fc.tuple(fc.constantFrom("0xa", "0xb"), fc.boolean()).map(([id, withdrawn]) => reorgOf(id, withdrawn)),
    }),
  );
  fc.assert(
    fc.property(fc.array(item), (items) => {
      const atOnce = applyItems(emptyLiveState, items, bounds);
      const oneByOne = items.reduce((state, one) => applyItems(state, [one], bounds), emptyLiveState);
      expect(oneByOne).toEqual(atOnce);
    }),
  );
});
