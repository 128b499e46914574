import fc from "fast-check";
import { expect, test } from "vitest";
import { readExplore, withFilter, writeExplore } from "./explore-state.ts";

const text = fc.string({ minLength: 1, unit: "binary", maxLength: 20 }).filter((one) => one.isWellFormed());
const value = fc.oneof(
  text,
  fc.constantFrom("", 'say "hi"', "<script>alert(1)</script>", "a&is=b", "\u001b[31m"),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Object.is(one, -0)),
);
const filter = (negate: boolean) => fc.record({ field: text, value, negate: fc.constant(negate) });

test("a search's address leads back to the search, whatever stands in fields and values", () => {
  const state = fc.record({
    index: fc.option(text, { nil: undefined }),
    queryString: fc.string({ unit: "binary" }).filter((one) => one.isWellFormed()),
    filters: fc
      .tuple(fc.array(filter(false), { maxLength: 3 }), fc.array(filter(true), { maxLength: 3 }))
      .map(([is, not]) => [...is, ...not]),
    columns: fc.uniqueArray(text, { maxLength: 4 }),
    sort: fc.option(fc.record({ field: text, order: fc.constantFrom("asc" as const, "desc" as const) }), {
      nil: undefined,
    }),
    time: fc.constantFrom(
      { from: "now-1h", to: "now" },
      { from: "2026-11-28T10:00:00.000Z", to: "2026-11-28T11:00:00.000Z" },
    ),
  });
  fc.assert(
    fc.property(state, (search) => {
      expect(readExplore(new URLSearchParams(writeExplore(search).toString()))).toEqual(search);
    }),
  );
});

test("what is no filter in an address is left out", () => {
  const query = new URLSearchParams([
    ["is", "nonsense"],
    ["is", '["a"]'],
    ["is", '["a",{"b":1}]'],
    ["not", '["a",1]'],
  ]);
  expect(readExplore(query).filters).toEqual([{ field: "a", value: 1, negate: true }]);
});

test("a filter takes the place of its opposite", () => {
  const is = { field: "host.name", value: "n1", negate: false };
  expect(withFilter([is], { ...is, negate: true })).toEqual([{ ...is, negate: true }]);
  expect(withFilter([is], is)).toEqual([is]);
});
