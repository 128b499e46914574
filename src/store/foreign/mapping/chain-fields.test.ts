import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../events/foreign.ts";
import { createIndexMapping, type IndexMapping } from "./index-mapping.ts";

const LIMITS = { totalFields: 1000, ignoreBeyond: false, defaults: { ignoreMalformed: false } };
const PLACED: JsonObject = {
  observer: { name: "lighthouse-1" },
  ethereum: { network: "mainnet", slot: 7, epoch: 0, slot_index: 7, delay_ms: 5, block: { root: "0x00" } },
};
const TYPES = {
  observer: { properties: { name: { type: "keyword", ignore_above: 1024 } } },
  ethereum: {
    properties: {
      block: { properties: { root: { type: "keyword", ignore_above: 1024 } } },
      delay_ms: { type: "double", ignore_malformed: true },
      epoch: { type: "long", ignore_malformed: true },
      network: { type: "keyword", ignore_above: 1024 },
      slot: { type: "long", ignore_malformed: true },
      slot_index: { type: "long", ignore_malformed: true },
    },
  },
};

const taken = (mapping: IndexMapping, document: JsonObject) => mapping.take(document, () => document);
const propertiesOf = (mapping: IndexMapping) => mapping.json()["properties"];

describe("the fields that the monitor adds", () => {
  const texts = { dynamic_templates: [{ texts: { match_mapping_type: "*", mapping: { type: "text" } } }] };
  const flat = {
    dynamic_templates: [
      { flat: { match_mapping_type: "object", mapping: { type: "flattened" } } },
      { off: { path_match: "ethereum.*", mapping: { type: "keyword", index: false } } },
    ],
  };
  it.each<[string, JsonObject]>([
    ["no mapping", {}],
    ["a dynamic template that makes everything text", texts],
    ["dynamic templates of their objects and paths", flat],
    ["dynamic false", { dynamic: false }],
    ["dynamic strict", { dynamic: "strict" }],
  ])("have their own types, and values, with %s", (_words, json) => {
    const { mapping, values } = taken(createIndexMapping(json, LIMITS), PLACED);
    expect(propertiesOf(mapping)).toEqual(TYPES);
    expect(values).toMatchObject({ "observer.name": ["lighthouse-1"], "ethereum.slot": [7], "ethereum.delay_ms": [5] });
    const later = { ethereum: { delay_ms: 5.5, slot: 8 } };
    expect(taken(mapping, later)).toMatchObject({ mapping, values: { "ethereum.delay_ms": [5.5] } });
  });

  it("are added beyond the limit of fields, which holds for all others", () => {
    const { mapping } = taken(createIndexMapping({}, { ...LIMITS, totalFields: 1 }), { n: 1, ...PLACED });
    expect(propertiesOf(mapping)).toEqual({ ...TYPES, n: { type: "long" } });
    expect(() => taken(mapping, { m: 1 })).toThrow("Limit of total fields [1] has been exceeded");
  });

  it("open a closed mapping for nothing else", () => {
    const fixed = taken(createIndexMapping({ dynamic: false }, LIMITS), { ...PLACED, other: 1 }).mapping;
    expect(propertiesOf(fixed)).toEqual(TYPES);
    const more = { ethereum: { ours: 1 }, observer: { vendor: "x" } };
    expect(propertiesOf(taken(fixed, more).mapping)).toEqual(TYPES);
    const strict = taken(createIndexMapping({ dynamic: "strict" }, LIMITS), PLACED).mapping;
    expect(() => taken(strict, more)).toThrow("dynamic introduction of [ours] within [ethereum] is not allowed");
    expect(() => taken(strict, { other: 1 })).toThrow("dynamic introduction of [other]");
  });

  it("keep the types that a mapping names itself", () => {
    const json = { properties: { observer: { properties: { name: { type: "text" } } } } };
    const { mapping } = taken(createIndexMapping(json, LIMITS), PLACED);
    expect(propertiesOf(mapping)).toEqual({ ...TYPES, ...json.properties });
  });

  it("of a sender's own that are of another type do not refuse its document", () => {
    const { values } = taken(createIndexMapping(texts, LIMITS), { ethereum: { slot: "none", network: "x" } });
    expect(values).toEqual({ "ethereum.network": ["x"] });
  });
});
