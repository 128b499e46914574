import { expect, test } from "vitest";
import type { SlotRecord } from "../../../src/events/derived.ts";
import { blockRecord } from "./block-record-rig.ts";
import { blockRows, blockSeries, blockSortOf, sortedRows } from "./block-rows.ts";

const slotRecord = (slot: number, status: SlotRecord["status"], block_root: string | null = `0x${slot}`) =>
  ({ slot, status, late: false, block_root }) as SlotRecord;

const slots = [
  slotRecord(1, "proposed"),
  slotRecord(2, "missed", null),
  slotRecord(3, "orphaned"),
  slotRecord(4, "proposed"),
];
const blocks = [
  blockRecord({ slot: 1, blobs: 9, gas_fullness: 0.2 }),
  blockRecord({ slot: 3, gas_fullness: 0.9 }),
  blockRecord({ slot: 4, root: "0xother", gas_fullness: 0.7 }),
  blockRecord({ slot: 4, gas_fullness: 0.4 }),
];
const rows = blockRows({ slots, blocks, first: 1, last: 5 });

test("every slot has its row, and a block that the chain left one beside its slot's own", () => {
  expect(rows.map(({ slot, look, block, canonical }) => [slot, look, block?.root, canonical])).toEqual([
    [1, "proposed", "0x1", true],
    [2, "missed", undefined, false],
    [3, "orphaned", "0x3", false],
    [4, "proposed", "0x4", true],
    [4, "orphaned", "0xother", false],
    [5, "unknown", undefined, false],
  ]);
});

test("missed and orphaned slots are gaps of the series, and marked", () => {
  const series = blockSeries(rows);
  expect(series.xs).toEqual([1, 2, 3, 4, 5]);
  expect(series.fullness).toEqual([0.2, null, null, 0.4, null]);
  expect(series.marks).toEqual([
    { x: 2, look: "missed" },
    { x: 3, look: "orphaned" },
  ]);
});

test("the table sorts by figures, those without one left out, and by slot it keeps all", () => {
  expect(sortedRows(rows, "fullness").map(({ block }) => block?.root)).toEqual(["0x3", "0xother", "0x4", "0x1"]);
  expect(sortedRows(rows, "payment")).toEqual([]);
  expect(sortedRows(rows, "slot").map(({ slot }) => slot)).toEqual([5, 4, 4, 3, 2, 1]);
  expect(blockSortOf(new URLSearchParams("sort=blobs"))).toBe("blobs");
  expect(blockSortOf(new URLSearchParams("sort=root"))).toBe("slot");
});

test("a slot whose block no node answered whole has a row without facts, not another block's", () => {
  const [row] = blockRows({
    slots: [slotRecord(1, "proposed", "0xtrue")],
    blocks: [blockRecord({ slot: 1 })],
    first: 1,
    last: 1,
  });
  expect(row).toEqual({ slot: 1, look: "proposed", block: undefined, canonical: true });
});
