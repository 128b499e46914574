import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../events/document.ts";
import { parseFilterPath } from "./filter-path.ts";

const answer = {
  took: 3,
  errors: false,
  hits: {
    total: { value: 2 },
    hits: [
      { _id: "a", _source: { a: { b: {}, c: [] }, ee: 1 } },
      { _id: "b", _source: {} },
    ],
  },
  items: [{ create: { status: 201, _id: "x" } }, { create: { status: 400, error: { type: "t" } } }],
};

// Each was asked of Elasticsearch 8.7.1 in this form, as were some thousand random ones.
describe("filter_path, as Elasticsearch takes it", () => {
  const cases: [string, Json | undefined][] = [
    ["took", { took: 3 }],
    [
      "errors,items.*.error,items.*.status",
      { errors: false, items: [{ create: { status: 201 } }, { create: { status: 400, error: { type: "t" } } }] },
    ],
    ["hits.hits._id", { hits: { hits: [{ _id: "a" }, { _id: "b" }] } }],
    ["hits.hits._source.ee", { hits: { hits: [{ _source: { ee: 1 } }] } }],
    ["**._id", { hits: { hits: [{ _id: "a" }, { _id: "b" }] }, items: [{ create: { _id: "x" } }] }],
    ["**.took", undefined],
    ["hits.**.value", { hits: { total: { value: 2 } } }],
    ["hits.**", { hits: answer.hits }],
    ["*rr*", { errors: false }],
    ["nothing", undefined],
    ["-hits,-items", { took: 3, errors: false }],
    ["-hits.hits,-items,-errors", { took: 3, hits: { total: { value: 2 } } }],
    [
      "-items.create.status,-items.create._id,-hits",
      { took: 3, errors: false, items: [{ create: { error: { type: "t" } } }] },
    ],
    ["hits.hits,-hits.hits._source", { hits: { hits: [{ _id: "a" }, { _id: "b" }] } }],
    ["hits.hits._source,-**.ee", undefined],
    [" took , errors ", { took: 3, errors: false }],
  ];
  test.each(cases)("%s", (text, expected) => {
    expect(parseFilterPath(text)?.(answer)).toEqual(expected);
  });

  test("a backslash makes a dot a part of the name", () => {
    expect(parseFilterPath("index\\.number")?.({ "index.number": 1, index: { number: 2 } })).toEqual({
      "index.number": 1,
    });
  });

  test("an empty one is none", () => {
    expect([parseFilterPath(undefined), parseFilterPath(""), parseFilterPath(" , ")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

test("nothing appears that was not there, and `**` and `*` alone keep everything but what is empty", () => {
  const json = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue({ maxDepth: 4 }));
  const path = fc
    .array(fc.constantFrom("a", "b", "c", "*", "**"), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join("."));
  fc.assert(
    fc.property(json, path, (value, text) => {
      const kept = parseFilterPath(text)?.(value as Json);
      expect(isWithin(kept, value as Json)).toBe(true);
      const left = parseFilterPath(`-${text}`)?.(value as Json);
      expect(isWithin(left, value as Json)).toBe(true);
      if (Object.keys(value).length > 0) expect(parseFilterPath("*")?.(value as Json)).toEqual(value);
    }),
  );
});

test("a path of many `**` is followed in a time that does not grow with their number's power", () => {
  let value: Json = 1;
  for (let depth = 0; depth < 200; depth += 1) value = { a: value, b: value === 1 ? 1 : 2 };
  expect(parseFilterPath(`${"**.".repeat(60)}none`)?.(value)).toBeUndefined();
});

function isWithin(part: Json | undefined, whole: Json | undefined): boolean {
  if (part === undefined) return true;
  if (Array.isArray(part))
    return Array.isArray(whole) && part.every((element) => whole.some((other) => isWithin(element, other)));
  if (typeof part !== "object" || part === null) return Object.is(part, whole);
  if (typeof whole !== "object" || whole === null) return false;
  return Object.entries(part).every(([name, field]) => isWithin(field, (whole as { [key: string]: Json })[name]));
}
