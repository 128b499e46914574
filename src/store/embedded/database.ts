import { dirname, join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { migrate } from "./migrations.ts";
import { readRows } from "./read-rows.ts";
import { readPart } from "./split-tables.ts";
import { quoted, readTableName, type TableDataset } from "./tables.ts";
import { readWideColumns, WIDE_COLUMNS_SQL, type WideColumns } from "./wide-columns.ts";

/** `wide`: of documents of others, the columns of their fields. */
export type Table = { name: string; dataset: string; dayStartUs?: number; wide: WideColumns };

export function tableOf(name: string, wide: WideColumns = new Map()): Table {
  return { name, ...readTableName(name), wide };
}

export type Database = {
  connect(): Promise<DuckDBConnection>;
  /** The tables of this namespace, by name; the writer adds those it creates. */
  tables: Map<string, Table>;
  /** Takes tables out of `tables` that are about to be dropped. */
  forget(names: readonly string[]): void;
  /** How often tables were forgotten: a search that failed across a change of it was planned with one of them. */
  forgotten(): number;
  /** Foreign indices, or their mappings, changed. */
  noteIndices(): void;
  /** How often that was noted. */
  indicesVersion(): number;
  /** Reads anew which tables there are; all rows in them. */
  refresh(connection: DuckDBConnection): Promise<number>;
  close(): void;
};

export type DatabaseOptions = {
  file: string;
  namespace: string;
  datasets: readonly TableDataset[];
  memoryLimit: string;
  threads: number;
};

/** The file format is fixed, so that a newer DuckDB does not write files that this version cannot read. */
const STORAGE_VERSION = "v1.5.0";
const MAX_SPILL = "2GB";
/**
 * Of a new file. What is appended to a column takes a block of memory at once: at DuckDB's own 256 KiB the columns of
 * our many tables took 120 MB.
 */
const BLOCK_BYTES = 64 * 1024;

/** Opens the file, creates what is missing in it and brings an older one up to date. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { file, namespace, datasets, memoryLimit, threads } = options;
  const instance = await DuckDBInstance.create(file, {
    storage_compatibility_version: STORAGE_VERSION,
    default_block_size: String(BLOCK_BYTES),
    memory_limit: memoryLimit,
    threads: String(threads),
    temp_directory: join(dirname(file), "spill"),
    max_temp_directory_size: MAX_SPILL,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    enable_external_access: "false",
  });
  const connect = () => instance.connect();
  const tables = new Map<string, Table>();
  let forgotten = 0;
  let indicesVersion = 0;
  const forget = (names: readonly string[]): void => {
    forgotten += 1;
    for (const name of names) tables.delete(name);
  };
  const refresh = async (connection: DuckDBConnection): Promise<number> => {
    const found = await readRows(
      connection,
      "SELECT table_name FROM duckdb_tables() WHERE schema_name = $1 AND NOT internal",
      [namespace],
    );
    const wide = await readWideTables(connection, namespace);
    let rows = 0;
    for (const [table] of found) {
      const { name, part } = readPart(String(table));
      if (part === "shared") continue;
      tables.set(name, tableOf(name, wide.get(name)));
      const [count] = await readRows(connection, `SELECT count(*) FROM ${quoted(namespace)}.${quoted(String(table))}`);
      rows += Number(count?.[0] ?? 0);
    }
    return rows;
  };
  try {
    const connection = await connect();
    // The default is the machine's zone.
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    // Nobody's query sets anything.
    await connection.run("SET GLOBAL lock_configuration = true");
    await migrate({ connection, namespace, datasets, file });
    connection.closeSync();
    return {
      connect,
      tables,
      forget,
      forgotten: () => forgotten,
      noteIndices() {
        indicesVersion += 1;
      },
      indicesVersion: () => indicesVersion,
      refresh,
      close: () => instance.closeSync(),
    };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

async function readWideTables(connection: DuckDBConnection, namespace: string): Promise<Map<string, WideColumns>> {
  const columns = await readRows(connection, WIDE_COLUMNS_SQL, [namespace]);
  const tables = Map.groupBy(columns, ([table]) => String(table));
  return new Map(
    [...tables].map(([table, rows]) => {
      return [table, readWideColumns(rows.map(([, name, type]) => ({ name: String(name), sqlType: String(type) })))];
    }),
  );
}
