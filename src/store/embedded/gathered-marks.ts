import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "./read-rows.ts";

/** Up to which `_seq` the rows of a table were gathered, and how often it was begun and not ended since. */
export type GatheredMark = { seq: bigint; tries: number };

export const CREATE_MARKS_SQL = `CREATE TABLE IF NOT EXISTS main._ethmon_gathered
  (network VARCHAR NOT NULL, name VARCHAR NOT NULL, seq BIGINT NOT NULL, tries INTEGER NOT NULL)`;

const NO_MARK: GatheredMark = { seq: -1n, tries: 0 };

/** By table of a network. */
export type GatheredMarks = { of(name: string): GatheredMark };

export async function readMarks(connection: DuckDBConnection, network: string): Promise<GatheredMarks> {
  const rows = await readRows(connection, "SELECT name, seq, tries FROM main._ethmon_gathered WHERE network = $1", [
    network,
  ]);
  const marks = new Map(
    rows.map(([name, seq, tries]) => [String(name), { seq: BigInt(String(seq)), tries: Number(tries) }]),
  );
  return { of: (name) => marks.get(name) ?? NO_MARK };
}

export async function writeMark(
  connection: DuckDBConnection,
  { network, name, mark }: { network: string; name: string; mark: GatheredMark },
): Promise<void> {
  await connection.run("DELETE FROM main._ethmon_gathered WHERE network = $1 AND name = $2", [network, name]);
  await connection.run("INSERT INTO main._ethmon_gathered VALUES ($1, $2, $3, $4)", [
    network,
    name,
    mark.seq,
    mark.tries,
  ]);
}

/** Takes out the marks of tables that are no more. */
export async function forgetMarks(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    `DELETE FROM main._ethmon_gathered
     WHERE (network, name) NOT IN (SELECT (schema_name, table_name) FROM duckdb_tables() WHERE NOT internal)`,
  );
}
