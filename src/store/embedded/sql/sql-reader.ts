import type { DuckDBConnection, DuckDBType } from "@duckdb/node-api";
import type { Clock } from "../../../lib/clock.ts";
import { Fault, isFault, messageOf } from "../../../lib/fault.ts";
import type { SqlRows, SqlTable } from "../../store.ts";
import type { Database } from "../database.ts";
import type { ForeignIndices } from "../foreign-indices.ts";
import type { QueryPool, RunStatement } from "../query-pool.ts";
import { quoted, type TableDataset } from "../tables.ts";
import { measureRows } from "./row-bytes.ts";
import { checkSql, type SqlScope } from "./sql-check.ts";
import { type SqlView, sqlViews } from "./sql-tables.ts";
import { jsonOfSql } from "./sql-value.ts";

export type SqlReader = {
  /** Rejects with `sql_refused`, `sql_failed`, `answer_too_large`, and as the pool does. */
  query(asked: { sql: string; limit: number; signal: AbortSignal }): Promise<SqlRows>;
  tables(signal: AbortSignal): Promise<SqlTable[]>;
};

/** Of all values of an answer, as JSON. */
const MOST_CHARS = 8_000_000;
/** Of one row where the database holds it: a character takes up to three bytes or more, and small values take 16. */
const MOST_BYTES = 4 * MOST_CHARS;

/** Functions that do nothing but give another value each time. */
const RANDOM = ["random", "uuid", "gen_random_uuid", "uuidv4", "uuidv7"];
/** Functions that tell of the database's own affairs, or wait. */
const REFUSED = ["current_setting", "getvariable", "getenv", "current_query", "sleep_ms", "error", "write_log"];

/**
 * Reads by SQL what people write by hand. The database's own parser tells what it is; only one SELECT over the views of
 * `sql-tables` is carried out, in a transaction that cannot write, on connections that can neither open files nor set
 * anything.
 */
export function createSqlReader(deps: {
  database: Database;
  pool: QueryPool;
  namespace: string;
  datasets: readonly TableDataset[];
  titles: Readonly<Record<string, string>>;
  indices: ForeignIndices;
  clock: Clock;
}): SqlReader {
  const { database, pool, namespace, datasets, titles, indices, clock } = deps;
  let refusedFunctions: SqlScope["refused"] | undefined;

  const viewsOf = async (run: RunStatement, { version, present }: Planned): Promise<SqlView[]> =>
    sqlViews({ namespace, datasets, titles, present, foreign: await indices.read(run, version) });
  const planned = () => ({ version: indices.version(), present: [...database.tables.values()] });
  const scopeOf = async (run: RunStatement, tables: SqlScope["tables"]): Promise<SqlScope> => {
    refusedFunctions ??= await readRefused(run);
    return { tables, taken: await readTaken(run), refused: refusedFunctions };
  };

  const answer = async ({ sql, limit, signal }: Parameters<SqlReader["query"]>[0]): Promise<Omit<SqlRows, "took_ms">> =>
    pool.use(signal, async (run, on) => {
      const views = await viewsOf(run, planned());
      const [[serialized] = []] = await run({ sql: "SELECT json_serialize_sql($1::VARCHAR)", values: [sql] });
      const tables = new Set(views.map(({ name }) => name));
      const used = checkSql(String(serialized), await scopeOf(run, tables));
      for (const { name, select } of views) {
        // They are gone with the transaction.
        if (used.has(name)) await run({ sql: `CREATE TEMP VIEW ${quoted(name)} AS ${select}`, values: [] });
      }
      return on((connection) => readRows(connection, sql, limit));
    });

  return {
    async query(asked) {
      const startUs = clock.monoUs();
      while (true) {
        const forgotten = database.forgotten();
        try {
          const rows = await answer(asked);
          return { ...rows, took_ms: Math.round((clock.monoUs() - startUs) / 1000) };
        } catch (error) {
          // A table was dropped after it was listed.
          if (database.forgotten() === forgotten || !isFault(error, "sql_failed")) throw error;
        }
      }
    },
    tables: (signal) =>
      pool.use(signal, async (run) => (await viewsOf(run, planned())).map(({ select: _, ...table }) => table)),
  };
}

type Planned = { version: number; present: Parameters<typeof sqlViews>[0]["present"] };

/** What a name without a schema can mean, beside views of the transaction: tables may have come since the last query. */
async function readTaken(run: RunStatement): Promise<SqlScope["taken"]> {
  const names = await run({
    sql: `SELECT view_name FROM duckdb_views() WHERE internal OR schema_name = 'main'
          UNION SELECT table_name FROM duckdb_tables() WHERE internal OR schema_name = 'main'`,
    values: [],
  });
  return new Set(lower(names));
}

async function readRefused(run: RunStatement): Promise<SqlScope["refused"]> {
  const acting = await run({
    sql: "SELECT DISTINCT function_name FROM duckdb_functions() WHERE has_side_effects OR stability = 'VOLATILE'",
    values: [],
  });
  return new Set([...lower(acting).filter((name) => !RANDOM.includes(name)), ...REFUSED]);
}

function lower(rows: readonly unknown[][]): string[] {
  return rows.map(([name]) => String(name).toLowerCase());
}

/** The first rows: no more are made than are read, and none that is larger than what is sent. */
async function readRows(connection: DuckDBConnection, sql: string, limit: number): Promise<Omit<SqlRows, "took_ms">> {
  try {
    const result = await connection.stream(sql);
    const types = result.columnTypes();
    const columns = result.columnNames().map((name, i) => ({ name, type: typeName(result.columnType(i)) }));
    const rows: unknown[][] = [];
    let chars = 0;
    while (true) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return { columns, rows, truncated: false };
      const bytesOf = measureRows(chunk, types);
      for (let i = 0; i < chunk.rowCount; i++) {
        if (rows.length === limit) return { columns, rows, truncated: true };
        const isLarge = bytesOf(i, MOST_BYTES) > MOST_BYTES;
        const row = isLarge ? [] : chunk.getRowValues(i).map(jsonOfSql);
        chars += JSON.stringify(row).length;
        if (isLarge || chars > MOST_CHARS) {
          if (rows.length > 0) return { columns, rows, truncated: true };
          throw new Fault("answer_too_large", `One row has more than ${MOST_CHARS / 1e6} MB: select less of it.`);
        }
        rows.push(row);
      }
    }
  } catch (error) {
    throw explained(error);
  }
}

/** JSON is a text to the database, by a name of its own. */
function typeName(type: DuckDBType): string {
  return type.alias ?? String(type);
}

/**
 * What the database says of a query is for whoever wrote it. Its own troubles are not, and are told by how the sentence
 * begins: the rest of it may be the query's words.
 */
function explained(error: unknown): unknown {
  const words = messageOf(error);
  if (isFault(error) || /^(FATAL|INTERNAL|Out of Memory|INTERRUPT|Connection) Error/i.test(words)) return error;
  return new Fault("sql_failed", words.slice(0, 1_000));
}
