import { Fault, messageOf } from "../../lib/fault.ts";
import { notCarriedOut } from "../../search/search-fault.ts";

/** The database as a whole can no longer be used: only a new process gets over it. */
export function isFatal(error: unknown): boolean {
  return /FATAL|has been invalidated|INTERNAL Error|database is closed|instance is closed/i.test(messageOf(error));
}

/** Why a database file could not be opened, in a sentence that says what to do. */
export function openFault(error: unknown, file: string): Fault {
  if (error instanceof Fault) return error;
  const words = messageOf(error);
  const unavailable = (sentence: string) =>
    new Fault("store_unavailable", sentence, { retry: "retryable", cause: error });
  if (/Could not set lock/i.test(words)) {
    const pid = /PID (\d+)/.exec(words)?.[1];
    return unavailable(`The database ${file} is locked by another process${pid === undefined ? "" : ` (PID ${pid})`}`);
  }
  if (/newer version of DuckDB|newer version.*storage|storage version/i.test(words)) {
    return new Fault("store_newer", `The database ${file} was written by a newer version of ethmon`, { cause: error });
  }
  if (/not a valid DuckDB database|corrupt|checksum|deserializ|magic bytes/i.test(words)) {
    return unavailable(
      `The database ${file} is damaged: move it away, and what the journal still holds is loaded into a new one`,
    );
  }
  return unavailable(`The database ${file} cannot be opened: ${words}`);
}

/** Why a search failed in the database. */
export function queryFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const words = messageOf(error);
  if (/Out of Memory|max_temp_directory_size|could not allocate/i.test(words)) {
    return notCarriedOut({
      code: "search_too_large",
      type: "circuit_breaking_exception",
      reason: "The search needs more memory than the store may use",
      status: 429,
    });
  }
  return new Fault("store_unavailable", `The search failed in the database: ${words}`, {
    retry: "retryable",
    cause: error,
  });
}
