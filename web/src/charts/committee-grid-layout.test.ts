import fc from "fast-check";
import { expect, test } from "vitest";
import { committeeAt, committeeLayout, committeeParts, committeeRect, movedCell } from "./committee-grid-layout.ts";

const mainnet = committeeLayout({ width: 1200, firstSlot: 64, slots: 32, committees: 64 });

test("all committees of a mainnet epoch fit on one screen", () => {
  expect(mainnet.height).toBeLessThan(560);
  const last = committeeRect(mainnet, { slot: 95, index: 63 });
  expect(last.x + last.width).toBeLessThanOrEqual(1200);
});

test("every cell is found again under its middle, on any screen", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 300, max: 2000 }),
      fc.constantFrom(8, 32),
      fc.integer({ min: 1, max: 64 }),
      fc.nat(31),
      fc.nat(63),
      (width, slots, committees, column, row) => {
        fc.pre(column < slots && row < committees);
        const layout = committeeLayout({ width, firstSlot: 320, slots, committees });
        const cell = { slot: 320 + column, index: row };
        const rect = committeeRect(layout, cell);
        expect(committeeAt(layout, rect.x + rect.width / 2, rect.y + rect.height / 2)).toEqual(cell);
      },
    ),
  );
});

test("keys move within the grid and never out of it", () => {
  expect(movedCell(mainnet, { slot: 64, index: 0 }, "ArrowLeft")).toEqual({ slot: 64, index: 0 });
  expect(movedCell(mainnet, { slot: 64, index: 0 }, "ArrowDown")).toEqual({ slot: 64, index: 1 });
  expect(movedCell(mainnet, { slot: 70, index: 5 }, "End")).toEqual({ slot: 95, index: 5 });
  expect(movedCell(mainnet, { slot: 70, index: 5 }, "a")).toBeUndefined();
});

test("a committee's parts fill its cell, each by its share", () => {
  const record = { validators: 8, on_time: 4, late: 2, untimed: 0, missed: 2 };
  expect(committeeParts(record, 40)).toEqual([
    { part: "on_time", from: 0, width: 20 },
    { part: "late", from: 20, width: 10 },
    { part: "missed", from: 30, width: 10 },
  ]);
  expect(committeeParts({ ...record, validators: 0 }, 40)).toEqual([]);
});
