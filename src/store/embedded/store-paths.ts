import { join } from "node:path";

/** Where a store lies in its data directory. */
export function storePaths(directory: string): { file: string; journalDirectory: string } {
  return { file: join(directory, "ethmon.duckdb"), journalDirectory: join(directory, "journal") };
}
