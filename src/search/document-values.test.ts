import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../events/document.ts";
import { Fault } from "../lib/fault.ts";
import { documentValues } from "./document-values.ts";
import { createSearchRig } from "./search-rig.ts";
import type { MappedField, Mapping } from "./target.ts";

const mapping = (fields: Record<string, MappedField>): Mapping => new Map(Object.entries(fields));

describe("the values of a document", () => {
  it("stand under the whole path of their field, however objects, lists and dotted names made it", () => {
    const fields = mapping({ "a.b.c": { type: "long" }, a: { type: "object" } });
    const documents = [
      { a: { b: { c: 1 } } },
      { "a.b.c": 1 },
      { "a.b": [{ c: 1 }] },
      { a: [{ "b.c": [1, null] }, {}] },
    ];
    for (const document of documents) expect(documentValues(document, fields)).toEqual({ "a.b.c": [1] });
  });

  it("leave out strings longer than their field keeps, but not where a multi-field may want them", () => {
    const fields = mapping({
      alone: { type: "keyword", ignoreAbove: 3 },
      shared: { type: "keyword", ignoreAbove: 3 },
      "shared.text": { type: "text", of: "shared" },
      other: { type: "keyword", ignoreAbove: 3, of: "alone", alias: true },
      flat: { type: "flattened", ignoreAbove: 3 },
    });
    const document = { alone: ["abc", "abcd", "a\u{1f389}b"], shared: ["abc", "abcd"] };
    const flat = { flat: { a: ["abc", "abcd"], b: "abcd" }, "flat.c": ["abcde", 1] };
    expect(documentValues({ ...document, ...flat }, fields)).toEqual({
      ...{ alone: ["abc"], shared: ["abc", "abcd"] },
      ...{ flat: ["abc", "1"], "flat.a": ["abc"], "flat.c": ["1"] },
    });
  });

  it("are of the field's type: numbers cut, dates microseconds, addresses digits, all leaves of a flattened field", () => {
    const fields = mapping({
      whole: { type: "integer" },
      day: { type: "date", format: "yyyy/MM/dd" },
      at: { type: "date" },
      ip: { type: "ip" },
      flat: { type: "flattened" },
      spans: { type: "nested" },
      "spans.id": { type: "keyword" },
      none: { type: "keyword", nullValue: "nothing" },
      message: { type: "text" },
      "message.keyword": { type: "keyword", of: "message" },
    });
    const document = {
      whole: ["7.9", ""],
      day: "1970/01/02",
      at: ["1970-01-01T00:00:01.000002Z", 5, "1970-02-29T00:00:00Z".replace("02-29", "01-31")],
      ip: "10.0.0.1",
      flat: { x: [1, { y: true }] },
      "flat.z": "w",
      spans: [{ id: "a" }, { id: ["b", "c"] }],
      none: null,
      message: 12,
    };
    expect(documentValues(document, fields)).toEqual({
      whole: [7],
      day: [86_400_000_000],
      at: [1_000_002, 5_000, 30 * 86_400_000_000],
      ip: ["00000000000000000000ffff0a000001"],
      flat: ["1", "true", "w"],
      "flat.x": ["1"],
      "flat.x.y": ["true"],
      "flat.z": ["w"],
      spans: [{ "spans.id": ["a"] }, { "spans.id": ["b", "c"] }],
      none: ["nothing"],
      message: ["12"],
    });
  });

  it("leave out what is never searched, and tell what the mapping does not have", () => {
    const fields = mapping({
      raw: { type: "object", enabled: false },
      place: { type: "object", unsearched: "geo_point" },
      text: { type: "text" },
      "text.keyword": { type: "keyword", of: "text" },
    });
    const told: string[] = [];
    const document = {
      raw: { a: 1 },
      "raw.b": 2,
      place: [1, 2],
      new: 1,
      o: { p: 1 },
      empty: [],
      nothing: null,
    };
    expect(documentValues(document, fields, (path, isEmpty) => told.push(isEmpty ? `${path} (empty)` : path))).toEqual(
      {},
    );
    expect(told).toEqual(["new", "o", "empty (empty)", "nothing (empty)"]);
  });

  it.each<[Json, MappedField, string]>([
    ["x", { type: "long" }, "illegal_argument_exception"],
    ["x", { type: "integer" }, "number_format_exception"],
    [{ x: 1 }, { type: "long", ignoreMalformed: true }, "illegal_argument_exception"],
    [3e10, { type: "integer" }, "illegal_argument_exception"],
    [1e39, { type: "float" }, "illegal_argument_exception"],
    ["2026-02-30", { type: "date" }, "illegal_argument_exception"],
    [true, { type: "date" }, "illegal_argument_exception"],
    ["300.1.1.1", { type: "ip" }, "illegal_argument_exception"],
    ["yes", { type: "boolean" }, "illegal_argument_exception"],
    ["é".repeat(16_384), { type: "keyword" }, "illegal_argument_exception"],
    ["b", { type: "constant_keyword", value: "a" }, "illegal_argument_exception"],
    [{ x: 1 }, { type: "keyword" }, "illegal_argument_exception"],
    ["x", { type: "flattened" }, "parsing_exception"],
  ])("are refused where %j is no value of %j", (value, field, cause) => {
    try {
      documentValues({ a: value }, mapping({ a: field }));
      expect.unreachable();
    } catch (error) {
      const { details } = error as Fault;
      expect(details).toMatchObject({
        status: 400,
        error: { type: "document_parsing_exception", caused_by: { type: cause } },
      });
    }
  });

  it("are never written under an alias", () => {
    const fields = mapping({ a: { type: "keyword", of: "b", alias: true } });
    expect(() => documentValues({ a: "x" }, fields)).toThrow("Cannot write to a field alias [a].");
  });

  it.each([
    [
      { n: { x: [1, "a"] } },
      "[n] of type [long]. Preview of field's value: '{x=[1, a]}'",
      "Cannot parse object as number",
    ],
    [{ "n.x": 1 }, "[n] of type [long]. Preview of field's value: '{x=1}'", "Cannot parse object as number"],
    [
      { "text.keyword": "y" },
      "[text] of type [text]. Preview of field's value: '{keyword=y}'",
      "Expected text but found START_OBJECT",
    ],
  ])("are refused with what stands in their place, %j", (document, preview, reason) => {
    const fields = mapping({
      n: { type: "long" },
      text: { type: "text" },
      "text.keyword": { type: "keyword", of: "text" },
    });
    try {
      documentValues(document, fields);
      expect.unreachable();
    } catch (error) {
      expect((error as Fault).details).toMatchObject({
        error: {
          reason: `failed to parse field ${preview}`,
          caused_by: { type: "illegal_argument_exception", reason },
        },
      });
    }
  });

  it("are those of a walk that takes every name apart", () => {
    const fields = mapping({
      a: { type: "keyword" },
      "b.a": { type: "long" },
      "b.c.a": { type: "boolean" },
      c: { type: "object" },
      "c.b": { type: "keyword" },
    });
    const leaf = fc.constantFrom<Json>(1, "true", "x", null, false, 7.5);
    const key = fc.constantFrom("a", "b", "c", "b.a", "b.c", "c.b");
    const document = fc.letrec<{ value: Json; object: { [key: string]: Json } }>((tie) => ({
      object: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
      value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie("value"), { maxLength: 3 }), tie("object")),
    })).object;
    /** Every leaf with its path. */
    const leaves = (value: Json, path: string): [string, Json][] => {
      if (Array.isArray(value)) return value.flatMap((item: Json) => leaves(item, path));
      if (typeof value !== "object" || value === null) return [[path, value]];
      return Object.entries(value).flatMap(([name, inner]: [string, Json]) =>
        leaves(inner, path === "" ? name : `${path}.${name}`),
      );
    };
    fc.assert(
      fc.property(document, (source) => {
        const expected: Record<string, unknown[]> = {};
        for (const [path, value] of leaves(source, "")) {
          const type = fields.get(path)?.type;
          if (type === undefined || type === "object" || value === null) continue;
          const read = { long: Math.trunc(Number(value)), boolean: String(value) === "true", keyword: String(value) };
          expected[path] = [...(expected[path] ?? []), read[type as keyof typeof read]];
        }
        try {
          expect(documentValues(source, fields)).toEqual(expected);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          expect(error.details).toMatchObject({ status: 400 });
        }
      }),
    );
  });
});

it("a field that is kept alone is refused in a search, and not among the fields of a document", async () => {
  const rig = await createSearchRig({
    indices: [
      {
        index: "places",
        mapping: mapping({
          "@timestamp": { type: "date" },
          place: { type: "object", unsearched: "geo_point" },
          n: { type: "long" },
        }),
        documents: [{ source: { "@timestamp": "2026-11-28T10:00:00Z", place: [1, 2], n: 1 } }],
      },
    ],
  });
  try {
    await expect(rig.search({ query: { exists: { field: "place" } } })).rejects.toThrow(
      "[place] of type [geo_point] is not supported by the embedded store",
    );
    const { hits } = await rig.search({ fields: ["*"] });
    expect(hits.hits[0]).toMatchObject({ _source: { place: [1, 2] }, fields: { n: [1] } });
    expect(hits.hits[0]).not.toHaveProperty(["fields", "place"]);
  } finally {
    rig.close();
  }
});
