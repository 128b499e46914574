import { DuckDBInstance, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSqlValues } from "../sql-values.ts";
import { holdsPhrase, holdsWords } from "./match-terms.ts";
import { analyze } from "./standard-analyzer.ts";
import { storedWords } from "./stored-words.ts";

const PIECES = [
  "ab",
  "cd",
  "1",
  "AB",
  "é",
  "\u0301",
  ".",
  "_",
  "'",
  ":",
  ",",
  " ",
  " ",
  "\n",
  "-",
  "(",
  "]",
  "#",
  "\u200d",
];

/** Which of the texts the condition finds. */
async function found(texts: readonly string[], sql: string, values: readonly string[]): Promise<boolean[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const table = `SELECT unnest($${values.length + 1}) AS text, unnest($${values.length + 2}) AS words`;
  const reader = await connection.runAndReadAll(
    `SELECT coalesce(${sql}, FALSE) FROM (${table})`,
    [...values, listValue([...texts]), listValue(texts.map((text) => storedWords([text])))],
    [...values.map(() => VARCHAR), LIST(VARCHAR), LIST(VARCHAR)],
  );
  connection.closeSync();
  instance.closeSync();
  return reader.getRows().map(([holds]) => holds === true);
}

const made = { name: "message", type: "text", valueClass: "text", sql: "text", list: false } as const;
const fields = [made, { ...made, words: "words" }];
const texts = fc.sample(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 10 }).map((pieces) => pieces.join("")),
  600,
);

test.each([["ab"], ["1"], ["ab", "cd"]])(
  "texts hold the words %s where they are among their tokens",
  async (...words) => {
    for (const needed of [1, words.length]) {
      const expected = texts.map((text) => {
        const tokens = analyze(text);
        return words.filter((word) => tokens.includes(word)).length >= needed;
      });
      for (const field of fields) {
        const values = createSqlValues();
        const sql = holdsWords({ field, values, words, needed });
        expect(await found(texts, sql, values.list() as string[])).toEqual(expected);
      }
    }
  },
);

test.each([
  ["ab", "cd"],
  ["1", "ab"],
])("texts hold the phrase %s %s where its words are tokens side by side", async (...words) => {
  const expected = texts.map((text) => {
    const tokens = analyze(text);
    return tokens.some((_, at) => words.every((word, i) => tokens[at + i] === word));
  });
  expect(expected).toContain(true);
  for (const field of fields) {
    const values = createSqlValues();
    const sql = holdsPhrase({ field, values, words, prefix: false });
    expect(await found(texts, sql, values.list() as string[])).toEqual(expected);
  }
});
