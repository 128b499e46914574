import { expect, test } from "vitest";
import type { SlotRecord } from "../../../src/events/derived.ts";
import type { NodeView } from "../../../src/serve/views.ts";
import { finalizedEpoch, headAgreement, isFinalityDelayed, usualDelay } from "./network-state.ts";

const nodeOf = (name: string, root: string | null, change: Partial<NodeView> = {}) =>
  ({
    name,
    state: "streaming",
    finalized_epoch: null,
    head: root === null ? null : { slot: 1, root, at_ms: 0 },
    ...change,
  }) as NodeView;

test("most nodes' head is the head, and the others are named", () => {
  const agreement = headAgreement([nodeOf("n1", "0xa"), nodeOf("n2", "0xb"), nodeOf("n3", "0xa")]);
  expect(agreement).toMatchObject({ root: "0xa", agreeing: 2, of: 3 });
  expect(agreement?.others.map(({ name }) => name)).toEqual(["n2"]);
});

test("nodes that are down or have no head yet have no say", () => {
  expect(headAgreement([nodeOf("n1", null), nodeOf("n2", "0xb", { state: "down" })])).toBeUndefined();
  expect(headAgreement([nodeOf("n1", "0xa"), nodeOf("n2", "0xb", { state: "down" })])).toMatchObject({
    agreeing: 1,
    of: 1,
  });
});

test("the finalized epoch is that of most nodes, the higher one on a tie", () => {
  const at = (epoch: number | null) => nodeOf("n", "0xa", { finalized_epoch: epoch });
  expect(finalizedEpoch([at(5), at(7), at(5)])).toBe(5);
  expect(finalizedEpoch([at(5), at(7)])).toBe(7);
  expect(finalizedEpoch([at(null)])).toBeUndefined();
});

test("finality is delayed from the fourth epoch behind on, but not while a network has none yet", () => {
  expect(isFinalityDelayed(308_646, 308_643)).toBe(false);
  expect(isFinalityDelayed(308_646, 308_642)).toBe(true);
  expect(isFinalityDelayed(4, 0)).toBe(false);
  expect(isFinalityDelayed(5, 0)).toBe(true);
});

test("the usual delay is that of the proposed slots before, and only of so many", () => {
  const slotOf = (slot: number, delay_ms: number | null, status = "proposed") =>
    ({ slot, delay_ms, status }) as SlotRecord;
  const slots = [slotOf(1, 100), slotOf(2, 300), slotOf(3, 5000, "orphaned"), slotOf(4, null), slotOf(5, 9000)];
  expect(usualDelay(slots, 5)).toMatchObject({ medianMs: 200, slots: 2 });
  const many = Array.from({ length: 100 }, (_, slot) => slotOf(slot, slot));
  expect(usualDelay(many, 100)).toMatchObject({ medianMs: 67.5, slots: 64 });
  expect(usualDelay([], 5)).toBeUndefined();
});
