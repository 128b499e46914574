import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Document } from "../../events/document.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import type { QueryBody } from "../../search/request.ts";
import { EVENTS, event, testDatasets } from "../contract-data.ts";
import { createEmbeddedStore, type EmbeddedStore } from "./embedded-store.ts";

const DAY_US = 86_400_000_000;
const FIRST_US = Date.parse("2026-11-20T00:00:00Z") * 1000;
const WORDS = ["a", "ab", "b", "ba", "c"];

/** Documents with every mixture of present and missing fields over four days. */
const documents: Document[] = Array.from({ length: 300 }, (_, i) =>
  event(
    i,
    {
      ...(i % 2 === 0 ? { "test.word": WORDS[i % 5] as string } : {}),
      ...(i % 3 === 0 ? { "test.words": WORDS.slice(0, i % 4) } : {}),
      ...(i % 5 === 0 ? { "test.flag": i % 10 === 0 } : {}),
      ...(i % 7 === 0 ? { "test.ratio": i / 8 - 10 } : {}),
    },
    FIRST_US + Math.floor((i * 4 * DAY_US) / 300),
  ),
);

/** The plainest evaluation there is of the clauses that are generated below. */
function matches(query: QueryBody, document: Document): boolean {
  const [[kind, body] = ["", {}]] = Object.entries(query) as [string, Record<string, unknown>][];
  const [[field, value] = ["", undefined]] = Object.entries(body);
  const stored = field === "@timestamp" ? document.timestampUs / 1000 : document.fields[field];
  const held = (stored === undefined || stored === null ? [] : Array.isArray(stored) ? stored : [stored]) as unknown[];
  switch (kind) {
    case "term":
      return held.includes(value);
    case "terms":
      return held.some((item) => (value as unknown[]).includes(item));
    case "prefix":
      return held.some((item) => String(item).startsWith(value as string));
    case "exists": {
      const found = document.fields[value as string];
      return found !== undefined && !(Array.isArray(found) && found.length === 0);
    }
    case "range": {
      const { gte, lt } = value as { gte: number | string; lt: number | string };
      return held.some((item) => (item as number | string) >= gte && (item as number | string) < lt);
    }
    default: {
      const { filter, must_not, should, minimum_should_match } = body as Record<string, QueryBody[]> & {
        minimum_should_match?: number;
      };
      const count = (should ?? []).filter((clause) => matches(clause, document)).length;
      const least = (should ?? []).length === 0 ? 0 : Math.max(1, minimum_should_match ?? 1);
      const needed = (filter ?? []).length > 0 ? (minimum_should_match ?? 0) : least;
      return (
        (filter ?? []).every((clause) => matches(clause, document)) &&
        !(must_not ?? []).some((clause) => matches(clause, document)) &&
        count >= needed
      );
    }
  }
}

const word = fc.constantFrom(...WORDS, "zz");
const number = fc.integer({ min: -5, max: 305 });
const day = fc.integer({ min: -1, max: 5 }).map((offset) => FIRST_US / 1000 + (offset * DAY_US) / 2000);
const leaf: fc.Arbitrary<QueryBody> = fc.oneof(
  fc.tuple(fc.constantFrom("test.word", "test.words"), word).map(([field, value]) => ({ term: { [field]: value } })),
  fc.array(number, { maxLength: 5 }).map((values) => ({ terms: { "test.number": values } })),
  fc.boolean().map((value) => ({ term: { "test.flag": value } })),
  fc.tuple(fc.constantFrom("test.word", "test.words"), word).map(([field, value]) => ({ prefix: { [field]: value } })),
  fc
    .constantFrom("test.word", "test.words", "test.flag", "test.ratio", "absent")
    .map((field) => ({ exists: { field } })),
  fc.tuple(number, number).map(([gte, lt]) => ({ range: { "test.number": { gte, lt } } })),
  fc.tuple(number, number).map(([gte, lt]) => ({ range: { "test.ratio": { gte: gte / 10, lt: lt / 10 } } })),
  fc.tuple(word, word).map(([gte, lt]) => ({ range: { "test.words": { gte, lt } } })),
  fc.tuple(day, day).map(([gte, lt]) => ({ range: { "@timestamp": { gte, lt } } })),
);
const { query } = fc.letrec<{ query: QueryBody }>((tie) => {
  const clauses = fc.array(tie("query"), { maxLength: 3 });
  return {
    query: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc
        .record(
          { filter: clauses, must_not: clauses, should: clauses, minimum_should_match: fc.integer({ min: 0, max: 3 }) },
          { requiredKeys: [] },
        )
        .map((bool) => ({ bool })),
    ),
  };
});

let store: EmbeddedStore;
const directory = mkdtempSync(join(tmpdir(), "ethmon-reference-"));
beforeAll(async () => {
  const options = { directory, network: "testnet", datasets: testDatasets, clock: systemClock(), log: silentLog };
  store = await createEmbeddedStore(options);
  await store.append(documents);
  await store.settled();
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

test("any query finds what a plain evaluation over the documents finds", async () => {
  await fc.assert(
    fc.asyncProperty(query, async (asked) => {
      const { hits } = await store.search(EVENTS, { query: asked, size: 1000, sort: ["_seq"] });
      const found = hits.hits.map(({ _source }) => (_source["test"] as { number: number }).number);
      const expected = documents
        .filter((document) => matches(asked, document))
        .map(({ fields }) => fields["test.number"]);
      expect(found).toEqual(expected);
      expect(hits.total).toEqual({ value: expected.length, relation: "eq" });
    }),
    { numRuns: 300 },
  );
});
