import { DuckDBInstance } from "@duckdb/node-api";

/** When a poll saw that rows up to a position can be searched. */
export type LoadedSample = { atUs: number; position: number };

const VOTES = "ethereum.single_attestation";

/**
 * What a store that nobody uses holds of events: rows of all topics, how long each vote took from its arrival to being
 * searchable by the samples, and the bytes of the tables of votes.
 */
export async function readStoredVotes(file: string, samples: readonly LoadedSample[]) {
  const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const ask = async (sql: string) =>
    (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[];
  try {
    const found = await ask("SELECT schema_name, table_name FROM duckdb_tables() WHERE table_name LIKE '%@%'");
    const tables = found.map(({ schema_name, table_name }) => ({
      dataset: String(table_name).replace(/@.*/, ""),
      isShared: String(table_name).endsWith("#shared"),
      name: `"${schema_name}"."${table_name}"`,
    }));
    const rows: Record<string, number> = {};
    for (const { dataset, isShared, name } of tables) {
      if (isShared) continue;
      const [{ n } = { n: 0 }] = await ask(`SELECT count(*) AS n FROM ${name}`);
      rows[dataset] = (rows[dataset] ?? 0) + Number(n);
    }
    const voteTables = tables.filter(({ dataset }) => dataset === VOTES);
    const rowTables = voteTables.filter(({ isShared }) => !isShared);
    const union = rowTables.map(({ name }) => `SELECT _seq, "@timestamp" AS at FROM ${name}`).join(" UNION ALL ");
    const values = samples.map(({ atUs, position }) => `(${atUs}, ${position})`).join(", ");
    const [waits = {}] = await ask(
      `SELECT quantile_cont(s.at_us - epoch_us(v.at), 0.5) / 1000 AS p50, quantile_cont(s.at_us - epoch_us(v.at), 0.99) / 1000 AS p99,
       max(s.at_us - epoch_us(v.at)) / 1000 AS most
       FROM (${union}) v ASOF JOIN (SELECT * FROM (VALUES ${values}) AS t(at_us, position)) s ON v._seq <= s.position`,
    );
    let blocks = 0;
    for (const { name } of voteTables) {
      const [{ n } = { n: 0 }] = await ask(
        `SELECT count(DISTINCT block) AS n FROM (SELECT unnest(list_prepend(block_id, additional_block_ids)) AS block
         FROM pragma_storage_info('${name}') WHERE persistent)`,
      );
      blocks += Number(n);
    }
    const [{ block_size: blockBytes } = {}] = await ask("SELECT block_size FROM pragma_database_size()");
    const votes = rows[VOTES] ?? 0;
    return {
      rows,
      votes,
      p50Ms: Math.round(Number(waits["p50"])),
      p99Ms: Math.round(Number(waits["p99"])),
      mostMs: Math.round(Number(waits["most"])),
      bytesAVote: Number(((blocks * Number(blockBytes)) / votes).toFixed(1)),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
