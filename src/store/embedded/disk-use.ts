import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DiskUse } from "../store.ts";

/** What the store takes on the disk; `readFree` asks the open database for the free bytes within its file. */
export async function readDiskUse(options: {
  file: string;
  journalDirectory: string;
  readFree: () => Promise<number>;
}): Promise<DiskUse> {
  const { file, journalDirectory, readFree } = options;
  const names = await readdir(journalDirectory).catch(() => []);
  const journal = await Promise.all(names.map((name) => sizeOf(join(journalDirectory, name))));
  return {
    free: await readFree(),
    database: await sizeOf(file),
    wal: await sizeOf(`${file}.wal`),
    journal: journal.reduce((sum, bytes) => sum + bytes, 0),
  };
}

export const FREE_BYTES_SQL = "SELECT coalesce(sum(block_size * free_blocks), 0) FROM pragma_database_size()";

/** The bytes that hold something: free ones are filled before the file grows, so they are no reason to drop more. */
export function usedBytes({ database, free, wal, journal }: DiskUse): number {
  return Math.max(0, database - free) + wal + journal;
}

/** A file that is not there takes nothing: a journal segment may just have been deleted. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
