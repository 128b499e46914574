import fc from "fast-check";
import { expect, test } from "vitest";
import type { AlertRecord } from "../../../src/events/alert-records.ts";
import type { GapRecord, NodeSlotRecord, SlotRecord } from "../../../src/events/derived.ts";
import type { ReorgRecord } from "../../../src/events/reorg.ts";
import type { HealthView, NetworkView, NodeView } from "../../../src/serve/views.ts";
import { blockRecord } from "./block-record-rig.ts";
import { applyItems, applySnapshot, type Bounds, emptyLiveState, forgetStream, type Snapshot } from "./live-state.ts";
import { voteRecord } from "./vote-record-rig.ts";

const AS_OF_MS = 1000;
const bounds: Bounds = { slots: 16, nodeSlots: 3, votes: 4, blocks: 4, epochs: 4, reorgs: 4, gaps: 4, alerts: 3 };

const at = (nowMs: number) => ({ bounds, nowMs });

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
  votes: [],
  epochs: [],
  reorgs: [],
  gaps: [],
  alerts: [],
  ...change,
});

test("events replace the record of their key and leave other collections as they were", () => {
  const before = applySnapshot(emptyLiveState, snapshotOf(), AS_OF_MS);
  const after = applyItems(before, [{ event: "slot", data: slotOf(2, "orphaned") }], at(10));
  expect(after.slots.get(2)?.status).toBe("orphaned");
  expect(after.slots.get(1)).toBe(before.slots.get(1));
  expect(after.nodes).toBe(before.nodes);
  expect(after.nodeSlots).toBe(before.nodeSlots);
  expect(before.slots.get(2)?.status).toBe("proposed");
});

test("what the stream told since the answer's time is newer than the answer", () => {
  let state = applyItems(
    emptyLiveState,
    [
      { event: "slot", data: slotOf(2, "orphaned") },
      { event: "node_slot", data: nodeSlotOf(2, "n1", 7) },
      { event: "node", data: nodeOf("n1", 55) },
      { event: "health", data: { status: "degraded" } as HealthView },
    ],
    at(AS_OF_MS + 10),
  );
  state = applySnapshot(state, snapshotOf({ nodeSlots: [nodeSlotOf(2, "n1"), nodeSlotOf(2, "n2")] }), AS_OF_MS);
  expect(state.slots.get(2)?.status).toBe("orphaned");
  expect(state.slots.get(1)?.status).toBe("proposed");
  expect(state.nodeSlots.get(2)?.get("n1")?.echoes).toBe(7);
  expect(state.nodeSlots.get(2)?.has("n2")).toBe(true);
  expect(state.nodes.get("n1")?.peers).toBe(55);
  expect(state.health?.status).toBe("degraded");
});

test("what the stream told before the answer's time gives way to the answer", () => {
  const told = applyItems(emptyLiveState, [{ event: "slot", data: slotOf(2, "pending") }], at(AS_OF_MS - 1));
  expect(applySnapshot(told, snapshotOf(), AS_OF_MS).slots.get(2)?.status).toBe("proposed");
});

test("after a reset the fetch replaces everything that was known before it", () => {
  const before = snapshotOf({ slots: [slotOf(900)], gaps: [gapOf("n1", 1, 2)] });
  let state = applySnapshot(emptyLiveState, before, AS_OF_MS);
  state = applyItems(state, [{ event: "slot", data: slotOf(901) }], at(AS_OF_MS + 10));
  state = applySnapshot(forgetStream(state), snapshotOf(), AS_OF_MS);
  expect([...state.slots.keys()].sort()).toEqual([1, 2]);
  expect(state.gaps.size).toBe(0);
});

test("a withdrawn reorg goes, and an older answer does not bring it back", () => {
  const later = at(AS_OF_MS + 10);
  let state = applyItems(emptyLiveState, [{ event: "reorg", data: reorgOf("0xa") }], later);
  expect(state.reorgs.has("0xa")).toBe(true);
  state = applyItems(state, [{ event: "reorg", data: reorgOf("0xa", true) }], later);
  state = applySnapshot(state, snapshotOf({ reorgs: [reorgOf("0xa"), reorgOf("0xb")] }), AS_OF_MS);
  expect([...state.reorgs.keys()]).toEqual(["0xb"]);
});

test("a gap that grows stays one gap", () => {
  let state = applyItems(emptyLiveState, [{ event: "gap", data: gapOf("n1", 100, 200) }], at(10));
  state = applyItems(state, [{ event: "gap", data: gapOf("n1", 100, 900) }], at(10));
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
            { event: "slot_votes", data: voteRecord({ slot }) },
            { event: "block", data: blockRecord({ slot }) },
          ],
          at(10),
        );
      }
      const newest = [...numbers].sort((a, b) => b - a);
      expect([...state.slots.keys()].sort((a, b) => b - a)).toEqual(newest.slice(0, bounds.slots));
      expect([...state.nodeSlots.keys()].sort((a, b) => b - a)).toEqual(newest.slice(0, bounds.nodeSlots));
      expect([...state.votes.keys()].sort((a, b) => b - a)).toEqual(newest.slice(0, bounds.votes));
      expect([...state.blocks.values()].map(({ slot }) => slot).sort((a, b) => b - a)).toEqual(
        newest.slice(0, bounds.blocks),
      );
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
      event: fc.constant("slot_votes" as const),
      data: fc.tuple(fc.nat(9), fc.nat(8)).map(([slot, seen]) => voteRecord({ slot, seen })),
    }),
    fc.record({
      event: fc.constant("reorg" as const),
      data: fc.tuple(fc.constantFrom("0xa", "0xb"), fc.boolean()).map(([id, withdrawn]) => reorgOf(id, withdrawn)),
    }),
  );
  fc.assert(
    fc.property(fc.array(item), (items) => {
      const atOnce = applyItems(emptyLiveState, items, at(10));
      const oneByOne = items.reduce((state, one) => applyItems(state, [one], at(10)), emptyLiveState);
      expect(oneByOne).toEqual(atOnce);
    }),
  );
});

test("votes that the stream told since the answer's time stand, and the facts of blocks stay through a fetch", () => {
  const told = applyItems(
    emptyLiveState,
    [
      { event: "slot_votes", data: voteRecord({ slot: 2, seen: 8 }) },
      { event: "block", data: blockRecord({ slot: 2 }) },
    ],
    at(AS_OF_MS + 10),
  );
  const votes = [voteRecord({ slot: 2, seen: 3 }), voteRecord({ slot: 1, seen: 7 })];
  const state = applySnapshot(told, snapshotOf({ votes }), AS_OF_MS);
  expect([...state.votes].map(([slot, { seen }]) => [slot, seen]).sort()).toEqual([
    [1, 7],
    [2, 8],
  ]);
  expect(state.blocks.get("0x2")?.slot).toBe(2);
});

test("of alerts those that are not over are kept, whatever else there was", () => {
  const alertOf = (id: string, state: AlertRecord["state"], since_ms: number) =>
    ({ id, state, since_ms }) as AlertRecord;
  const told = [alertOf("a", "open", 1), ...["b", "c", "d", "e"].map((id, i) => alertOf(id, "over", 100 + i))];
  const state = applyItems(
    emptyLiveState,
    told.map((data) => ({ event: "alert", data })),
    at(10),
  );
  expect([...state.alerts.keys()].sort()).toEqual(["a", "d", "e"]);
});

test("an alert that the stream told after the answer's time stays as the stream told it", () => {
  const alertOf = (state: AlertRecord["state"]) => ({ id: "a", state, since_ms: 1 }) as AlertRecord;
  const told = applyItems(emptyLiveState, [{ event: "alert", data: alertOf("acknowledged") }], at(AS_OF_MS + 1));
  expect(applySnapshot(told, snapshotOf({ alerts: [alertOf("open")] }), AS_OF_MS).alerts.get("a")?.state).toBe(
    "acknowledged",
  );
});
