import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Dataset, keepOf } from "../../events/dataset.ts";
import { Fault } from "../../lib/fault.ts";
import { readJournalPosition } from "../journal-recovery.ts";
import type { StoreUse } from "../store.ts";
import { type Census, createCensus } from "./census.ts";
import { openFault } from "./database-errors.ts";
import { lockDirectory } from "./lock.ts";
import { checkVersion } from "./migrations.ts";
import { readRows } from "./read-rows.ts";
import { storePaths } from "./store-paths.ts";

const THREADS = "2";

/**
 * What a store holds that no program uses now, read without changing it; the directory is locked meanwhile.
 * Throws `store_missing`, `store_in_use`, `store_newer` and `store_unavailable`.
 */
export async function readClosedStore(options: { directory: string; datasets: readonly Dataset[] }): Promise<StoreUse> {
  const directory = resolve(options.directory);
  const { file, journalDirectory } = storePaths(directory);
  if (!existsSync(file)) throw new Fault("store_missing", `There is no store in ${directory}.`);
  const lock = await lockDirectory(directory);
  try {
    const datasets = options.datasets.map((dataset) => ({ name: dataset.name, keep: keepOf(dataset) }));
    // A journal that was moved away is none.
    const journaled = existsSync(journalDirectory) ? await readJournalPosition(journalDirectory) : 0;
    return await count({ file, journaled, census: createCensus({ datasets, file, journalDirectory }) });
  } finally {
    await lock.release();
  }
}

async function count(options: { file: string; journaled: number; census: Census }): Promise<StoreUse> {
  const { file, journaled, census } = options;
  try {
    const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY", threads: THREADS });
    try {
      const connection = await instance.connect();
      try {
        await checkVersion(connection, file);
        return await census.count(({ sql }) => readRows(connection, sql), journaled);
      } finally {
        // While it is open the file stays locked, whatever becomes of the instance.
        connection.closeSync();
      }
    } finally {
      instance.closeSync();
    }
  } catch (error) {
    throw openFault(error, file);
  }
}
