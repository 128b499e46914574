import fc from "fast-check";
import { expect, test } from "vitest";
import { addPlace, changePlace, overlaps, type Place } from "./board-layout.ts";
import { checkDashboard } from "./panel-check.ts";

const size = fc.record({ w: fc.integer({ min: 4, max: 48 }), h: fc.integer({ min: 3, max: 20 }) });
const grid = fc.array(size, { minLength: 1, maxLength: 8 }).map((sizes) => {
  let places: Place[] = [];
  for (const [at, one] of sizes.entries()) places = addPlace(places, `panel-${at}`, one);
  return places;
});
const changes = fc.array(
  fc.record(
    {
      at: fc.nat(),
      x: fc.integer({ min: -60, max: 60 }),
      y: fc.integer({ min: -10, max: 80 }),
      w: fc.integer({ min: -4, max: 80 }),
      h: fc.integer({ min: -4, max: 80 }),
    },
    { requiredKeys: ["at"] },
  ),
  { maxLength: 12 },
);

test("whatever is moved and resized, no panel lies on another and the grid stays valid", () => {
  fc.assert(
    fc.property(grid, changes, (start, steps) => {
      let places = start;
      for (const { at, ...change } of steps) {
        const index = at % places.length;
        places = changePlace(places, index, change);
        expect(places.map(({ panel }) => panel)).toEqual(start.map(({ panel }) => panel));
        const asked = places[index];
        if (change.y !== undefined) expect(asked?.y).toBe(Math.max(0, change.y));
      }
      for (const [i, a] of places.entries()) for (const b of places.slice(i + 1)) expect(overlaps(a, b)).toBe(false);
      expect(checkDashboard({ id: "a", title: "A", description: "B.", grid: places }).problems).toBeUndefined();
    }),
  );
});

test("what is in the way moves down, the rest stays", () => {
  const start: Place[] = [
    { panel: "a", x: 0, y: 0, w: 24, h: 8 },
    { panel: "b", x: 24, y: 0, w: 24, h: 8 },
    { panel: "c", x: 0, y: 8, w: 24, h: 8 },
  ];
  expect(changePlace(start, 0, { w: 48 })).toEqual([
    { panel: "a", x: 0, y: 0, w: 48, h: 8 },
    { panel: "b", x: 24, y: 8, w: 24, h: 8 },
    { panel: "c", x: 0, y: 8, w: 24, h: 8 },
  ]);
});
