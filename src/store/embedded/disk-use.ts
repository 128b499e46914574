import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { listSegments } from "../journal-segments.ts";
import type { DiskUse } from "../store.ts";

/**
 * What the store takes on the disk. `free` are the bytes within the database's file that it fills before it grows, from
 * `FREE_BYTES_SQL`; positions are the journal's.
 */
export async function readDiskUse(options: {
  file: string;
  journalDirectory: string;
  free: number;
  journaled: number;
  loaded: number;
}): Promise<DiskUse> {
  const { file, journalDirectory, free, journaled, loaded } = options;
  const names = await readdir(journalDirectory).catch(() => []);
  const sizes = await Promise.all(names.map((name) => sizeOf(join(journalDirectory, name))));
  const journal = sizes.reduce((sum, bytes) => sum + bytes, 0);
  const [first = journaled + 1] = await listSegments(journalDirectory).catch(() => []);
  const documents = journaled - first + 1;
  const pending = documents <= 0 ? 0 : Math.min(documents, Math.max(0, journaled - loaded)) / documents;
  return {
    database: await sizeOf(file),
    free,
    wal: await sizeOf(`${file}.wal`),
    journal,
    pending: Math.round(journal * pending),
  };
}

export const FREE_BYTES_SQL = "SELECT coalesce(sum(block_size * free_blocks), 0) FROM pragma_database_size()";

/**
 * The bytes that dropping documents can be asked to keep below a cap: the free ones within the file are filled before
 * it grows, and those that wait in the journal become rows of a fraction of their size.
 */
export function usedBytes({ database, free, wal, journal, pending }: DiskUse): number {
  return Math.max(0, database - free) + wal + journal - pending;
}

/** A file that is not there takes nothing: a journal segment may just have been deleted. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
