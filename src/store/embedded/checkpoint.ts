import type { DuckDBConnection } from "@duckdb/node-api";
import { messageOf } from "../../lib/fault.ts";

/** Frees the blocks of what was dropped; false when a search that began before still holds them. */
export async function checkpoint(connection: DuckDBConnection): Promise<boolean> {
  try {
    await connection.run("CHECKPOINT");
    return true;
  } catch (error) {
    // Refused before anything was done; every other error ends the process.
    if (/Cannot CHECKPOINT/.test(messageOf(error))) return false;
    throw error;
  }
}
