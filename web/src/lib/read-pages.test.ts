import fc from "fast-check";
import { expect, test } from "vitest";
import { readPages } from "./read-pages.ts";

/** Pages over stored slots, as the API cuts them: `most` at once, continued below the last one. */
function pagesOf(slots: readonly number[], most: number) {
  const asked: number[] = [];
  return {
    asked,
    page: async ({ limit, before }: { limit: number; before: number }) => {
      asked.push(before);
      const below = slots.filter((slot) => slot < before).sort((a, b) => b - a);
      const records = below.slice(0, Math.min(limit, most));
      return { records, next: below.length > records.length ? (records.at(-1) ?? null) : null };
    },
  };
}

test("every stored slot of the span is read once, whatever the pages' length", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(300), { maxLength: 200 }),
      fc.nat(300),
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 50 }),
      async (slots, from, length, most) => {
        const before = from + length;
        const { page } = pagesOf(slots, most);
        const read = await readPages({ from, before, page, keyOf: (slot) => slot });
        expect(read).toEqual(slots.filter((slot) => slot >= from && slot < before).sort((a, b) => b - a));
      },
    ),
  );
});

test("an answer that leads nowhere ends the reading", async () => {
  const page = async ({ before }: { before: number }) => ({ records: [before - 1], next: before });
  expect(await readPages({ from: 0, before: 10, page, keyOf: (slot) => slot })).toEqual([9]);
});
