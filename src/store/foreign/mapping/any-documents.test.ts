import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { Fault } from "../../../lib/fault.ts";
import { createIndexMapping } from "./index-mapping.ts";

const mapping = (json: JsonObject = {}) =>
  createIndexMapping(json, { totalFields: 1000, ignoreBeyond: false, defaults: { ignoreMalformed: false } });

describe("any documents", () => {
  const key = fc.constantFrom("a", "b", "c", "a.b", "d");
  const document = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
    object: fc.dictionary(key, tie("value"), { maxKeys: 4 }) as fc.Arbitrary<JsonObject>,
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Json>(1, 2.5, "x", "2026-01-01", true, null, "10.0.0.1", 0),
      fc.array(tie("value"), { maxLength: 3 }),
      tie("object"),
    ),
  })).object;

  it("make the object that null below a name with dots stands in, as Elasticsearch does", () => {
    const { mapping: grown } = mapping().take({ "a.b": null, "c.d.e": [] }, () => ({ "a.b": null, "c.d.e": [] }));
    expect(grown.json()).toMatchObject({
      properties: { a: { type: "object" }, c: { properties: { d: { type: "object" } } } },
    });
  });

  it("give a mapping that reads back as itself, grows only, and takes again what it took", () => {
    fc.assert(
      fc.property(fc.array(document, { maxLength: 6 }), (documents) => {
        let now = mapping();
        const taken: JsonObject[] = [];
        for (const one of documents) {
          const before = now;
          try {
            now = now.take(one, () => one).mapping;
            taken.push(one);
          } catch (error) {
            expect(error).toBeInstanceOf(Fault);
          }
          for (const [name, field] of before.search) expect(now.search.get(name)).toEqual(field);
        }
        const again = mapping(now.json());
        expect(again.json()).toEqual(now.json());
        expect([...again.search].sort()).toEqual([...now.search].sort());
        for (const one of taken) {
          const first = now.take(one, () => one);
          expect(first.mapping).toBe(now);
          expect(again.take(one, () => one).values).toEqual(first.values);
        }
        expect(now.merged(now.json()).json()).toEqual(now.json());
      }),
    );
  });
});
