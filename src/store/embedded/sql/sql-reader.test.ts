import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../../lib/clock.ts";
import { silentLog } from "../../../lib/log.ts";
import { EVENTS, event, START_US, testDatasets, thing } from "../../contract-data.ts";
import type { SqlRows } from "../../store.ts";
import { createEmbeddedStore, type EmbeddedStore } from "../embedded-store.ts";
import { measureRows } from "./row-bytes.ts";

const DAY_US = 86_400_000_000;
let directory: string;
let store: EmbeddedStore;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "ethmon-sql-"));
  store = await createEmbeddedStore({
    directory,
    network: "testnet",
    datasets: testDatasets,
    clock: systemClock(),
    log: silentLog,
    commitEveryMs: 1,
    queryLimitMs: 4_000,
  });
  await store.append([
    event(1, {
      "test.word": "a",
      "test.words": ["x", "y"],
      "test.large": "18446744073709551615",
      "test.at": START_US + 5,
    }),
    event(2, { "test.word": "b", "test.ratio": 0.5, "test.object": { "c.d": [1] } }),
    event(3, { "test.word": "a", "test.flag": true }, START_US + DAY_US),
    thing("one", { "test.number": 1 }),
    thing("one", { "test.number": 11 }),
  ]);
  await store.settled();
});

afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function openMemory() {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  return {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const ask = async (sql: string, limit = 1000): Promise<SqlRows> => {
  if (store.sql === undefined) throw new Error("the embedded store has SQL");
  return store.sql.query({ sql, limit });
};
const rows = async (sql: string, limit?: number) => (await ask(sql, limit)).rows;
const refusal = (sql: string) =>
  ask(sql).then(
    () => "answered",
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );

describe("SQL", () => {
  test("reads all days of a dataset as one table, with names that need no quotes", async () => {
    const answer = await ask("SELECT timestamp, test_number, test_word FROM test_event ORDER BY test_number");
    expect(answer).toEqual({
      columns: [
        { name: "timestamp", type: "TIMESTAMP" },
        { name: "test_number", type: "BIGINT" },
        { name: "test_word", type: "VARCHAR" },
      ],
      rows: [
        ["2026-11-22T10:00:00.000001Z", 1, "a"],
        ["2026-11-22T10:00:00.000002Z", 2, "b"],
        ["2026-11-23T10:00:00Z", 3, "a"],
      ],
      truncated: false,
      took_ms: expect.any(Number),
    });
    expect(await rows("SELECT _id, test_number FROM thing")).toEqual([["one", 11]]);
  });

  test("tells every type as JSON", async () => {
    expect(
      await rows(
        "SELECT test_words, test_large, test_at, test_object, test_ratio, test_flag FROM test_event ORDER BY _seq",
      ),
    ).toEqual([
      [["x", "y"], "18446744073709551615", "2026-11-22T10:00:00.000005Z", null, null, null],
      [null, null, null, '{"c.d":[1]}', 0.5, null],
      [null, null, null, null, null, true],
    ]);
    expect(
      await rows(
        `SELECT 2::HUGEINT ** 100 > 1, 9007199254740993, 1.25::DECIMAL(9,2), 'NaN'::DOUBLE, {a: [1, NULL]}, MAP {'k': 1},
         '\\xAA'::BLOB, DATE '2026-11-22', INTERVAL 1 DAY, TIMESTAMPTZ '2026-11-22 10:00:00+00', 'infinity'::TIMESTAMP,
         TIMESTAMP_MS '2026-11-22 10:00:00.5', uuid() IS NULL, NULL`,
      ),
    ).toEqual([
      [
        true,
        "9007199254740993",
        1.25,
        "NaN",
        { a: [1, null] },
        [{ key: "k", value: 1 }],
        "0xaa",
        "2026-11-22",
        expect.stringContaining("day"),
        "2026-11-22T10:00:00Z",
        "infinity",
        "2026-11-22T10:00:00.500Z",
        false,
        null,
      ],
    ]);
  });

  test("takes what SELECT has: joins, WITH, windows, subqueries, a WITH of a table's name, a comment at the end", async () => {
    expect(
      await rows(`WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3),
        words AS (SELECT test_word AS w, count(*) AS c FROM test_event GROUP BY ALL)
        SELECT i, w, c, row_number() OVER (ORDER BY i, w) FROM n JOIN words ON c >= i
        WHERE i IN (SELECT test_number FROM TEST_EVENT) ORDER BY ALL; -- done`),
    ).toEqual([
      [1, "a", 2, 1],
      [1, "b", 1, 2],
      [2, "a", 2, 3],
    ]);
    expect(await rows("WITH thing AS (SELECT 7 AS x) FROM thing")).toEqual([[7]]);
    expect(await rows("FROM range(2)")).toEqual([[0], [1]]);
    expect(await rows("VALUES (1), (2)")).toEqual([[1], [2]]);
    expect(await rows("SELECT unnest(test_words) FROM test_event")).toEqual([["x"], ["y"]]);
  });

  test("lists its tables with their columns, those without a document, too, and none of the program's own", async () => {
    const tables = (await store.sql?.tables()) ?? [];
    expect(tables.map(({ name }) => name)).toEqual(["thing", "test_event", "quarantine"]);
    expect(tables[1]).toMatchObject({
      title: "Events",
      columns: expect.arrayContaining([{ name: "test_number", type: "BIGINT", field: "test.number" }]),
    });
    expect(await rows("SELECT count(*) FROM quarantine")).toEqual([[0]]);
    for (const { name, columns } of tables) {
      const names = (await ask(`FROM ${name}`)).columns.map((column) => column.name);
      expect(names).toEqual(columns.map((column) => column.name));
    }
  });

  test("answers the first rows of any number, and no more bytes than are sent", async () => {
    const many = await ask("SELECT * FROM range(10000000)", 5);
    expect(many.rows).toEqual([[0], [1], [2], [3], [4]]);
    expect(many.truncated).toBe(true);
    expect((await ask("SELECT * FROM range(5)", 5)).truncated).toBe(false);
    const wide = await ask("SELECT repeat('x', 1000000) FROM range(100)", 100);
    expect(wide.truncated).toBe(true);
    expect(wide.rows.length).toBeLessThan(9);
    expect(await refusal("SELECT repeat('x', 20000000)")).toMatch(/^answer_too_large/);
  });

  test.each([
    ["a text", "SELECT repeat('x', 50000000)"],
    ["bytes", "SELECT repeat('x', 50000000)::BLOB"],
    ["a list of texts", "SELECT [repeat('x', 50000) FOR i IN range(1000)]"],
  ])("refuses %s of 50 MB before it makes it", async (_, sql) => {
    expect(await refusal(sql)).toMatch(/^answer_too_large: One row has more than 8 MB/);
    expect((await ask("SELECT 1")).rows).toEqual([[1]]);
  });

  test("makes no more of many large rows than it sends", async () => {
    const large = await ask("SELECT repeat('x', 100000), NULL::VARCHAR FROM range(2048)", 10_000);
    expect([large.rows.length, large.truncated]).toEqual([79, true]);
    expect(await rows("SELECT [NULL, 'a', repeat('b', 20)], NULL::VARCHAR[], MAP {'k': NULL} FROM range(2)")).toEqual(
      Array(2).fill([[null, "a", "b".repeat(20)], null, [{ key: "k", value: null }]]),
    );
  });

  test("measures a row at no less than its bytes, and makes only what is small enough", async () => {
    const { connection, close } = await openMemory();
    try {
      const result = await connection.stream(
        `SELECT CASE WHEN i % 2 = 0 THEN repeat('x', i * 10) END, [repeat('y', i), NULL], i, {a: {b: repeat('x', i)}},
         MAP {'k': repeat('x', i)}, array_value(repeat('x', i), NULL), union_value(a := repeat('x', i)), repeat('x', i)::BLOB,
         range(i // 16) FROM range(3000) t(i)`,
      );
      for (let i = 0, chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; ) {
        const bytesOf = measureRows(chunk, result.columnTypes());
        for (let row = 0; row < chunk.rowCount; row++, i++) {
          const expected = (i % 2 === 0 ? i * 10 : 0) + i * 6 + Math.floor(i / 16) * 16;
          const bytes = bytesOf(row, Number.POSITIVE_INFINITY);
          expect(bytes - expected).toBeGreaterThanOrEqual(0);
          expect(bytes - expected).toBeLessThan(400);
          expect(bytesOf(row, 100)).toSatisfy((some: number) => some === bytes || some > 100);
        }
        chunk = await result.fetchChunk();
      }
    } finally {
      close();
    }
  });

  test.each([
    ["COPY", `COPY (SELECT 1) TO '${tmpdir()}/ethmon-copied.csv'`],
    ["COPY of a table", "COPY test_event TO '/tmp/ethmon-copied.csv'"],
    ["ATTACH", "ATTACH '/tmp/ethmon-other.db'"],
    ["PRAGMA", "PRAGMA database_list"],
    ["SET", "SET memory_limit = '90GB'"],
    ["RESET", "RESET lock_configuration"],
    ["INSERT", "INSERT INTO thing VALUES (1)"],
    ["DELETE", "DELETE FROM thing"],
    ["CREATE", "CREATE TABLE mine AS SELECT 1"],
    ["DROP", "DROP SCHEMA testnet CASCADE"],
    ["INSTALL", "INSTALL httpfs"],
    ["LOAD", "LOAD '/tmp/evil.so'"],
    ["CALL", "CALL enable_logging()"],
    ["CHECKPOINT", "FORCE CHECKPOINT"],
    ["ROLLBACK", "ROLLBACK"],
    ["EXPLAIN", "EXPLAIN ANALYZE SELECT 1"],
    ["PREPARE", "PREPARE p AS SELECT 1"],
    ["EXPORT", "EXPORT DATABASE '/tmp/ethmon-export'"],
    ["USE", "USE testnet"],
    ["VACUUM", "VACUUM"],
    ["two statements", "SELECT 1; SELECT 2"],
    ["a hidden second statement", "SELECT 1; DROP TABLE thing; --"],
    ["nothing", " -- nothing"],
    ["no SQL", "slots please"],
    [
      "a file as a table outside of the WITH that gives its name",
      `SELECT * FROM (WITH "x.csv" AS (SELECT 1) SELECT 1), "x.csv"`,
    ],
    ["a file by a WITH of its own name", `WITH "https://evil.example/x.parquet" AS (SELECT 1) SELECT 1`],
    ["a file as a table", "SELECT * FROM '/etc/passwd'"],
    ["read_csv", "SELECT * FROM read_csv('/etc/passwd')"],
    ["read_text within", "SELECT (SELECT content FROM read_text('/etc/passwd'))"],
    ["read_blob by LATERAL", "SELECT * FROM thing, LATERAL (SELECT * FROM read_blob('/etc/' || _id))"],
    ["glob", "FROM glob('/etc/*')"],
    ["a query in a text", "FROM query('SELECT * FROM duckdb_settings()')"],
    ["a query in JSON", "FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))"],
    ["a table by its text", "FROM query_table('duckdb_settings')"],
    ["the settings", "FROM duckdb_settings()"],
    ["one setting", "SELECT current_setting('temp_directory')"],
    ["one setting, written otherwise", `SELECT system.main."CURRENT_SETTING"('temp_directory')`],
    ["the catalogue", "SELECT * FROM information_schema.tables"],
    ["a view of the catalogue", "SELECT * FROM duckdb_tables"],
    ["the catalogue under a name of its own", "WITH duckdb_tables AS (FROM duckdb_tables) FROM duckdb_tables"],
    ["our own table by its schema", 'SELECT * FROM testnet."thing"'],
    ["our own bookkeeping", "SELECT * FROM _ethmon"],
    ["our own bookkeeping in disguise", "WITH _ethmon AS (FROM _ethmon) FROM _ethmon"],
    ["what the program keeps", "SELECT * FROM foreign_index"],
    ["a log", "SELECT write_log('x')"],
    ["a pause", "SELECT sleep_ms(100000)"],
    ["SHOW", "SHOW TABLES"],
    ["DESCRIBE", "DESCRIBE thing"],
    ["SUMMARIZE", "SUMMARIZE thing"],
    ["a function of the log", "FROM enable_logging()"],
    ["a checkpoint by a function", "FROM checkpoint()"],
  ])("refuses %s", async (_, sql) => {
    expect(await refusal(sql)).toMatch(/^sql_refused: .+\.$/);
  });

  test.each([
    ["an unknown column", "SELECT nothing FROM thing", /nothing/],
    ["a value of another type", "SELECT 'x'::INT", /convert/i],
    [
      "words that look like the database's end",
      "SELECT 'FATAL Error: INTERNAL Error database is closed'::INT",
      /FATAL/,
    ],
    ["a value that is not there", "SELECT $1", /parameter/i],
    ["an unknown function", "SELECT getenv2('HOME')", /getenv2/],
  ])("tells of %s what the database says of it", async (_, sql, words) => {
    const told = await refusal(sql);
    expect(told).toMatch(/^sql_failed: /);
    expect(told).toMatch(words);
  });

  test("stops what takes too long, lets it go when nobody waits, and goes on", async () => {
    const endless = "SELECT count(*) FROM range(100000000) a, range(1000000) b WHERE a.range + b.range = 7";
    expect(await refusal(endless)).toMatch(/^search_timeout: /);
    const gone = new AbortController();
    const asked = store.sql?.query({ sql: endless, limit: 1 }, gone.signal);
    gone.abort();
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    const waiting = Array.from({ length: 4 }, () => refusal(endless));
    // Searches have places of their own.
    expect((await store.search(EVENTS, {})).hits.hits).toHaveLength(3);
    expect(await Promise.all(waiting)).toEqual(Array(4).fill(expect.stringMatching(/^search_timeout: /)));
    expect(await rows("SELECT count(*) FROM thing")).toEqual([[1]]);
  });

  test("refuses what needs more memory than there is, or says that the store is back in a moment", async () => {
    const told = await refusal("SELECT list(repeat('x', 1000) || i) FROM range(3000000) t(i)");
    expect(told).toMatch(/^(search_too_large|search_timeout|store_unavailable): /);
  });

  test("left nothing behind", async () => {
    expect(existsSync("/tmp/ethmon-copied.csv")).toBe(false);
    expect(existsSync(join(tmpdir(), "ethmon-copied.csv"))).toBe(false);
    expect((await store.search("ethmon-thing-testnet", {})).hits.total).toEqual({ value: 1, relation: "eq" });
  });
});
