import fc from "fast-check";
import { expect, test } from "vitest";
import { cellRect, gridLayout, gridSlots, movedSlot, slotAtPoint } from "./slot-grid-layout.ts";

const anyLayout = fc
  .record({
    width: fc.integer({ min: 300, max: 2000 }),
    newestEpoch: fc.integer({ min: 0, max: 400_000 }),
    epochs: fc.constant(8),
    slotsPerEpoch: fc.constantFrom(8, 16, 32),
  })
  .map((input) => ({ input, layout: gridLayout(input) }));

test("every cell lies within the canvas, and its corners hit its own slot", () => {
  fc.assert(
    fc.property(anyLayout, fc.double({ min: 0, max: 1, noNaN: true }), ({ input, layout }, share) => {
      const { first, last } = gridSlots(layout);
      const slot = first + Math.round((last - first) * share);
      const { x, y, width, height } = cellRect(layout, slot);
      expect(x + width).toBeLessThanOrEqual(input.width + 0.001);
      expect(y + height).toBeLessThanOrEqual(layout.height);
      for (const [px, py] of [
        [x + 0.01, y + 0.01],
        [x + width - 0.01, y + height - 0.01],
      ] as const) {
        expect(slotAtPoint(layout, px, py)).toBe(slot);
      }
    }),
  );
});

test("the newest epoch stands on top, its first slot on the left", () => {
  const layout = gridLayout({ width: 600, newestEpoch: 3, epochs: 8, slotsPerEpoch: 8 });
  expect(cellRect(layout, 24)).toMatchObject({ x: layout.labelWidth, y: layout.inset });
  expect(cellRect(layout, 16).y).toBeGreaterThan(0);
});

test("labels, the outside and slots before genesis are no slot", () => {
  const layout = gridLayout({ width: 600, newestEpoch: 1, epochs: 8, slotsPerEpoch: 8 });
  expect(slotAtPoint(layout, 2, 5)).toBeUndefined();
  expect(slotAtPoint(layout, 5000, 5)).toBeUndefined();
  expect(slotAtPoint(layout, layout.labelWidth + 5, layout.height - layout.inset - 2)).toBeUndefined();
  expect(gridSlots(layout)).toEqual({ first: 0, last: 15 });
});

test("arrow keys move by slot and epoch and stop at the edges of what exists", () => {
  const layout = gridLayout({ width: 600, newestEpoch: 9, epochs: 8, slotsPerEpoch: 8 });
  const moved = (slot: number, key: string) => movedSlot({ layout, slot, key, newest: 75 });
  expect(moved(70, "ArrowRight")).toBe(71);
  expect(moved(75, "ArrowRight")).toBe(75);
  expect(moved(60, "ArrowUp")).toBe(68);
  expect(moved(70, "ArrowUp")).toBe(70);
  expect(moved(24, "ArrowDown")).toBe(16);
  expect(moved(16, "ArrowLeft")).toBe(16);
  expect(moved(70, "Home")).toBe(16);
  expect(moved(20, "End")).toBe(75);
  expect(moved(70, "a")).toBeUndefined();
});
