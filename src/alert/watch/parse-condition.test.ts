import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { parseCondition } from "./parse-condition.ts";
import { RIG_NOW_MS, refusalOf, rigContext } from "./watch-rig.ts";

const place = { watchId: "w", path: "condition" };
const parse = (body: Json) => parseCondition(body, place);
const judge = (body: Json, payload: Json) => parse(body).judge(rigContext(payload), RIG_NOW_MS);

const payload: JsonObject = {
  total: 7,
  share: 0.5,
  text: "7",
  word: "warn",
  flag: true,
  nothing: null,
  at: "2026-11-28T09:57:00.000Z",
  atMs: RIG_NOW_MS - 60_000,
  limit: 7,
  object: { a: [1, 2] },
  buckets: [
    { key: "a", doc_count: 5, at: "2026-11-28T09:59:00Z" },
    { key: "b", doc_count: 25, at: "2026-11-28T09:00:00Z" },
  ],
  empty: [],
};

describe("compare", () => {
  test.each<[string, Json, boolean]>([
    ["total", { gt: 6 }, true],
    ["total", { gt: 7 }, false],
    ["total", { gte: 7 }, true],
    ["total", { lt: 7 }, false],
    ["total", { lte: 7 }, true],
    ["total", { eq: 7.0 }, true],
    ["total", { not_eq: 7 }, false],
    ["total", { GTE: 7 }, true],
    // The watch's value says what is compared: here texts are read as numbers…
    ["text", { gte: 7 }, true],
    ["text", { eq: 7 }, true],
    ["word", { gt: 1 }, false],
    ["word", { not_eq: 1 }, true],
    // … and here numbers are told as texts.
    ["total", { eq: "7" }, true],
    ["total", { lt: "8" }, true],
    ["word", { eq: "warn" }, true],
    ["word", { gt: "info" }, true],
    ["flag", { eq: true }, true],
    ["flag", { eq: "true" }, true],
    ["flag", { gt: true }, false],
    ["nothing", { eq: null }, true],
    ["absent", { eq: null }, true],
    ["absent", { not_eq: null }, false],
    ["absent", { not_eq: 5 }, true],
    ["absent", { lt: 5 }, false],
    ["object", { eq: { a: [1, 2] } }, true],
    ["object", { not_eq: { a: [2, 1] } }, true],
    ["object.a.1", { eq: 2 }, true],
    ["buckets.1.doc_count", { gt: 20 }, true],
    ["at", { gte: "<{now-5m}>" }, true],
    ["at", { gte: "<{now-2m}>" }, false],
    ["atMs", { gt: "<{now-2m}>" }, true],
    ["word", { gt: "<{now-2m}>" }, false],
    ["at", { gt: "<{2026-11-28||/d}>" }, true],
    ["total", { eq: "{{ctx.payload.limit}}" }, true],
    ["total", { gt: "{{ctx.payload.share}}" }, true],
  ])("of %s with %j is %s", (path, operator, met) => {
    expect(judge({ compare: { [`ctx.payload.${path}`]: operator } }, payload).met).toBe(met);
  });

  test("tells the values that it found", () => {
    expect(judge({ compare: { "ctx.payload.at": { gte: "<{now-5m}>" } } }, payload).body).toEqual({
      resolved_values: { "ctx.payload.at": "2026-11-28T09:57:00.000Z", "now-5m": "2026-11-28T09:55:00.000Z" },
    });
    expect(judge({ compare: { "ctx.payload.total": { eq: "{{ctx.watch_id}}" } } }, payload).body).toEqual({
      resolved_values: { "ctx.payload.total": 7, "ctx.watch_id": "w" },
    });
  });

  test("orders numbers as they are, and never finds both sides of a limit", () => {
    const number = fc.oneof(fc.integer(), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(number, number, (value, limit) => {
        const met = (operator: string) =>
          judge({ compare: { "ctx.payload.v": { [operator]: limit } } }, { v: value }).met;
        expect([met("lt"), met("eq"), met("gt")].filter(Boolean)).toHaveLength(1);
        expect(met("lte")).toBe(!met("gt"));
        expect(met("gte")).toBe(!met("lt"));
        expect(met("not_eq")).toBe(!met("eq"));
      }),
    );
  });

  test.each<[Json, string]>([
    [{ compare: {} }, "expected a field indicating the compared path, but found [] instead"],
    [{ compare: [] }, "expected an object but found [START_ARRAY] instead"],
    [
      { compare: { a: { gt: 1 }, b: { gt: 1 } } },
      "expected a field indicating the compared path, but found [a, b] instead",
    ],
    [{ compare: { a: 5 } }, "expected an object for field [a] but found [VALUE_NUMBER] instead"],
    [{ compare: { a: {} } }, "expected a field indicating the comparison operator, but found [] instead"],
    [{ compare: { a: { above: 5 } } }, "unknown comparison operator [above]"],
    [
      { compare: { a: { gt: {} } } },
      "compared value for [a] with operation [gt] must either be a numeric, string, boolean or null value, but found [START_OBJECT] instead",
    ],
    [{ compare: { a: { gt: "<{yesterday}>" } } }, "failed to parse date math [yesterday]"],
  ])("%j is refused", (body, reason) => {
    expect(refusalOf(() => parse(body))).toEqual({
      type: "parse_exception",
      reason: `could not parse [compare] condition for watch [w]. ${reason}`,
      path: "condition.compare",
    });
  });
});

describe("array_compare", () => {
  const compare = (operator: JsonObject, path = "doc_count", list = "buckets") => ({
    array_compare: { [`ctx.payload.${list}`]: { path, ...operator } },
  });

  test.each<[string, Json, boolean]>([
    ["some", compare({ gte: { value: 25 } }), true],
    ["some", compare({ gte: { value: 26, quantifier: "some" } }), false],
    ["all", compare({ gte: { value: 5, quantifier: "all" } }), true],
    ["all", compare({ gt: { value: 5, quantifier: "ALL" } }), false],
    ["some of texts", compare({ eq: { value: "b" } }, "key"), true],
    ["some of moments", compare({ gte: { value: "<{now-5m}>" } }, "at"), true],
    ["all of moments", compare({ gte: { value: "<{now-5m}>", quantifier: "all" } }, "at"), false],
    ["the elements themselves", { array_compare: { "ctx.payload.object.a": { gt: { value: 1 } } } }, true],
    ["what is missing in them", compare({ not_eq: { value: 1 } }, "absent"), false],
    ["an empty list", compare({ gte: { value: 0, quantifier: "all" } }, "x", "empty"), false],
    ["no list", compare({ gte: { value: 0, quantifier: "all" } }, "x", "absent"), false],
  ])("of %s: %j is %s", (_, body, met) => {
    expect(judge(body, payload).met).toBe(met);
  });

  test("of what is no list fails", () => {
    expect(() => judge(compare({ gt: { value: 1 } }, "x", "word"), payload)).toThrow(
      'array path ctx.payload.word did not evaluate to array, was "warn"',
    );
  });

  test.each<[JsonObject, string]>([
    [{}, "expected a field indicating the compared path or a comparison operator, but found [] instead"],
    [{ above: { value: 1 } }, "unknown comparison operator [above]"],
    [{ gt: 1 }, "expected an object for field [gt] but found [VALUE_NUMBER] instead"],
    [{ gt: { value: 1, quantifier: "most" } }, "unknown comparison quantifier [most]"],
    [
      { gt: { value: 1, than: 2 } },
      "expected a field indicating the comparison value or comparison quantifier, but found [than] instead",
    ],
  ])("%j is refused", (operator, reason) => {
    expect(refusalOf(() => parse(compare(operator)))).toMatchObject({
      reason: `could not parse [array_compare] condition for watch [w]. ${reason}`,
    });
  });
});

describe("a condition", () => {
  test("always and never are what they say", () => {
    expect([judge({ always: {} }, {}).met, judge({ never: {} }, {}).met]).toEqual([true, false]);
  });

  test("of a script has its parameters", () => {
    const source = "ctx.payload.total > params.least";
    expect(judge({ script: { source, lang: "painless", params: { least: 6 } } }, payload).met).toBe(true);
    expect(judge({ script: { inline: source, params: { least: 7 } } }, payload).met).toBe(false);
    expect(judge({ script: "return ctx.payload.total > 5" }, payload).met).toBe(true);
    expect(() => judge({ script: "ctx.payload.total" }, payload)).toThrow("Cannot cast java.lang.Integer to boolean");
  });

  test.each<[Json, string, string]>([
    [
      "always",
      "could not parse condition for watch [w]. expected an object but found [VALUE_STRING] instead",
      "condition",
    ],
    [{}, "could not parse condition for watch [w]. missing required condition type field", "condition"],
    [
      { always: {}, never: {} },
      "could not parse condition for watch [w]. expected one condition type, but found [always, never]",
      "condition",
    ],
    [
      { sometimes: {} },
      "could not parse condition for watch [w]. unknown condition type [sometimes]",
      "condition.sometimes",
    ],
    [
      { always: { a: 1 } },
      "unable to parse [always] condition for watch [w]. expected an empty object but found [START_OBJECT]",
      "condition.always",
    ],
    [{ script: { id: "mine" } }, "stored scripts are not supported, only inline ones", "condition.script.id"],
    [
      { script: { source: "1", lang: "expression" } },
      "script_lang not supported [expression]",
      "condition.script.lang",
    ],
    [
      { script: { params: {} } },
      "must specify either [source] for an inline script or [id] for a stored script",
      "condition.script",
    ],
    [{ script: { source: "true", file: "x" } }, "[script] unknown field [file]", "condition.script.file"],
  ])("%j is refused", (body, reason, path) => {
    expect(refusalOf(() => parse(body))).toMatchObject({ reason, path });
  });

  test("whose script is none is refused as Elasticsearch does", () => {
    expect(refusalOf(() => parse({ script: "ctx.payload.total >" }))).toMatchObject({
      type: "script_exception",
      reason: "compile error",
      script_stack: ["ctx.payload.total >", "                   ^---- HERE"],
      script: "ctx.payload.total >",
      lang: "painless",
      caused_by: { type: "illegal_argument_exception", reason: "unexpected end of script" },
      path: "condition.script",
    });
  });
});
