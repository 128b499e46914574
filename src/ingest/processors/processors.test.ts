import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../document/json.ts";
import { createPipelines, type IngestResult } from "../pipelines.ts";

const NOW = "2026-11-28T12:00:00.000Z";

/** Runs one processor on a document. */
function through(processor: JsonObject, source: JsonObject): IngestResult {
  const pipelines = createPipelines({ nowUs: () => Date.parse(NOW) * 1000 });
  pipelines.put("p", { processors: [processor] });
  return pipelines.run({ source, meta: { _index: "logs-app-default" } }, ["p"]);
}
function made(processor: JsonObject, source: JsonObject): unknown {
  const result = through(processor, source);
  return result.kind === "document" ? result.source : result.kind === "failed" ? result.error.reason : result.kind;
}
const refusal = (processor: JsonObject): unknown => {
  try {
    createPipelines({ nowUs: () => 0 }).put("p", { processors: [processor] });
    return undefined;
  } catch (error) {
    return error instanceof Error && "details" in error ? error.details : error;
  }
};

type Case = [words: string, processor: JsonObject, source: JsonObject, expected: unknown];

describe("processors", () => {
  test.each<Case>([
    ["set a value", { set: { field: "a.b", value: { n: 1 } } }, {}, { a: { b: { n: 1 } } }],
    [
      "set by template",
      { set: { field: "x", value: "{{{a}}}-{{{l.0}}}" } },
      { a: 1, l: ["z"] },
      { a: 1, l: ["z"], x: "1-z" },
    ],
    ["set within a value", { set: { field: "x", value: { y: ["{{{a}}}"] } } }, { a: 1 }, { a: 1, x: { y: ["1"] } }],
    ["set into a templated field", { set: { field: "{{{a}}}", value: 1 } }, { a: "x.y" }, { a: "x.y", x: { y: 1 } }],
    ["set a copy", { set: { field: "b", copy_from: "a" } }, { a: { c: [1] } }, { a: { c: [1] }, b: { c: [1] } }],
    ["set what is missing alone", { set: { field: "a", value: 2, override: false } }, { a: 1 }, { a: 1 }],
    ["set over null without override", { set: { field: "a", value: 2, override: false } }, { a: null }, { a: 2 }],
    ["set no empty value", { set: { field: "a", value: "{{{no}}}", ignore_empty_value: true } }, { a: 1 }, { a: 1 }],
    ["set escaped for JSON", { set: { field: "b", value: "{{a}}" } }, { a: 'x"y' }, { a: 'x"y', b: 'x\\"y' }],
    [
      "set unescaped as plain text",
      { set: { field: "b", value: "{{a}}", media_type: "text/plain" } },
      { a: 'x"y' },
      { a: 'x"y', b: 'x"y' },
    ],
    [
      "set no copy of what is missing",
      { set: { field: "b", copy_from: "no" } },
      {},
      "field [no] not present as part of path [no]",
    ],
    ["remove", { remove: { field: ["a", "b.c"] } }, { a: 1, b: { c: 1, d: 2 } }, { b: { d: 2 } }],
    ["remove a missing one", { remove: { field: "x" } }, {}, "field [x] not present as part of path [x]"],
    ["remove a missing one that may be", { remove: { field: "x", ignore_missing: true } }, { a: 1 }, { a: 1 }],
    [
      "remove all but some",
      { remove: { keep: ["a", "b.c"] } },
      { a: { x: 1 }, b: { c: 1, d: 2 }, e: 1 },
      { a: { x: 1 }, b: { c: 1 } },
    ],
    ["rename", { rename: { field: "a.b", target_field: "c.d" } }, { a: { b: 1 } }, { a: {}, c: { d: 1 } }],
    ["rename a missing one", { rename: { field: "a", target_field: "b" } }, {}, "field [a] doesn't exist"],
    ["rename over another", { rename: { field: "a", target_field: "b" } }, { a: 1, b: 2 }, "field [b] already exists"],
    ["rename and override", { rename: { field: "a", target_field: "b", override: true } }, { a: 1, b: 2 }, { b: 1 }],
    ["append", { append: { field: "t", value: ["b", "{{{x}}}"] } }, { t: "a", x: "c" }, { t: ["a", "b", "c"], x: "c" }],
    [
      "append no duplicates",
      { append: { field: "t", value: ["a", "b"], allow_duplicates: false } },
      { t: ["a"] },
      { t: ["a", "b"] },
    ],
    ["convert integer", { convert: { field: "a", type: "integer" } }, { a: ["1", "-2", "0x10"] }, { a: [1, -2, 16] }],
    [
      "convert integer that is none",
      { convert: { field: "a", type: "integer" } },
      { a: "1.5" },
      "unable to convert [1.5] to integer",
    ],
    [
      "convert integer too large",
      { convert: { field: "a", type: "integer" } },
      { a: "3000000000" },
      "unable to convert [3000000000] to integer",
    ],
    ["convert long", { convert: { field: "a", type: "long" } }, { a: "3000000000" }, { a: 3000000000 }],
    [
      "convert long beyond numbers",
      { convert: { field: "a", type: "long" } },
      { a: "9223372036854775807" },
      { a: "9223372036854775807" },
    ],
    ["convert double", { convert: { field: "a", type: "double" } }, { a: "1e-3" }, { a: 0.001 }],
    [
      "convert boolean",
      { convert: { field: "a", type: "boolean", target_field: "b" } },
      { a: "TRUE" },
      { a: "TRUE", b: true },
    ],
    [
      "convert what is no boolean",
      { convert: { field: "a", type: "boolean" } },
      { a: "yes" },
      "[yes] is not a boolean value, cannot convert to boolean",
    ],
    ["convert string", { convert: { field: "a", type: "string" } }, { a: 1 }, { a: "1" }],
    ["convert ip", { convert: { field: "a", type: "ip" } }, { a: "::1" }, { a: "::1" }],
    [
      "convert what is no ip",
      { convert: { field: "a", type: "ip" } },
      { a: "1.2.3" },
      "'1.2.3' is not an IP string literal.",
    ],
    [
      "convert auto",
      { convert: { field: "a", type: "auto" } },
      { a: ["1", "1.5", "true", "x"] },
      { a: [1, 1.5, true, "x"] },
    ],
    [
      "convert null",
      { convert: { field: "a", type: "long" } },
      { a: null },
      "Field [a] is null, cannot be converted to type [long]",
    ],
    ["lowercase", { lowercase: { field: "a" } }, { a: ["A", "É"] }, { a: ["a", "é"] }],
    ["uppercase", { uppercase: { field: "a", target_field: "b" } }, { a: "x" }, { a: "x", b: "X" }],
    ["trim", { trim: { field: "a" } }, { a: "  x\t" }, { a: "x" }],
    [
      "trim a number",
      { trim: { field: "a" } },
      { a: 1 },
      "field [a] of type [java.lang.Integer] cannot be cast to [java.lang.String]",
    ],
    [
      "gsub",
      { gsub: { field: "a", pattern: "\\x1b\\[[0-9;]*m", replacement: "" } },
      { a: "\u001b[32mINFO\u001b[0m x" },
      { a: "INFO x" },
    ],
    [
      "gsub with groups",
      { gsub: { field: "a", pattern: "(\\d+),(\\d+)", replacement: "$2.$1" } },
      { a: "1,2" },
      { a: "2.1" },
    ],
    ["split", { split: { field: "a", separator: "\\s*,\\s*" } }, { a: "x , y,z,," }, { a: ["x", "y", "z"] }],
    [
      "split and keep",
      { split: { field: "a", separator: ",", preserve_trailing: true } },
      { a: "x,," },
      { a: ["x", "", ""] },
    ],
    ["join", { join: { field: "a", separator: "-" } }, { a: [1, "b", true] }, { a: "1-b-true" }],
    [
      "kv",
      { kv: { field: "m", field_split: " ", value_split: "=", target_field: "f" } },
      { m: "a=1 b=x=y a=2" },
      { m: "a=1 b=x=y a=2", f: { a: ["1", "2"], b: "x=y" } },
    ],
    [
      "kv with words between",
      {
        kv: {
          field: "m",
          field_split: "\\s+(?=\\w+=)",
          value_split: "=",
          strip_brackets: true,
          include_keys: ["err", "n"],
        },
      },
      { m: 'x=1 err="no more peers" n=2' },
      { m: 'x=1 err="no more peers" n=2', err: "no more peers", n: "2" },
    ],
    [
      "kv with trims and a prefix",
      {
        kv: {
          field: "m",
          field_split: ",",
          value_split: ":",
          trim_key: " ",
          trim_value: ' "',
          prefix: "p_",
          exclude_keys: ["z"],
        },
      },
      { m: 'a : "1", z:2' },
      { m: 'a : "1", z:2', p_a: "1" },
    ],
    [
      "kv without a value",
      { kv: { field: "m", field_split: " ", value_split: "=" } },
      { m: "a" },
      "field [m] does not contain value_split [=]",
    ],
    [
      "json",
      { json: { field: "m", target_field: "j" } },
      { m: '{"a":[1,{"b":12345678901234567890}]}' },
      { m: '{"a":[1,{"b":12345678901234567890}]}', j: { a: [1, { b: "12345678901234567890" }] } },
    ],
    ["json in its place", { json: { field: "m" } }, { m: "[1]" }, { m: [1] }],
    [
      "json into the root",
      { json: { field: "m", add_to_root: true } },
      { m: '{"a":{"x":1}}', a: { y: 2 } },
      { m: '{"a":{"x":1}}', a: { x: 1 } },
    ],
    [
      "json merged",
      { json: { field: "m", add_to_root: true, add_to_root_conflict_strategy: "merge" } },
      { m: '{"a":{"x":1}}', a: { y: 2 } },
      { m: '{"a":{"x":1}}', a: { y: 2, x: 1 } },
    ],
    [
      "json of no object into the root",
      { json: { field: "m", add_to_root: true } },
      { m: "1" },
      "cannot add non-map fields to root of document",
    ],
    [
      "json with the prototype",
      { json: { field: "m", add_to_root: true } },
      { m: '{"__proto__":{"x":1}}' },
      "field name [__proto__] is not allowed",
    ],
    [
      "dissect",
      { dissect: { field: "m", pattern: "%{a.b} [%{+t}]%{+t}", append_separator: "/" } },
      { m: "1 [2]3" },
      { m: "1 [2]3", a: { b: "1" }, t: "2/3" },
    ],
    [
      "grok",
      { grok: { field: "m", patterns: ["nothing", "%{INT:a.n:int} %{MINE:b}"], pattern_definitions: { MINE: "x+" } } },
      { m: "7 xx" },
      { m: "7 xx", a: { n: 7 }, b: "xx" },
    ],
    [
      "grok without a match",
      { grok: { field: "m", patterns: ["%{INT}"] } },
      { m: "none" },
      "Provided Grok expressions do not match field value: [none]",
    ],
    [
      "date",
      { date: { field: "t", formats: ["UNIX", "ISO8601"] } },
      { t: "2026-11-28T10:00:00+02:00" },
      { t: "2026-11-28T10:00:00+02:00", "@timestamp": "2026-11-28T08:00:00.000Z" },
    ],
    [
      "date in a zone",
      { date: { field: "t", formats: ["yyyy-MM-dd HH:mm"], timezone: "{{{z}}}", target_field: "d" } },
      { t: "2026-07-01 10:00", z: "Europe/Vienna" },
      { t: "2026-07-01 10:00", z: "Europe/Vienna", d: "2026-07-01T10:00:00.000+02:00" },
    ],
    [
      "date in another form",
      { date: { field: "t", formats: ["UNIX_MS"], output_format: "yyyy/MM/dd", target_field: "d" } },
      { t: 0 },
      { t: 0, d: "1970/01/01" },
    ],
    [
      "date without a year",
      { date: { field: "t", formats: ["MMM dd HH:mm:ss"] } },
      { t: "Dec 01 10:00:00" },
      { t: "Dec 01 10:00:00", "@timestamp": "2025-12-01T10:00:00.000Z" },
    ],
    ["date that is none", { date: { field: "t", formats: ["ISO8601"] } }, { t: "soon" }, "unable to parse date [soon]"],
    ["drop", { drop: {} }, {}, "dropped"],
    ["drop under a condition", { drop: { if: "ctx.level == 'debug'" } }, { level: "info" }, { level: "info" }],
    ["fail", { fail: { message: "no {{{a}}}" } }, { a: "b" }, "no b"],
    [
      "foreach of a list",
      { foreach: { field: "l", processor: { uppercase: { field: "_ingest._value" } } } },
      { l: ["a", "b"] },
      { l: ["A", "B"] },
    ],
    [
      "foreach of objects",
      { foreach: { field: "l", processor: { remove: { field: "_ingest._value.x" } } } },
      { l: [{ x: 1, y: 2 }] },
      { l: [{ y: 2 }] },
    ],
    [
      "foreach of members",
      { foreach: { field: "o", processor: { set: { field: "_ingest._key", value: "k-{{{_ingest._key}}}" } } } },
      { o: { a: 1 } },
      { o: { "k-a": 1 } },
    ],
    [
      "foreach in foreach",
      {
        foreach: {
          field: "l",
          processor: { foreach: { field: "_ingest._value", processor: { trim: { field: "_ingest._value" } } } },
        },
      },
      { l: [[" a"], ["b "]] },
      { l: [["a"], ["b"]] },
    ],
  ])("%s", (_, processor, source, expected) => {
    expect(made(processor, source)).toEqual(expected);
  });

  test.each([
    [{ set: { value: 1 } }, "[field] required property is missing", "field"],
    [{ set: { field: "a" } }, "[value] required property is missing", "value"],
    [{ set: { field: 1, value: 1 } }, "[field] property isn't a string, but of type [java.lang.Integer]", "field"],
    [
      { set: { field: "a", value: 1, override: "yes" } },
      "[override] property isn't a boolean, but of type [java.lang.String]",
      "override",
    ],
    [{ set: { field: "a", value: "{{#a}}x{{/a}}" } }, "[value] [{{#a}}] is not supported in a template", "value"],
    [
      { set: { field: "a", value: 1, nonsense: 1, more: 2 } },
      "processor [set] doesn't support one or more provided configuration parameters [nonsense, more]",
      undefined,
    ],
    [{ convert: { field: "a", type: "date" } }, "[type] type [date] not supported, cannot convert field.", "type"],
    [{ grok: { field: "a", patterns: [] } }, "[patterns] List of patterns must not be empty", "patterns"],
    [
      { grok: { field: "a", patterns: ["%{NOPE}"] } },
      "[patterns] Invalid regex pattern found in: [%{NOPE}]. Unable to find pattern [NOPE] in Grok's pattern dictionary",
      "patterns",
    ],
    [
      { gsub: { field: "a", pattern: "(", replacement: "" } },
      expect.stringContaining("[pattern] Invalid regex pattern. The regular expression [(]"),
      "pattern",
    ],
    [{ date: { field: "a", formats: ["QQQ"] } }, expect.stringContaining("Unknown pattern letter: Q"), "formats"],
    [
      { date: { field: "a", formats: ["ISO8601"], timezone: "Mars" } },
      "[timezone] Unknown time-zone ID: Mars",
      "timezone",
    ],
    [
      { date: { field: "a", formats: ["ISO8601"], locale: "de" } },
      "[locale] locale [de] is not supported, English is",
      "locale",
    ],
    [{ drop: { if: "ctx.a = 1" } }, expect.stringContaining("[if] [if] may not have"), "if"],
    [{ foreach: { field: "a", processor: { set: {} } } }, "[field] required property is missing", "field"],
    [{ foreach: { field: "a", processor: {} } }, "[processor] Must specify exactly one processor type", "processor"],
    [{ script: { source: "ctx.a = 1" } }, expect.stringContaining("processor [script] is not supported"), undefined],
    [{ geoip: { field: "a" } }, expect.stringContaining("processor [geoip] is not supported"), undefined],
    [{ user_agent: { field: "a" } }, expect.stringContaining("processor [user_agent] is not supported"), undefined],
    [{ nosuch: {} }, "No processor type exists with name [nosuch]", undefined],
    [{ constructor: {} }, "No processor type exists with name [constructor]", undefined],
  ])("%j is refused with Elasticsearch's error", (processor, reason, property) => {
    const [asked = ""] = Object.keys(processor);
    const type = asked === "foreach" && property === "field" ? "set" : asked;
    const cause = {
      type: "parse_exception",
      reason,
      processor_type: type,
      ...(property === undefined ? {} : { property_name: property }),
    };
    expect(refusal(processor as JsonObject)).toEqual({ error: { root_cause: [cause], ...cause }, status: 400 });
  });

  test("no text can cost a grok or gsub more than its bound", () => {
    const text = `${"a".repeat(20_000)}!`;
    const result = through({ grok: { field: "m", patterns: ["^(\\w+\\s?)*$"] } }, { m: text });
    expect(result).toMatchObject({ kind: "failed", error: { reason: expect.stringContaining("more steps") } });
    const grown = through({ gsub: { field: "m", pattern: "a", replacement: "b".repeat(1000) } }, { m: text });
    expect(grown).toMatchObject({ kind: "failed", error: { reason: expect.stringContaining("gsub made more") } });
  });

  test("kv takes apart what was joined", () => {
    const key = fc.stringMatching(/^[a-z]{1,6}$/);
    const value = fc.stringMatching(/^[A-Z0-9.]{1,6}$/);
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1, maxKeys: 8 }), (pairs) => {
        const m = Object.entries(pairs)
          .map(([name, text]) => `${name}=${text}`)
          .join(" ");
        const result = made({ kv: { field: "m", field_split: " ", value_split: "=", target_field: "f" } }, { m });
        expect(result).toEqual({ m, f: pairs });
      }),
    );
  });
});
