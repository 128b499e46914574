import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Dataset, keepOf } from "../../events/dataset.ts";
import { Fault } from "../../lib/fault.ts";
import { readJournalPosition } from "../journal-recovery.ts";
import type { StoreUse } from "../store.ts";
import { createCensus } from "./census.ts";
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
export async function readClosedStore(options: {
  directory: string;
  datasets: readonly Dataset[];
}): Promise<{ use: StoreUse; journaled: number }> {
  const directory = resolve(options.directory);
  const { file, journalDirectory } = storePaths(directory);
  if (!existsSync(file)) throw new Fault("store_missing", `There is no store in ${directory}.`);
  const lock = await lockDirectory(directory);
  try {
    const datasets = options.datasets.map((dataset) => ({ name: dataset.name, keep: keepOf(dataset) }));
    const use = await readFile({ file, census: createCensus({ datasets, file, journalDirectory }) });
    const journaled = await readJournalPosition(journalDirectory).catch(() => use.loaded);
    return { use, journaled };
  } finally {
    await lock.release();
  }
}

async function readFile(options: { file: string; census: ReturnType<typeof createCensus> }): Promise<StoreUse> {
  const { file, census } = options;
  try {
    const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY", threads: THREADS });
    try {
      const connection = await instance.connect();
      await checkVersion(connection, file);
      return await census.count(({ sql }) => readRows(connection, sql));
    } finally {
      instance.closeSync();
    }
  } catch (error) {
    throw openFault(error, file);
  }
}
