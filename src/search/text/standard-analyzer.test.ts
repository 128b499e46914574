import { readFileSync } from "node:fs";
import { DuckDBInstance, type DuckDBListValue } from "@duckdb/node-api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { analyze, tokensSql } from "./standard-analyzer.ts";
import { wordClasses } from "./word-classes.ts";

const recorded = JSON.parse(
  readFileSync(new URL("../../../test/data/standard-analyzer/tokens.json", import.meta.url), "utf8"),
) as { text: string; tokens: string[] }[];

async function tokensInSql(texts: readonly string[]): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const sql = `SELECT ${tokensSql("text")} FROM (SELECT unnest(from_json($1, '["VARCHAR"]')) AS text)`;
    const reader = await connection.runAndReadAll(sql, [JSON.stringify(texts)]);
    return reader.getRows().map(([tokens]) => (tokens as DuckDBListValue).items);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test.each(recorded)("$text has the tokens that a real engine gives it", ({ text, tokens }) => {
  expect(analyze(text)).toEqual(tokens);
});

test("the database finds the same tokens in the recorded texts", async () => {
  expect(await tokensInSql(recorded.map(({ text }) => text))).toEqual(recorded.map(({ tokens }) => tokens));
});

test("the database finds the same tokens as the program in any text", async () => {
  const edges = Object.values(wordClasses).flatMap((ranges) =>
    ranges
      .trim()
      .split(/[\s-]+/)
      .map((codePoint) => String.fromCodePoint(Number.parseInt(codePoint, 16))),
  );
  const texts = fc.sample(
    fc.oneof(
      fc.string({ unit: fc.constantFrom(...edges), maxLength: 12 }),
      fc.string({ unit: fc.constantFrom("a", "1", "_", ".", ":", ",", "'", '"', " ", "é", "א", "中"), maxLength: 12 }),
      fc.string({
        unit: fc.constantFrom(
          "#",
          "*",
          "a",
          "_",
          "\u0301",
          "\u200d",
          "\ufe0f",
          "\u20e3",
          "👩",
          "🏽",
          "🇦",
          "ア",
          "ก",
          "İ",
          "Σ",
        ),
        maxLength: 12,
      }),
      fc.string({ unit: fc.constantFrom("a", "."), minLength: 250, maxLength: 600 }),
    ),
    2000,
  );
  expect(await tokensInSql(texts)).toEqual(texts.map(analyze));
});

test("a text of a million characters has its words, whatever it repeats", () => {
  expect(analyze("1a".repeat(500_000))).toHaveLength(Math.ceil(1_000_000 / 255));
  expect(analyze("_".repeat(1_000_000))).toEqual([]);
  expect(analyze(`${"_\u0301".repeat(500_000)}.end`)).toEqual(["end"]);
  expect(analyze("👩\u200d".repeat(300_000)).join("")).toBe("👩\u200d".repeat(300_000));
});
