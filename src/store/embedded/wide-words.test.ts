import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { QueryBody } from "../../search/request.ts";
import { analyze } from "../../search/text/standard-analyzer.ts";
import { storedWords } from "../../search/text/stored-words.ts";
import { START_US } from "../contract-data.ts";
import type { EmbeddedStore } from "./embedded-store.ts";
import { newDirectory, openStore } from "./store-rig.ts";
import { MAX_WORDS_COLUMNS, wordsColumnName } from "./wide-columns.ts";
import { find, put, streamOf } from "./wide-rig.ts";

const PIECES = [
  "ab",
  "AB",
  "ba",
  "1",
  " ",
  " ",
  ", ",
  "_",
  ".",
  "é",
  "\u0301",
  "中",
  "İ",
  "Σ",
  "ア",
  "👩",
  "\u0001",
  "\n",
];
const plain = fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 10 });
const long = fc.string({ unit: fc.constantFrom("x", "y", "."), minLength: 250, maxLength: 600 });
const text = fc.oneof({ weight: 8, arbitrary: plain }, { weight: 1, arbitrary: long }, fc.constantFrom("", "ab ba ab"));
const singles = fc.sample(text, { numRuns: 80, seed: 1 });
const several = fc.sample(fc.array(text, { minLength: 2, maxLength: 4 }), { numRuns: 40, seed: 2 });
/** The texts of each document, of which the last one has none. */
const documents: string[][] = [...singles.map((one) => [one]), ...several, []];
const sources = documents.map((texts, n) => ({ n, ...(texts.length === 0 ? {} : { text: [...texts] }) }));

/** What a statement gives in the database of a store that is closed. */
async function runClosed(directory: string, sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(join(directory, "ethmon.duckdb"));
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRows();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

function tableOf(name: string): string {
  return `testnet."~logs-${name}-default@${new Date(START_US / 1000).toISOString().slice(0, 10)}"`;
}

const WORDS = wordsColumnName("text");

const asked: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...new Set(documents.flat().flatMap(analyze))) },
  fc.constantFrom("AB", "", "\u0001", "ab\u0001ba", "ab ba", "x".repeat(300), "nowhere"),
);
/** The last word of a text with the first one of the next: side by side nowhere but by chance. */
const spanning = several.flatMap((texts) => {
  const words = texts.map(analyze).filter((held) => held.length > 0);
  return words.slice(1).map((next, i) => `${words[i]?.at(-1)} ${next[0]}`);
});
const standing = documents.flat().flatMap((one) => analyze(one).map((_, i, all) => all.slice(i, i + 2).join(" ")));
const phrase = fc.oneof(
  fc.array(asked, { minLength: 1, maxLength: 3 }).map((words) => words.join(" ")),
  fc.constantFrom(...standing),
  fc.constantFrom(...spanning),
);
const start = fc.tuple(asked, fc.nat(3)).map(([word, length]) => [...word].slice(0, length).join(""));
const LETTERS = fc.constantFrom("a", "b", "x", ".", "1", "é", "中");

type Query = { query: QueryBody; matches: (texts: readonly string[][]) => boolean };
const some = (condition: (word: string) => boolean) => (texts: readonly string[][]) => texts.flat().some(condition);
const sideBySide = (words: readonly string[], isLast: (held: string, word: string) => boolean) => {
  const at = (held: readonly string[], from: number) =>
    words.every((word, i) => {
      const there = held[from + i];
      return there !== undefined && (i === words.length - 1 ? isLast(there, word) : there === word);
    });
  return (texts: readonly string[][]) => words.length > 0 && texts.some((held) => held.some((_, i) => at(held, i)));
};

const query: fc.Arbitrary<Query> = fc.oneof(
  asked.map((word): Query => ({ query: { term: { text: word } }, matches: some((held) => held === word) })),
  asked.map((word): Query => {
    const term = { value: word, case_insensitive: true };
    return { query: { term: { text: term } }, matches: some((held) => held === word.toLowerCase()) };
  }),
  fc.array(asked, { maxLength: 20 }).map((words): Query => {
    return { query: { terms: { text: words } }, matches: some((held) => words.includes(held)) };
  }),
  fc.tuple(phrase, fc.integer({ min: 1, max: 3 })).map(([words, needed]): Query => {
    const wanted = analyze(words);
    const enough = (texts: readonly string[][]) =>
      wanted.filter((word) => texts.flat().includes(word)).length >= needed;
    return { query: { match: { text: { query: words, minimum_should_match: needed } } }, matches: enough };
  }),
  phrase.map((words): Query => {
    const wanted = analyze(words);
    const every = (texts: readonly string[][]) =>
      wanted.length > 0 && wanted.every((word) => texts.flat().includes(word));
    return { query: { match: { text: { query: words, operator: "and" } } }, matches: every };
  }),
  {
    weight: 4,
    arbitrary: phrase.map((words): Query => {
      const matches = sideBySide(analyze(words), (held, word) => held === word);
      return { query: { match_phrase: { text: words } }, matches };
    }),
  },
  fc.tuple(phrase, start).map(([words, last]): Query => {
    const wanted = `${words} ${last}`;
    const matches = sideBySide(analyze(wanted), (held, word) => held.startsWith(word));
    return { query: { match_phrase_prefix: { text: wanted } }, matches };
  }),
  start.map(
    (value): Query => ({ query: { prefix: { text: value } }, matches: some((held) => held.startsWith(value)) }),
  ),
  LETTERS.map((letter): Query => {
    return {
      query: { wildcard: { text: `*${letter}?*` } },
      matches: some((held) => [...held].slice(0, -1).includes(letter)),
    };
  }),
  fc.constant<Query>({ query: { regexp: { text: "[a-b]*" } }, matches: some((held) => /^[ab]*$/.test(held)) }),
  fc.tuple(asked, asked).map(([gte, lt]): Query => {
    const between = (held: string) => {
      const bytes = Buffer.from(held);
      return bytes.compare(Buffer.from(gte)) >= 0 && bytes.compare(Buffer.from(lt)) < 0;
    };
    return { query: { range: { text: { gte, lt } } }, matches: some(between) };
  }),
  asked.map((word): Query => {
    const none = (texts: readonly string[][]) => !texts.flat().includes(word);
    return { query: { bool: { must_not: [{ term: { text: word } }] } }, matches: none };
  }),
  fc.constant<Query>({ query: { exists: { field: "text" } }, matches: (texts) => texts.length > 0 }),
);

test("texts are found alike whether a table holds their words or not, and where one value became several", async () => {
  const directory = newDirectory();
  const streamNamed = (name: string) => streamOf({ n: "long", text: "text" }, `logs-${name}-default`);
  const [before, after] = [sources.slice(0, singles.length), sources.slice(singles.length)];
  const first = await openStore(directory);
  for (const name of ["made", "single", "later"]) await put(first, streamNamed(name), before);
  await first.close();
  // As a table has none that was written before there were words.
  await runClosed(directory, `ALTER TABLE ${tableOf("made")} DROP COLUMN "${WORDS}"`);
  const second = await openStore(directory);
  for (const name of ["made", "later"]) await put(second, streamNamed(name), after);
  await put(second, streamNamed("list"), sources);
  await second.close();
  const sql = `SELECT table_name FROM duckdb_columns() WHERE column_name = '${WORDS}' ORDER BY 1`;
  const withWords = (await runClosed(directory, sql)).map(([name]) => `testnet."${name}"`);
  expect(withWords).toEqual(["later", "list", "single"].map(tableOf));

  const store = await openStore(directory);
  const words = documents.map((texts) => texts.map(analyze));
  await fc.assert(
    fc.asyncProperty(query, async ({ query: body, matches }) => {
      const expected = words.flatMap((texts, n) => (matches(texts) ? [n] : []));
      const found = await numbersFound(store, body);
      for (const name of ["made", "list", "later"]) expect(found(name)).toEqual(expected);
      expect(found("single")).toEqual(expected.filter((n) => n < singles.length));
    }),
    { numRuns: 80 },
  );
}, 120_000);

/** The numbers of the documents that are found, by stream. */
async function numbersFound(store: EmbeddedStore, body: QueryBody): Promise<(name: string) => number[]> {
  const { hits } = await store.search("logs-*-default", { query: body, size: 1000, sort: [{ n: "asc" }] });
  const byStream = Map.groupBy(hits.hits, ({ _index }) => _index);
  return (name) => (byStream.get(`logs-${name}-default`) ?? []).map(({ _source }) => Number(_source["n"]));
}

test("the words that are stored are what is looked at", async () => {
  const directory = newDirectory();
  const store = await openStore(directory);
  const source = { text: "Nothing of it" };
  await put(store, streamOf({ text: "text" }), [source]);
  expect(await find(store, { match: { text: "NOTHING" } })).toEqual([source]);
  await store.close();
  await runClosed(directory, `UPDATE ${tableOf("wide")} SET "${WORDS}" = '${storedWords(["Something else"])}'`);
  const again = await openStore(directory);
  expect(await find(again, { match_phrase: { text: "something else" } })).toEqual([source]);
  for (const kind of ["match", "term", "prefix", "wildcard"]) {
    expect(await find(again, { [kind]: { text: "something" } })).toEqual([source]);
    expect(await find(again, { [kind]: { text: "nothing" } })).toEqual([]);
  }
});

test("texts beyond those whose words a table holds are found, too", async () => {
  const directory = newDirectory();
  const store = await openStore(directory);
  const names = Array.from({ length: MAX_WORDS_COLUMNS + 2 }, (_, i) => `t${i}`);
  const source = Object.fromEntries(names.map((name) => [name, `Words of ${name}`]));
  await put(store, streamOf(Object.fromEntries(names.map((name) => [name, "text"]))), [source, {}]);
  await store.close();
  const again = await openStore(directory);
  for (const name of [names[0], names.at(-1)].map(String)) {
    expect(await find(again, { match_phrase: { [name]: `of ${name}` } })).toEqual([source]);
    expect(await find(again, { match_phrase: { [name]: "of words" } })).toEqual([]);
  }
});
