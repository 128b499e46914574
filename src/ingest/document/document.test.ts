import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDocument } from "./document.ts";
import { expandDocument, MAX_DEPTH, MAX_FIELDS } from "./expand.ts";
import type { JsonObject, JsonValue } from "./json.ts";

const documentOf = (source: JsonObject) =>
  createDocument({ source, meta: { _index: "logs-app-default" }, timestamp: "2026-11-28T00:00:00.000Z" });

describe("a document of others", () => {
  test("holds dotted and nested names as one field", () => {
    expect(expandDocument({ "host.name": "a", host: { "os.name": "linux" }, "log.file.path": "/x" })).toEqual({
      host: { name: "a", os: { name: "linux" } },
      log: { file: { path: "/x" } },
    });
  });

  test("makes two values of one field a list, in the document's order", () => {
    expect(expandDocument({ "a.b": 1, a: { b: [2, 3] } })).toEqual({ a: { b: [1, 2, 3] } });
    expect(expandDocument({ "a.b": null, a: { b: 2 } })).toEqual({ a: { b: 2 } });
    expect(expandDocument({ a: { b: 2 }, "a.b": null })).toEqual({ a: { b: 2 } });
  });

  test("refuses an object beside a plain value, either way round", () => {
    for (const source of [
      { a: 1, "a.b": 2 },
      { "a.b": 2, a: 1 },
      { a: { b: 1 }, "a.b": { c: 1 } },
    ]) {
      expect(() => expandDocument(source)).toThrow(/as object, but found a concrete value/);
    }
  });

  test("expands objects within lists", () => {
    expect(expandDocument({ list: [{ "a.b": 1 }, 2] })).toEqual({ list: [{ a: { b: 1 } }, 2] });
  });

  test("cannot be made to reach the prototype of objects", () => {
    const hostile: JsonObject[] = [
      JSON.parse('{"__proto__":{"polluted":1}}'),
      { "a.__proto__.polluted": 1 },
      { "__proto__.polluted": 1 },
    ];
    for (const source of hostile) expect(() => expandDocument(source)).toThrow(/__proto__/);
    const document = documentOf({ a: 1 });
    expect(() => document.set("__proto__.polluted", 1)).toThrow();
    expect(() => document.set("x.__proto__", 1)).toThrow();
    document.set("constructor.prototype.polluted", 1);
    expect(document.get("constructor.name")).toBeUndefined();
    expect(document.get("toString")).toBeUndefined();
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("has bounded depth, fields and texts", () => {
    const deep = (levels: number): JsonObject => (levels === 1 ? { a: 1 } : { a: deep(levels - 1) });
    expect(expandDocument(deep(MAX_DEPTH))).toBeDefined();
    expect(() => expandDocument(deep(MAX_DEPTH + 1))).toThrow(/mapping depth \[20\]/);
    expect(() =>
      expandDocument({
        [Array(MAX_DEPTH + 1)
          .fill("a")
          .join(".")]: 1,
      }),
    ).toThrow(/mapping depth/);
    let list: JsonValue = 1;
    for (let i = 0; i < 5_000; i += 1) list = [list];
    expect(() => expandDocument({ list })).toThrow(/mapping depth/);
    const wide = (fields: number) => Object.fromEntries(Array.from({ length: fields }, (_, i) => [`f${i}`, i]));
    expect(Object.keys(expandDocument(wide(MAX_FIELDS)))).toHaveLength(MAX_FIELDS);
    expect(() => expandDocument(wide(MAX_FIELDS + 1))).toThrow(/Limit of total fields \[1000\]/);
    expect(() => expandDocument({ text: "x".repeat(1_000_001) })).toThrow(/longer than/);
  });

  test.each(["", " ", "a..b", ".a", "a."])("refuses the field name %j", (name) => {
    expect(() => expandDocument({ [name]: 1 })).toThrow(/field name/);
  });

  test("is the same when it is expanded again", () => {
    const value = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<JsonValue>(null, true, 1, "x"),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "a.b", "c.d.e"), tie("value"), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("a", "b", "a.b", "b.a.c"), value), (source) => {
        let once: JsonObject;
        try {
          once = expandDocument(source as JsonObject);
        } catch {
          return;
        }
        expect(expandDocument(once)).toEqual(once);
        expect(JSON.stringify(once)).not.toMatch(/"[^"]*\.[^"]*":/);
      }),
    );
  });

  test("reads, sets and takes away by path, in lists too", () => {
    const document = documentOf({ "a.b": 1, list: ["x", { y: 2 }] });
    document.set("a.c.d", true);
    document.set("list.0", "z");
    document.set("list.1.w", null);
    document.remove("a.b");
    expect(document.source).toEqual({ a: { c: { d: true } }, list: ["z", { y: 2, w: null }] });
    expect(document.get("_source.list.1.y")).toBe(2);
    expect(document.get("_ingest.timestamp")).toBe("2026-11-28T00:00:00.000Z");
    document.set("_index", "other");
    expect(document.meta()).toEqual({ _index: "other" });
  });

  test.each([
    ["a.x", "field [x] not present as part of path [a.x]"],
    ["a.b.c", "cannot resolve [c] from object of type [java.lang.Integer] as part of path [a.b.c]"],
    ["n.x", "cannot resolve [x] from null as part of path [n.x]"],
    ["list.7", "[7] is out of bounds for array with length [1] as part of path [list.7]"],
    ["list.x", "[x] is not an integer, cannot be used as an index as part of path [list.x]"],
  ])("says in Elasticsearch's words why %s is not there", (path, words) => {
    expect(() => documentOf({ a: { b: 1 }, n: null, list: [1] }).require(path)).toThrow(words);
  });

  test("appends to a value, to a list and to nothing", () => {
    const document = documentOf({ one: "a", list: ["a"] });
    document.append("one", ["b"], { allowDuplicates: true });
    document.append("list", ["a", "b"], { allowDuplicates: false });
    document.append("none", [{ x: 1 }, { x: 1 }], { allowDuplicates: false });
    expect(document.source).toEqual({ one: ["a", "b"], list: ["a", "b"], none: [{ x: 1 }] });
  });
});
