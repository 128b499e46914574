import fc from "fast-check";
import { expect, test } from "vitest";
import { movedInStrip, stripLayout, stripRect, stripSlotAt } from "./block-strip-layout.ts";

test("a strip that is too narrow for the range shows its newest slots", () => {
  const phone = stripLayout({ width: 340, firstSlot: 0, lastSlot: 255 });
  expect(phone.lastSlot).toBe(255);
  expect(phone.lastSlot - phone.firstSlot + 1).toBe(41);
  expect(stripLayout({ width: 1300, firstSlot: 250, lastSlot: 255 }).firstSlot).toBe(250);
});

test("every slot is found again under its middle, and none lies outside of the strip", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2000 }), fc.nat(5000), fc.nat(300), fc.nat(300), (width, first, more, at) => {
      const layout = stripLayout({ width, firstSlot: first, lastSlot: first + more });
      const slot = Math.min(layout.lastSlot, layout.firstSlot + at);
      const rect = stripRect(layout, slot, "gas");
      fc.pre(width > 100);
      expect(stripSlotAt(layout, rect.x + rect.width / 2)).toBe(slot);
      expect(rect.x + rect.width).toBeLessThanOrEqual(width);
    }),
  );
  const layout = stripLayout({ width: 500, firstSlot: 0, lastSlot: 9 });
  expect(stripSlotAt(layout, 3)).toBeUndefined();
});

test("keys move along the strip and stop at its ends", () => {
  const layout = stripLayout({ width: 500, firstSlot: 10, lastSlot: 19 });
  expect(movedInStrip(layout, 10, "ArrowLeft")).toBe(10);
  expect(movedInStrip(layout, 12, "ArrowRight")).toBe(13);
  expect([movedInStrip(layout, 12, "Home"), movedInStrip(layout, 12, "End")]).toEqual([10, 19]);
  expect(movedInStrip(layout, 12, "ArrowUp")).toBeUndefined();
});
