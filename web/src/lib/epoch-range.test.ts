import fc from "fast-check";
import { expect, test } from "vitest";
import { epochRange, newerPath, olderPath, RANGE_EPOCHS } from "./epoch-range.ts";

const rangeOf = (text: string, currentEpoch = 100) =>
  epochRange({ query: new URLSearchParams(text), currentEpoch, slotsPerEpoch: 8 });
const at = (text: string) => ({ path: "/blocks", query: new URLSearchParams(text) });

test("without a query the last eight epochs are shown, and followed", () => {
  expect(rangeOf("")).toEqual({
    epochs: 8,
    firstEpoch: 93,
    lastEpoch: 100,
    firstSlot: 744,
    lastSlot: 807,
    live: true,
  });
});

test("a young network's range begins at genesis", () => {
  expect(rangeOf("epochs=32", 3)).toMatchObject({ epochs: 32, firstEpoch: 0, firstSlot: 0, lastEpoch: 3, live: true });
  expect(olderPath(at("epochs=32"), rangeOf("epochs=32", 3))).toBeUndefined();
});

test("numbers that are none, or not offered, give the usual range", () => {
  for (const text of ["epochs=7", "epochs=x", "before=-1", "before=1e2", "before=101", "before="]) {
    expect(rangeOf(text)).toEqual(rangeOf(""));
  }
});

test("paging to the older range and back shows every epoch once and ends at the running one", () => {
  fc.assert(
    fc.property(fc.constantFrom(...RANGE_EPOCHS), fc.integer({ min: 0, max: 500 }), (epochs, currentEpoch) => {
      const seen: number[] = [];
      let text = `epochs=${epochs}`;
      for (;;) {
        const range = rangeOf(text, currentEpoch);
        for (let epoch = range.lastEpoch; epoch >= range.firstEpoch; epoch -= 1) seen.push(epoch);
        const path = olderPath(at(text), range);
        if (path === undefined) break;
        const older = path.split("?")[1] ?? "";
        const back = newerPath(at(older), rangeOf(older, currentEpoch), currentEpoch);
        if (range.firstEpoch >= epochs) expect(rangeOf(back?.split("?")[1] ?? "", currentEpoch)).toEqual(range);
        text = older;
      }
      expect(seen).toEqual(Array.from({ length: currentEpoch + 1 }, (_, index) => currentEpoch - index));
    }),
  );
});
