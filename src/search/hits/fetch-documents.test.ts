import { DuckDBInstance, VARCHAR } from "@duckdb/node-api";
import { expect, onTestFinished, test } from "vitest";
import { takeApart } from "../source/take-apart.ts";
import type { StoredCells } from "../source/take-cell.ts";
import type { Statement } from "../sql-values.ts";
import type { SearchTarget } from "../target.ts";
import { fetchDocuments } from "./fetch-documents.ts";
import { parseSourceFilter } from "./source-filter.ts";
import type { SqlResult } from "./sql-result.ts";

type Fields = Readonly<Record<string, string>>;

/** A table in which each document has its cells in columns, but those of `line`. */
async function createTable(table: string, documents: readonly Fields[]) {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  onTestFinished(() => {
    connection.closeSync();
    instance.closeSync();
  });
  const fields = [...new Set(documents.flatMap(Object.keys))].filter((name) => name !== "line");
  const columns = fields.map((name) => `, "${name}" VARCHAR`).join("");
  await connection.run(
    `CREATE TABLE ${table} ("@timestamp" TIMESTAMP, _seq BIGINT, _id VARCHAR, _values JSON, _shape VARCHAR, _literals VARCHAR, _rest VARCHAR${columns})`,
  );
  for (const [seq, document] of documents.entries()) {
    const told = fields.filter((name) => document[name] !== undefined);
    const stored = told.map((name): [string, StoredCells] => [
      name,
      { type: "keyword", cells: [document[name] ?? null] },
    ]);
    const parts = takeApart(JSON.stringify(document), { kind: told.join(), storedOf: new Map(stored) });
    const row = [parts?.shape ?? null, parts?.rest ?? null, null, ...fields.map((name) => document[name] ?? null)];
    await connection.run(
      `INSERT INTO ${table} VALUES (NULL, ${seq}, NULL, NULL, ${row.map((_, i) => `$${i + 1}`).join(", ")})`,
      row,
      row.map(() => VARCHAR),
    );
  }
  const target: SearchTarget = {
    index: table,
    kind: "stream",
    columns: new Map(fields.map((name) => [name, { name, type: "keyword", list: false }])),
    foreign: { mapping: new Map(fields.map((name) => [name, { type: "keyword" }])), columnOf: (field) => field },
    tables: [{ sql: table }],
  };
  /** What is shown of documents, and the statements that were run for it. */
  return async (seqs: readonly number[], source: unknown = true) => {
    const statements: string[] = [];
    const run = async ({ sql }: Statement) => {
      statements.push(sql);
      return (await connection.runAndReadAll(sql)).getRows() as SqlResult[][];
    };
    const found = await fetchDocuments({
      rows: seqs.map((seq) => [0, BigInt(seq)]),
      tables: [{ target, sql: table }],
      wanted: { fields: [], source: parseSourceFilter(source) },
      run,
    });
    return { sources: seqs.map((seq) => found.get(`0 ${seq}`)?.source()), statements };
  };
}

const lines = Array.from({ length: 8 }, (_, i) => {
  const message = `Imported block number ${i} of the chain`;
  return { line: `INFO  chain-importer: ${message}`, message, logger: "chain-importer", host: `node-${i}` };
});

test("documents of shapes that were read of late are fetched by one statement, others by two", async () => {
  const other = { host: "node-9", level: "error", line: "something else altogether" };
  const fetched = await createTable("of_late", [...lines, other]);
  const first = await fetched([0, 1, 2]);
  expect(first.statements).toHaveLength(2);
  expect(first.sources).toEqual(lines.slice(0, 3));

  const second = await fetched([3, 4]);
  expect(second.statements).toHaveLength(1);
  expect(second.sources).toEqual(lines.slice(3, 5));

  const mixed = await fetched([4, 5, 6, 8]);
  expect(mixed.sources).toEqual([...lines.slice(4, 7), other]);
  expect(mixed.statements).toHaveLength(2);
  expect(mixed.statements[1]).toContain("_seq IN (8)");

  const again = await fetched([7, 8]);
  expect(again.statements).toHaveLength(1);
  expect(again.sources).toEqual([lines[7], other]);
});

test("a literal that is shown alone brings the cells to which it refers, and nothing else", async () => {
  const fetched = await createTable("narrowed", lines);
  const first = await fetched([0, 1], ["line"]);
  expect(first.sources).toEqual(
    lines.slice(0, 2).map(({ line }) => ({ line, message: null, logger: null, host: null })),
  );
  for (const sql of first.statements) expect(sql).not.toContain("host");
  // To which it refers is known by now.
  const second = await fetched([2, 3], ["line"]);
  expect(second.statements).toHaveLength(1);
  expect(second.sources.map((source) => source?.["line"])).toEqual(lines.slice(2, 4).map(({ line }) => line));
});

test("no text is read where none is shown, and no other column than those of fields that are", async () => {
  const fetched = await createTable("few_columns", lines);
  await fetched([0, 1]);
  const none = await fetched([2], false);
  expect(none.statements).toHaveLength(1);
  expect(none.statements[0]).not.toMatch(/_shape|_literals|_rest|message/);
  const { statements, sources } = await fetched([3], ["host"]);
  expect(sources.map((source) => source?.["host"])).toEqual(["node-3"]);
  expect(statements).toHaveLength(1);
  expect(statements[0]).not.toMatch(/_literals|_rest|message/);
});

test("where documents of a table have little in common nothing is guessed, and each is whole", async () => {
  const kinds = Array.from(
    { length: 6 },
    (_, kind): Fields => Object.fromEntries(Array.from({ length: 40 }, (__, i) => [`k${kind}_${i}`, `value ${i}`])),
  );
  const fetched = await createTable("little_in_common", kinds);
  const columns: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    const { statements, sources } = await fetched([round % kinds.length]);
    expect(sources).toEqual([kinds[round % kinds.length]]);
    columns.push(statements[0]?.split(`"`).length ?? 0);
  }
  // After wrong guesses the first statement asks for no more than the shape.
  expect(columns.at(-1)).toBeLessThan(10);
});
