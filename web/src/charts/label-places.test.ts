import fc from "fast-check";
import { expect, test } from "vitest";
import { labelPlaces } from "./label-places.ts";

test("labels that have room stay where their lines end", () => {
  expect(labelPlaces([10, 60, 30], { room: 12, top: 0, bottom: 100 })).toEqual([10, 60, 30]);
});

test("labels never stand on each other, nor outside, while there is room for all", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 220 }), { maxLength: 8 }), (wanted) => {
      const places = labelPlaces(wanted, { room: 12, top: 0, bottom: 200 }).sort((a, b) => a - b);
      for (const [index, place] of places.entries()) {
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(200);
        if (index > 0) expect(place - (places[index - 1] ?? 0)).toBeGreaterThanOrEqual(12);
      }
    }),
  );
});
