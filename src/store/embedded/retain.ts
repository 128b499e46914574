import type { DuckDBConnection } from "@duckdb/node-api";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import { expiredDays, nextToGo, type RetentionLimits } from "../retention.ts";
import type { Retained } from "../store.ts";
import { checkpoint } from "./checkpoint.ts";
import type { Database } from "./database.ts";
import { FREE_BYTES_SQL, readDiskUse, usedBytes } from "./disk-use.ts";
import type { Loader } from "./loader.ts";
import { readRows } from "./read-rows.ts";
import { dropSplitSql } from "./split-tables.ts";
import { STORED_TABLES_SQL, type StoredTable, storedTables } from "./stored-tables.ts";
import type { TableDataset } from "./tables.ts";

export type Retention = {
  /** One run, in the loader's pauses. `keptMs`: by dataset of this network, where that is less than the limits. */
  run(
    loader: Pick<Loader, "between" | "loaded" | "durable">,
    at: { nowUs: number; keptMs?: Readonly<Record<string, number>> | undefined },
  ): Promise<Retained>;
};

type DayTable = StoredTable & { dayStartUs: number; keptMs?: number };
type RetentionStep = {
  nowUs: number;
  keptMs?: Readonly<Record<string, number>> | undefined;
  journaled: number;
  loaded: number;
};

/** Searches that began before a drop hold its blocks; the loader goes on while they are waited for. */
const FREEING_TRIES = 10;
const FREEING_EVERY_MS = 100;
/**
 * Rows in the write-ahead log are not compressed: one that is longer, and hardly grew since the run before, is put into
 * the tables. The monitor itself writes a few rows every minute.
 */
const IDLE_LOG_BYTES = 1_000_000;
const TRICKLE_BYTES = 250_000;
const KEEP_ALL: RetentionLimits = {
  votesMs: Number.POSITIVE_INFINITY,
  rawMs: Number.POSITIVE_INFINITY,
  diskBytes: Number.POSITIVE_INFINITY,
};

/** Drops whole day tables of every network in the file: a scattered DELETE would make the file grow. */
export function createRetention(options: {
  database: Database;
  namespace: string;
  datasets: readonly TableDataset[];
  limits?: RetentionLimits | undefined;
  file: string;
  journalDirectory: string;
  log: Log;
}): Retention {
  const { database, namespace, file, journalDirectory, log } = options;
  const limits = options.limits ?? KEEP_ALL;
  const keepOf = new Map(options.datasets.map(({ name, keep }) => [name, keep]));
  /** Tables were dropped whose blocks are not free yet: until then nobody knows how much room that made. */
  let freeing = false;
  let overCap: string | undefined;
  /** Of the write-ahead log at the run before. */
  let logBytes = 0;

  /** What can be done in one pause of the loader; more is to be done later where room is needed and not free yet. */
  const step = async (connection: DuckDBConnection, at: RetentionStep) => {
    const { nowUs, keptMs = {}, ...positions } = at;
    const limited = (day: DayTable): DayTable => {
      const own = day.network === namespace && Object.hasOwn(keptMs, day.dataset) ? keptMs[day.dataset] : undefined;
      return own === undefined ? day : { ...day, keptMs: own };
    };
    let days = storedTables(await readRows(connection, STORED_TABLES_SQL), keepOf)
      .filter(isDay)
      .map(limited);
    let droppedDays = 0;
    const rows = { all: 0, own: 0 };
    const readDisk = async () => {
      const [row] = await readRows(connection, FREE_BYTES_SQL);
      return readDiskUse({ file, journalDirectory, free: Number(row?.[0] ?? 0), ...positions });
    };
    const drop = async (tables: readonly DayTable[], sentence: string): Promise<void> => {
      const dropped = await dropTables({ connection, database, namespace, tables });
      freeing = true;
      droppedDays += tables.length;
      rows.all += dropped.all;
      rows.own += dropped.own;
      days = days.filter((table) => !tables.includes(table));
      // While the cap cannot be kept, what arrives is dropped at every run: that is said once.
      const level = overCap === undefined ? "info" : "debug";
      log[level]({ tables: tables.length, days: [...new Set(tables.map(dayOf))], rows: dropped.all }, sentence);
    };

    const expired = expiredDays({ days, nowUs, limits });
    if (expired.length > 0) await drop(expired, "Documents that are no longer kept were dropped");
    let disk = await readDisk();
    const isIdle = disk.wal > IDLE_LOG_BYTES && disk.wal - logBytes < TRICKLE_BYTES;
    logBytes = disk.wal;
    const needsRoom = freeing || usedBytes(disk) > limits.diskBytes;
    if (needsRoom || isIdle) {
      const isDone = await checkpoint(connection);
      // A log at rest alone is tried again with the next run: nothing waits for its room.
      if (needsRoom) freeing = !isDone;
      disk = await readDisk();
    }
    while (!freeing && usedBytes(disk) > limits.diskBytes) {
      const next = nextToGo(days);
      if (next.length === 0) break;
      await drop(next, "Documents were dropped to keep the disk cap");
      freeing = !(await checkpoint(connection));
      disk = await readDisk();
    }
    if (!freeing) noteCap(usedBytes(disk));
    return { droppedDays, droppedRows: rows.all, removedRows: rows.own, disk };
  };

  return {
    async run(loader, { nowUs, keptMs }) {
      let droppedDays = 0;
      let droppedRows = 0;
      for (let tries = 1; ; tries++) {
        const done = await loader.between((connection) =>
          step(connection, { nowUs, keptMs, journaled: loader.durable(), loaded: loader.loaded().position }),
        );
        droppedDays += done.droppedDays;
        droppedRows += done.droppedRows;
        const { disk } = done;
        if (!freeing || usedBytes(disk) <= limits.diskBytes || tries === FREEING_TRIES) {
          return { ranAtUs: nowUs, droppedDays, droppedRows, disk, ...(overCap === undefined ? {} : { overCap }) };
        }
        await sleep(FREEING_EVERY_MS);
      }
    },
  };

  function noteCap(bytes: number): void {
    const isOver = bytes > limits.diskBytes;
    if (isOver && overCap === undefined) {
      log.warn({ bytes, capBytes: limits.diskBytes }, "The disk cap is exceeded and nothing is left to drop");
    }
    if (!isOver && overCap !== undefined) log.info({ bytes, capBytes: limits.diskBytes }, "The disk cap is kept again");
    overCap = isOver
      ? `The store takes ${gigabytes(bytes)} GB, more than its cap of ${gigabytes(limits.diskBytes)} GB, ` +
        "and holds nothing but what is kept for ever"
      : undefined;
  }
}

function isDay(table: StoredTable): table is DayTable {
  return Number.isFinite(table.dayStartUs);
}

function dayOf({ dayStartUs }: DayTable): string {
  return new Date(dayStartUs / 1000).toISOString().slice(0, 10);
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(2);
}

/**
 * Searches are planned without these tables from here on; one that was planned before and has not begun is planned
 * again, and one that has begun sees them to its end.
 */
async function dropTables(options: {
  connection: DuckDBConnection;
  database: Database;
  namespace: string;
  tables: readonly DayTable[];
}): Promise<{ all: number; own: number }> {
  const { connection, database, namespace, tables } = options;
  const rows = { all: 0, own: 0 };
  database.forget(tables.flatMap(({ network, name }) => (network === namespace ? [name] : [])));
  await connection.run("BEGIN TRANSACTION");
  for (const { name, sql, parts, split, network } of tables) {
    const [row] = await readRows(connection, `SELECT count(*) FROM ${parts[0]}`);
    const count = Number(row?.[0] ?? 0);
    rows.all += count;
    if (network === namespace) rows.own += count;
    const drop = split ? dropSplitSql({ schema: network, table: name }) : [`DROP TABLE ${sql}`];
    for (const statement of drop) await connection.run(statement);
  }
  await connection.run("COMMIT");
  return rows;
}
