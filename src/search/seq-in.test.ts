import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seqIn } from "./seq-in.ts";

const ROWS = 300_000;
const COLUMNS = Array.from({ length: 10 }, (_, i) => `c${i}`);

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:");
  connection = await instance.connect();
  // Of every other position there is a document.
  const columns = COLUMNS.map((name, i) => `, range % ${i + 2} AS ${name}`).join("");
  await connection.run(`CREATE TABLE t AS SELECT 2 * range AS _seq${columns} FROM range(${ROWS})`);
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

async function read(sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await connection.runAndReadAll(sql)).getRows();
}

test("just the documents of the positions are read, however they are spread", async () => {
  const seq = fc.oneof(fc.nat({ max: 2 * ROWS }), fc.nat({ max: 5_000 }), fc.integer({ min: 590_000, max: 610_000 }));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(seq, { minLength: 1, maxLength: 60 }),
      fc.constantFrom(1, 7, 8, 50),
      async (seqs, columns) => {
        const found = await read(`SELECT _seq FROM t WHERE ${seqIn(seqs.map(BigInt), columns)} ORDER BY 1`);
        const there = seqs.filter((one) => one % 2 === 0 && one < 2 * ROWS).sort((a, b) => a - b);
        expect(found.flat().map(Number)).toEqual(there);
      },
    ),
    { numRuns: 60 },
  );
});

test("of many columns nothing is read but the rows of a few positions", async () => {
  const seqs = Array.from({ length: 12 }, (_, i) => BigInt(50_000 * i));
  const [plan] = await read(
    `EXPLAIN (ANALYZE, FORMAT json) SELECT ${COLUMNS.join(", ")} FROM t WHERE ${seqIn(seqs, COLUMNS.length)}`,
  );
  expect(scannedRows(JSON.parse(String(plan?.[1])) as Plan)).toEqual([seqs.length]);
});

type Plan = { operator_type?: string; operator_cardinality?: number; children?: readonly Plan[] };

/** How many rows each scan of a table gave to what stands above it. */
function scannedRows({ operator_type: type, operator_cardinality: rows = 0, children = [] }: Plan): number[] {
  return [...(type === "TABLE_SCAN" ? [rows] : []), ...children.flatMap(scannedRows)];
}
