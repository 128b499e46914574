import type { Keep } from "../../events/dataset.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { DatasetUse, StoreUse } from "../store.ts";
import { FREE_BYTES_SQL, readDiskUse } from "./disk-use.ts";
import { readForeignName } from "./foreign-datasets.ts";
import type { RunStatement } from "./query-pool.ts";
import { STORED_TABLES_SQL, type StoredTable, storedTables } from "./stored-tables.ts";

export type Census = {
  /** Counts what is stored; all statements must see the same rows. `journaled`: the journal's last position. */
  count(run: RunStatement, journaled: number): Promise<StoreUse>;
  /** The same rows of this table take other blocks now. */
  forget(table: string): void;
};

/** `logged`: rows that are in the write-ahead log and not in blocks yet. */
type Blocks = { bytes: number; logged: number };
type TableUse = Blocks & { table: StoredTable; rows: number; oldestUs?: number; newestUs?: number };

/**
 * Counts rows and bytes by dataset over all networks in the file. To count a table's blocks, the database lists each
 * segment of it (0.4 s for a gigabyte), so this is remembered of days that no longer change.
 */
export function createCensus(options: {
  datasets: readonly { name: string; keep: Keep }[];
  file: string;
  journalDirectory: string;
}): Census {
  const { file, journalDirectory } = options;
  const keepOf = new Map(options.datasets.map(({ name, keep }) => [name, keep]));
  let remembered = new Map<string, { rows: number; blocks: Blocks }>();

  const blocksOf = async (run: RunStatement, table: StoredTable, rows: number): Promise<Blocks> => {
    const known = remembered.get(table.sql);
    if (known?.rows === rows) return known.blocks;
    const blocks = { bytes: 0, logged: 0 };
    for (const part of table.parts) {
      const [row] = await run({ sql: blocksSql(part), values: [] });
      blocks.bytes += Number(row?.[0] ?? 0);
      blocks.logged += Number(row?.[1] ?? 0);
    }
    // An index can change without gaining a row.
    if (table.dayStartUs !== undefined && blocks.logged === 0) remembered.set(table.sql, { rows, blocks });
    return blocks;
  };

  return {
    async count(run, journaled) {
      const tables = storedTables((await run({ sql: STORED_TABLES_SQL, values: [] })) as string[][], keepOf);
      const spans = tables.length === 0 ? [] : await run({ sql: spansSql(tables), values: [] });
      const uses: TableUse[] = [];
      for (const [place, count, oldest, newest] of spans) {
        const table = tables[Number(place)];
        if (table === undefined) continue;
        const rows = Number(count);
        const blocks = await blocksOf(run, table, rows);
        const span = rows === 0 ? {} : { oldestUs: Number(oldest), newestUs: Number(newest) };
        uses.push({ table, rows, ...blocks, ...span });
      }
      const present = new Set(tables.map(({ sql }) => sql));
      remembered = new Map([...remembered].filter(([sql]) => present.has(sql)));
      const loaded = Number((await run({ sql: "SELECT position FROM main._ethmon", values: [] }))[0]?.[0] ?? 0);
      const free = Number((await run({ sql: FREE_BYTES_SQL, values: [] }))[0]?.[0] ?? 0);
      const positions = { journaled: Math.max(journaled, loaded), loaded };
      const disk = await readDiskUse({ file, journalDirectory, free, ...positions });
      return { datasets: byDataset(shareLog(uses, disk.wal)), disk, ...positions };
    },
    forget: (table) => void remembered.delete(table),
  };
}

function spansSql(tables: readonly StoredTable[]): string {
  const spans = tables.map(
    ({ parts: [rows] }, place) =>
      `SELECT ${place}, count(*), epoch_us(min("@timestamp")), epoch_us(max("@timestamp")) FROM ${rows}`,
  );
  return spans.join(" UNION ALL ");
}

/** Bytes of the blocks that hold a table, and rows that are in none yet. */
function blocksSql(part: string): string {
  const name = part.replaceAll("'", "''");
  return `SELECT count(DISTINCT block) FILTER (block >= 0) * any_value(block_size),
      coalesce(sum(count) FILTER (NOT persistent AND column_id = 0 AND segment_type <> 'VALIDITY'), 0)
    FROM (
      SELECT unnest(coalesce(additional_block_ids, []) || [block_id]) AS block, persistent, column_id, segment_type, count
      FROM pragma_storage_info('${name}')
    ), pragma_database_size()`;
}

function shareLog(tables: readonly TableUse[], logBytes: number): TableUse[] {
  const all = tables.reduce((sum, { logged }) => sum + logged, 0);
  if (all === 0) return [...tables];
  return tables.map((use) => ({ ...use, bytes: use.bytes + Math.round((logBytes * use.logged) / all) }));
}

function byDataset(tables: readonly TableUse[]): DatasetUse[] {
  const groups = Map.groupBy(tables, ({ table }) => `${table.network} ${table.dataset}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { network, dataset, keep, dayStartUs } = first.table;
    const foreign = readForeignName(dataset);
    const kind = foreign?.kind ?? (dayStartUs === undefined ? ("index" as const) : ("stream" as const));
    const sum = (key: "rows" | "bytes") => group.reduce((total, use) => total + use[key], 0);
    const oldest = group.flatMap(({ oldestUs }) => oldestUs ?? []);
    const newest = group.flatMap(({ newestUs }) => newestUs ?? []);
    return {
      dataset: foreign?.index ?? dataset,
      network,
      index: foreign?.index ?? indexName({ name: dataset, kind }, network),
      keep,
      rows: sum("rows"),
      bytes: sum("bytes"),
      ...(kind === "stream" ? { days: new Set(group.flatMap(({ table }) => table.dayStartUs ?? [])).size } : {}),
      ...(oldest.length === 0 ? {} : { oldestUs: Math.min(...oldest), newestUs: Math.max(...newest) }),
    };
  });
}
