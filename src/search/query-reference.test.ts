import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Json } from "../events/document.ts";
import type { QueryBody } from "./request.ts";
import { createSearchRig, mappingOf, type SearchRig } from "./search-rig.ts";
import { analyze } from "./text/standard-analyzer.ts";

const WORDS = ["alpha", "beta", "gamma", "be"];
const mapping = mappingOf({
  properties: {
    number: { type: "long" },
    ratio: { type: "double" },
    flag: { type: "boolean" },
    word: { type: "keyword", fields: { text: { type: "text" } } },
    text: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 12 }, again: { type: "text" } } },
    deep: { properties: { word: { type: "keyword" } } },
    parts: { type: "nested", properties: { name: { type: "keyword" }, size: { type: "long" } } },
  },
});

type Source = { [key: string]: Json };

/** Documents with every mixture of missing, single and several values, nested and with dotted names. */
const sources: Source[] = Array.from({ length: 200 }, (_, i) => ({
  "@timestamp": new Date(Date.parse("2026-11-20T00:00:00Z") + i * 1_000_000).toISOString(),
  ...(i % 4 === 0 ? {} : { number: i % 4 === 1 ? i % 9 : [i % 9, -(i % 5)] }),
  ...(i % 3 === 0 ? { ratio: (i % 7) / 4 } : i % 3 === 1 ? { ratio: null } : {}),
  ...(i % 5 < 2 ? { flag: i % 5 === 0 } : {}),
  ...(i % 6 === 0 ? {} : { word: i % 6 < 4 ? (WORDS[i % 4] as string) : [] }),
  ...(i % 7 === 0 ? {} : { text: textOf(i) }),
  ...(i % 2 === 0 ? { deep: { word: WORDS[i % 3] as string } } : { "deep.word": [WORDS[i % 4] as string, "beta"] }),
  ...(i % 8 === 0 ? { parts: [0, 1].map((k) => ({ name: WORDS[(i + k) % 4] as string, size: (i % 16) + k })) } : {}),
}));

function textOf(i: number): Json {
  const sentence = [WORDS[i % 4], WORDS[(i + 1) % 3], WORDS[i % 3]].join(i % 2 === 0 ? " " : ", ");
  return i % 5 === 0 ? [sentence, `Beta ${WORDS[i % 4]}`] : i % 11 === 0 ? "" : sentence.toUpperCase();
}

function valuesOf(source: Source, field: string): (string | number | boolean)[] {
  const nested = field.split(".").reduce<Json | undefined>((at, key) => (at as Source | undefined)?.[key], source);
  const value = source[field] ?? nested;
  const list = (Array.isArray(value) ? value : [value]) as (string | number | boolean | null | undefined)[];
  const held = list.filter((item) => item !== null && item !== undefined);
  return field === "text.keyword" ? held.filter((item) => String(item).length <= 12) : held;
}

/** What a clause by term looks at: words of a text, values of the rest. */
function termsOf(source: Source, field: string): (string | number | boolean)[] {
  if (field === "text.keyword") return valuesOf({ "text.keyword": source["text"] ?? null }, field);
  if (field === "word.text") return valuesOf(source, "word").flatMap((text) => analyze(String(text)));
  return field.startsWith("text")
    ? valuesOf(source, "text").flatMap((text) => analyze(String(text)))
    : valuesOf(source, field);
}

function matches(query: QueryBody, source: Source): boolean {
  const [[kind, body] = ["", {}]] = Object.entries(query) as [string, Record<string, unknown>][];
  const [[field, given] = ["", undefined]] = Object.entries(body);
  const held = () => termsOf(source, field);
  switch (kind) {
    case "match_all":
      return true;
    case "term":
      return held().includes(given as string);
    case "terms":
      return held().some((item) => (given as unknown[]).includes(item));
    case "prefix":
      return held().some((item) => String(item).startsWith(given as string));
    case "wildcard": {
      const pattern = String(given).replaceAll("*", ".*").replaceAll("?", ".");
      return held().some((item) => new RegExp(`^${pattern}$`, "su").test(String(item)));
    }
    case "regexp":
      return held().some((item) => new RegExp(`^(?:${given})$`, "su").test(String(item)));
    case "exists":
      return given === "deep" ? valuesOf(source, "deep.word").length > 0 : valuesOf(source, given as string).length > 0;
    case "range": {
      const { gte, lt } = given as { gte: string | number; lt: string | number };
      return held().some((item) => (item as string) >= gte && (item as string) < lt);
    }
    case "match": {
      const { query: text, operator } = given as { query: string; operator: string };
      const wanted = analyze(text);
      if (wanted.length === 0) return false;
      const found = (word: string) => held().includes(word);
      return operator === "and" ? wanted.every(found) : wanted.some(found);
    }
    case "match_phrase": {
      const wanted = analyze(given as string);
      const inOne = (words: string[]) => words.some((_, at) => wanted.every((word, i) => words[at + i] === word));
      return wanted.length > 0 && valuesOf(source, field).some((text) => inOne(analyze(String(text))));
    }
    case "nested": {
      const objects = (source["parts"] ?? []) as unknown as { name: string; size: number }[];
      const { query: inner } = body as { query: QueryBody };
      return objects.some((object) => matches(inner, { "parts.name": object.name, "parts.size": object.size }));
    }
    default: {
      const { filter = [], must_not = [], should = [] } = body as Record<string, QueryBody[]>;
      const asked = (body as { minimum_should_match?: number }).minimum_should_match;
      const count = should.filter((clause) => matches(clause, source)).length;
      const least = should.length === 0 ? 0 : Math.max(1, asked ?? 1);
      const needed = filter.length > 0 ? (asked ?? 0) : least;
      return (
        filter.every((clause) => matches(clause, source)) &&
        !must_not.some((clause) => matches(clause, source)) &&
        count >= needed
      );
    }
  }
}

const word = fc.constantFrom(...WORDS, "zeta");
const number = fc.integer({ min: -6, max: 10 });
const textual = fc.constantFrom("word", "text", "text.again", "word.text", "deep.word", "text.keyword", "absent");
const phrase = fc
  .array(fc.oneof(word, fc.constantFrom("Beta", "be-ta", "!")), { maxLength: 3 })
  .map((words) => words.join(" "));
const pattern = fc.string({ unit: fc.constantFrom("a", "b", "e", "l", "*", "?"), minLength: 1, maxLength: 6 });
const expression = fc
  .array(fc.constantFrom("a", "b", "e", ".", ".*", "[a-g]", "(al|be)", "t?", "m{2}", "[^b]+"), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(""));
const inNested: fc.Arbitrary<QueryBody> = fc.record({
  bool: fc.record({
    filter: fc.tuple(
      word.map((value) => ({ term: { "parts.name": value } })),
      fc.tuple(number, number).map(([gte, lt]) => ({ range: { "parts.size": { gte, lt: lt + 5 } } })),
    ),
  }),
});
const leaf: fc.Arbitrary<QueryBody> = fc.oneof(
  fc.constant({ match_all: {} }),
  fc.tuple(textual, word).map(([field, value]) => ({ term: { [field]: value } })),
  fc.tuple(textual, fc.array(word, { maxLength: 3 })).map(([field, values]) => ({ terms: { [field]: values } })),
  fc.array(number, { maxLength: 4 }).map((values) => ({ terms: { number: values } })),
  fc.boolean().map((value) => ({ term: { flag: value } })),
  fc.tuple(textual, fc.constantFrom("a", "be", "Beta", "")).map(([field, value]) => ({ prefix: { [field]: value } })),
  fc.tuple(textual, pattern).map(([field, value]) => ({ wildcard: { [field]: value } })),
  fc.tuple(textual, expression).map(([field, value]) => ({ regexp: { [field]: value } })),
  fc.constantFrom("number", "ratio", "flag", "word", "text", "deep", "absent").map((field) => ({ exists: { field } })),
  fc.tuple(number, number).map(([gte, lt]) => ({ range: { number: { gte, lt } } })),
  fc.tuple(number, number).map(([gte, lt]) => ({ range: { ratio: { gte: gte / 4, lt: lt / 4 } } })),
  fc.tuple(textual, word, word).map(([field, gte, lt]) => ({ range: { [field]: { gte, lt } } })),
  fc.tuple(phrase, fc.constantFrom("and", "or")).map(([query, operator]) => ({ match: { text: { query, operator } } })),
  phrase.map((query) => ({ match_phrase: { text: query } })),
  inNested.map((query) => ({ nested: { path: "parts", query } })),
);
const { query } = fc.letrec<{ query: QueryBody }>((tie) => {
  const clauses = fc.array(tie("query"), { maxLength: 3 });
  const parts = {
    filter: clauses,
    must_not: clauses,
    should: clauses,
    minimum_should_match: fc.integer({ min: 0, max: 3 }),
  };
  return {
    query: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.record(parts, { requiredKeys: [] }).map((bool) => ({ bool })),
    ),
  };
});

let rig: SearchRig;
beforeAll(async () => {
  const documents = sources.map((source, i) => ({ id: String(i), source }));
  const index = { mapping, columns: ["word", "text"], documents };
  rig = await createSearchRig({
    indices: [
      { ...index, index: "words-made" },
      { ...index, index: "words-stored", words: true },
    ],
  });
});
afterAll(() => rig.close());

test("any query finds what a plain evaluation over the documents finds, whether the words of texts are stored or not", async () => {
  await fc.assert(
    fc.asyncProperty(query, async (asked) => {
      const { hits } = await rig.search({ query: asked, size: 1000, sort: ["_doc"], _source: false });
      const expected = sources.flatMap((source, i) => (matches(asked, source) ? [String(i)] : []));
      expect(hits.hits.map(({ _id }) => _id)).toEqual([...expected, ...expected]);
    }),
    { numRuns: 200 },
  );
});
