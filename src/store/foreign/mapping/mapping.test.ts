import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../events/document.ts";
import type { JsonObject } from "../../../events/foreign.ts";
import { Fault } from "../../../lib/fault.ts";
import { composedMappings } from "./compose-mappings.ts";
import { ecsMapping } from "./ecs.ts";
import { createIndexMapping, type IndexMapping, typingOf } from "./index-mapping.ts";
import { searchMappingOf } from "./search-mapping.ts";

const LIMITS = { totalFields: 1000, ignoreBeyond: false, defaults: { ignoreMalformed: false } };

function mapping(json: JsonObject = {}, limits: Partial<typeof LIMITS> = {}): IndexMapping {
  return createIndexMapping(json, { ...LIMITS, ...limits });
}

function grownBy(start: IndexMapping, ...documents: readonly JsonObject[]): IndexMapping {
  return documents.reduce<IndexMapping>((now, document) => now.take(document, () => document).mapping, start);
}

function errorOf(work: () => unknown): { type: string; reason: string; caused_by?: { type: string; reason: string } } {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error.details["error"] as ReturnType<typeof errorOf>;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("a mapping of Elasticsearch's JSON", () => {
  it("is told as it was put, with dotted names as objects and properties by name", () => {
    const put = {
      dynamic: "strict",
      _meta: { made: "by a test" },
      dynamic_templates: [{ words: { match_mapping_type: "string", mapping: { type: "keyword" } } }],
      date_detection: false,
      properties: {
        "host.name": { type: "keyword", ignore_above: 1024 },
        message: { type: "text", fields: { keyword: { type: "keyword" } } },
        host: { properties: { ip: { type: "ip" } } },
        raw: { enabled: false },
        spans: { type: "nested", properties: { id: { type: "keyword" } } },
        where: { type: "geo_point" },
        node: { type: "alias", path: "host.name" },
      },
    };
    expect(mapping(put).json()).toEqual({
      ...put,
      properties: {
        host: { properties: { ip: { type: "ip" }, name: { type: "keyword", ignore_above: 1024 } } },
        message: put.properties.message,
        node: put.properties.node,
        raw: { type: "object", enabled: false },
        spans: put.properties.spans,
        where: put.properties.where,
      },
    });
  });

  it("gives searches every field by its path, multi-fields and aliases with whose values they have", () => {
    const json = {
      properties: {
        message: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } },
        words: { type: "alias", path: "message.keyword" },
        share: { type: "scaled_float", scaling_factor: 100 },
        place: { type: "geo_point" },
      },
    };
    const { search } = mapping(json);
    expect([...searchMappingOf(json)]).toEqual([...search]);
    expect(searchMappingOf(json)).toBe(searchMappingOf(json));
    expect([...search]).toEqual([
      ["message", { type: "text" }],
      ["message.keyword", { type: "keyword", ignoreAbove: 256, of: "message" }],
      ["words", { type: "keyword", ignoreAbove: 256, of: "message", alias: true }],
      ["share", { type: "scaled_float", scalingFactor: 100 }],
      ["place", { type: "object", unsearched: "geo_point" }],
    ]);
  });

  it.each([
    [
      { properties: { a: { type: "wat" } } },
      "The mapper type [wat] declared on field [a] does not exist. It might have been created within a future version or requires a plugin to be installed. Check the documentation.",
    ],
    [{ properties: { a: { type: "keyword", wat: 1 } } }, "unknown parameter [wat] on mapper [a] of type [keyword]"],
    [{ properties: { a: {} } }, "No type specified for field [a]"],
    [
      { properties: { a: { type: "keyword", copy_to: "b" } } },
      "[copy_to] of field [a] is not supported by the embedded store",
    ],
    [{ properties: { a: { type: "scaled_float" } } }, "Field [scaling_factor] is required"],
    [
      { properties: { a: { type: "text", analyzer: "english" } } },
      "the analyzer [english] of field [a] is not supported by the embedded store",
    ],
    [
      { dynamic: "sometimes" },
      "Failed to parse value [sometimes] as only [true], [false], [strict] or [runtime] are allowed.",
    ],
    [{ wat: 1 }, "Root mapping definition has unsupported parameters:  [wat : 1]"],
    [JSON.parse('{"properties":{"__proto__":{"type":"keyword"}}}'), "field name [__proto__] is not allowed"],
  ] satisfies [JsonObject, string][])("refuses %j by name", (json, reason) => {
    expect(errorOf(() => mapping(json))).toMatchObject({
      type: "mapper_parsing_exception",
      reason: `Failed to parse mapping: ${reason}`,
      caused_by: { type: "mapper_parsing_exception", reason },
    });
  });

  it("is refused with an alias of what there is not", () => {
    expect(errorOf(() => mapping({ properties: { a: { type: "alias", path: "b" } } }))).toMatchObject({
      type: "mapper_parsing_exception",
      reason: "Invalid [path] value [b] for field alias [a]: an alias must refer to an existing field in the mappings.",
    });
  });

  it("is refused beyond 20 levels", () => {
    const deep = Array.from({ length: 21 }, (_, level) => `l${level}`).join(".");
    expect(
      errorOf(() => mapping({ properties: { [deep]: { properties: { x: { type: "long" } } } } })).reason,
    ).toContain("Limit of mapping depth [20] has been exceeded");
  });
});

describe("a document's new fields", () => {
  it("get the types of Elasticsearch's dynamic rules", () => {
    const document = {
      n: 1,
      f: 1.5,
      b: true,
      t: "word",
      d: "2026-11-28T10:00:00Z",
      slash: "2026/11/28",
      year: "2026",
      nothing: null,
      none: [],
      list: [null, 3],
      o: { x: "1" },
      "p.q": 2,
      objects: [{ a: 1 }, { b: "x" }],
    };
    const text = { type: "text", fields: { keyword: { type: "keyword", ignore_above: 256 } } };
    expect(grownBy(mapping(), document).json()).toEqual({
      properties: {
        b: { type: "boolean" },
        d: { type: "date" },
        f: { type: "float" },
        list: { type: "long" },
        n: { type: "long" },
        o: { properties: { x: text } },
        objects: { properties: { a: { type: "long" }, b: text } },
        p: { properties: { q: { type: "long" } } },
        slash: { type: "date", format: "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis" },
        t: text,
        year: text,
      },
    });
  });

  it("are typed by the JSON text where JavaScript forgets what it said", () => {
    const text = '{"whole":1.0,"exponent":1e3,"long":9007199254740993,"words":"9007199254740993"}';
    const source = { whole: 1, exponent: 1000, long: "9007199254740993", words: "9007199254740993" };
    const { mapping: grown } = mapping().take(source, () => typingOf(source, text));
    const types = Object.entries(grown.json()["properties"] as JsonObject).map(([name, field]) => [
      name,
      (field as JsonObject)["type"],
    ]);
    expect(Object.fromEntries(types)).toEqual({ whole: "float", exponent: "float", long: "long", words: "text" });
  });

  it("follow the dynamic templates, the first that fits", () => {
    const start = mapping({
      dynamic_templates: [
        { ips: { match: "*_ip", match_mapping_type: "string", mapping: { type: "ip" } } },
        { labels: { path_match: "labels.*", path_unmatch: "labels.n*", mapping: { type: "keyword" } } },
        {
          numbered: {
            match_pattern: "regex",
            match: "^n\\d+$",
            mapping: { type: "{dynamic_type}", meta: { was: "{name}" } },
          },
        },
        { words: { match_mapping_type: "string", mapping: { type: "keyword" } } },
      ],
    });
    const { properties } = grownBy(start, { source_ip: "10.0.0.1", labels: { a: 1, n: 2 }, n12: 3, other: "x" }).json();
    expect(properties).toEqual({
      labels: { properties: { a: { type: "keyword" }, n: { type: "long" } } },
      n12: { type: "long", meta: { was: "n12" } },
      other: { type: "keyword" },
      source_ip: { type: "ip" },
    });
  });

  it("may come from a template for all types, of which an object takes what objects have", () => {
    const start = mapping({ dynamic_templates: [{ texts: { match: "*", mapping: { norms: false } } }] });
    expect(grownBy(start, { tag: { host: "a" } }).json()["properties"]).toEqual({
      tag: { properties: { host: { type: "text", norms: false } } },
    });
  });

  it("are passed over with dynamic false, and refused with strict", () => {
    const loose = mapping({ dynamic: "false", properties: { a: { type: "long" } } });
    expect(loose.take({ a: 1, b: 2 }, () => ({})).values).toEqual({ a: [1] });
    const tight = mapping({ properties: { a: { dynamic: "strict", properties: { b: { type: "long" } } } } });
    expect(errorOf(() => grownBy(tight, { a: { c: 1 } }))).toMatchObject({
      type: "strict_dynamic_mapping_exception",
      reason: "mapping set to strict, dynamic introduction of [c] within [a] is not allowed",
    });
  });

  it("are refused beyond the limit of fields, of which multi-fields are some", () => {
    const full = grownBy(mapping({}, { totalFields: 4 }), { a: "x", b: "y" });
    const { type, reason, caused_by: cause } = errorOf(() => grownBy(full, { c: 1 }));
    expect(type).toBe("document_parsing_exception");
    expect(cause).toEqual({
      type: "illegal_argument_exception",
      reason: "Limit of total fields [4] has been exceeded while adding new fields [1]",
    });
    expect(reason).toBe(`failed to parse: ${cause?.reason}`);
    expect(grownBy(mapping({}, { totalFields: 4, ignoreBeyond: true }), { a: "x", b: "y", c: 1 }).json()).toEqual(
      full.json(),
    );
  });

  it("are refused within a field that is no object, and the other way round", () => {
    const flat = grownBy(mapping(), { a: "x" });
    expect(errorOf(() => grownBy(flat, { "a.b": 1 })).reason).toContain(
      "failed to parse field [a] of type [text]. Preview of field's value: '{b=1}'",
    );
    expect(errorOf(() => grownBy(flat, { a: { b: 1 } })).reason).toContain("failed to parse field [a] of type [text]");
    const object = grownBy(mapping(), { a: { b: 1 } });
    expect(errorOf(() => grownBy(object, { a: 1 })).reason).toBe(
      "object mapping for [a] tried to parse field [a] as object, but found a concrete value",
    );
  });

  it("cannot have the names of metadata, nor __proto__, nor be beyond 20 levels", () => {
    expect(errorOf(() => grownBy(mapping(), { _id: "x" })).caused_by?.reason).toContain(
      "Field [_id] is a metadata field",
    );
    expect(errorOf(() => grownBy(mapping(), JSON.parse('{"__proto__": 1}'))).reason).toContain("[__proto__]");
    const deep = Array.from({ length: 25 }).reduce<Json>((inner) => ({ x: inner }), 1) as JsonObject;
    expect(errorOf(() => grownBy(mapping(), deep)).reason).toContain("Limit of mapping depth [20] has been exceeded");
  });

  it("leave malformed values of a field that ignores them out, and refuse others in Elasticsearch's words", () => {
    const start = mapping({ properties: { n: { type: "long" }, m: { type: "long", ignore_malformed: true } } });
    expect(start.take({ n: "12", m: "x" }, () => ({})).values).toEqual({ n: [12] });
    expect(errorOf(() => start.take({ n: "x" }, () => ({})))).toMatchObject({
      type: "document_parsing_exception",
      reason: "failed to parse field [n] of type [long]. Preview of field's value: 'x'",
      caused_by: { type: "illegal_argument_exception", reason: 'For input string: "x"' },
    });
  });

  it("fix the value of a constant_keyword by the first document", () => {
    const first = grownBy(mapping({ properties: { c: { type: "constant_keyword" } } }), { c: "one" });
    expect(first.json()).toEqual({ properties: { c: { type: "constant_keyword", value: "one" } } });
    expect(errorOf(() => grownBy(first, { c: "two" })).caused_by?.reason).toContain("but got [two]");
  });
});

describe("changing a mapping", () => {
  const start = mapping({ properties: { a: { type: "keyword" }, o: { properties: { x: { type: "long" } } } } });

  it("adds fields, multi-fields and what may be changed", () => {
    const update = {
      properties: { a: { type: "keyword", ignore_above: 10, fields: { t: { type: "text" } } }, "o.y": { type: "ip" } },
    };
    expect(start.merged(update).json()).toEqual({
      properties: {
        a: update.properties.a,
        o: { properties: { x: { type: "long" }, y: { type: "ip" } } },
      },
    });
  });

  it.each([
    [{ a: { type: "text" } }, "mapper [a] cannot be changed from type [keyword] to [text]"],
    [{ o: { type: "keyword" } }, "can't merge a non object mapping [o] with an object mapping"],
    [{ a: { properties: { x: { type: "long" } } } }, "can't merge a non object mapping [a] with an object mapping"],
    [{ o: { type: "nested" } }, "can't merge a non-nested mapping [o] with a nested mapping"],
    [{ o: { enabled: false } }, "the [enabled] parameter can't be updated for the object mapping [o]"],
    [
      { a: { type: "keyword", null_value: "x" } },
      "Mapper for [a] conflicts with existing mapper:\n\tCannot update parameter [null_value] from [null] to [x]",
    ],
  ] satisfies [JsonObject, string][])("refuses %j", (properties, reason) => {
    expect(errorOf(() => start.merged({ properties }))).toMatchObject({ type: "illegal_argument_exception", reason });
  });
});

describe("mappings of templates", () => {
  it("are joined in their order: fields replaced, objects joined, dynamic templates by name", () => {
    const template = (name: string, type: string) => ({ [name]: { match: name, mapping: { type } } });
    expect(
      composedMappings([
        {
          properties: { "a.b": { type: "keyword" }, c: { type: "long" } },
          dynamic_templates: [template("x", "ip"), template("y", "ip")],
        },
        {
          dynamic: "false",
          properties: { a: { properties: { d: { type: "ip" } } }, c: { type: "double" } },
          dynamic_templates: [template("x", "long")],
        },
      ]),
    ).toEqual({
      dynamic: "false",
      properties: { a: { properties: { b: { type: "keyword" }, d: { type: "ip" } } }, c: { type: "double" } },
      dynamic_templates: [template("x", "long"), template("y", "ip")],
    });
  });
});

describe("what Beats send", () => {
  const samples = ["metricbeat", "packetbeat", "filebeat"].flatMap((beat) => {
    const file = fileURLToPath(new URL(`../../../../test/data/beats-samples/${beat}.jsonl`, import.meta.url));
    const lines = readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as JsonObject);
  });

  it("has ECS's types in a data stream, and fits one mapping whatever comes first", () => {
    const types = new Map<string, string>();
    for (const order of [samples, [...samples].reverse()]) {
      const whole = grownBy(
        createIndexMapping(ecsMapping(), { ...LIMITS, totalFields: 10_000, defaults: { ignoreMalformed: true } }),
        ...order,
      );
      for (const [name, { type, unsearched }] of whole.search) types.set(name, unsearched ?? type);
      expect(grownBy(whole, ...samples)).toBe(whole);
    }
    expect(Object.fromEntries(types)).toMatchObject({
      "@timestamp": "date",
      message: "match_only_text",
      "host.name": "keyword",
      "source.ip": "ip",
      "event.duration": "long",
      "system.cpu.total.pct": "scaled_float",
      "url.path": "wildcard",
      "network.bytes": "long",
    });
  });
});
