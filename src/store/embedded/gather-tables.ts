import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { DAY_US } from "../retention.ts";
import { checkpoint } from "./checkpoint.ts";
import type { Database } from "./database.ts";
import { FREE_BYTES_SQL, readDiskUse, usedBytes } from "./disk-use.ts";
import { nextPiece, PIECE_ROWS, planPiece, writePiece } from "./gather-piece.ts";
import { forgetMarks, type GatheredMark, readMarks, writeMark } from "./gathered-marks.ts";
import type { Loader } from "./loader.ts";
import { readRows } from "./read-rows.ts";
import { quoted } from "./tables.ts";

/** Puts documents of others of the same kind side by side in their tables, long after they came. */
export type Gathering = {
  /** One run, in the loader's pauses: how many pieces of tables were written. */
  run(
    loader: Pick<Loader, "between" | "loaded" | "durable">,
    at: { nowUs: number; signal: AbortSignal },
  ): Promise<{ pieces: number }>;
};

/** Rows of a table that came to rest and are worth to be written anew: of a day that is over, and of any other. */
const FEWEST_ROWS = { over: 4_096, live: 30_720 };
/** A run begins no further piece after this time; the loader goes on between pieces. */
const RUN_MS = 15_000;
/** A table where a piece was begun so often and never ended is left as it is. */
const MAX_TRIES = 3;
/** What must be free beside a piece's copy and what is put aside for it: on the disk, and below the cap. */
const FREE_BYTES = { disk: 1_000_000_000, cap: 150_000_000 };

/** What the run before saw of a table. `isDone`: nothing is to be done until it grows, or its day is over. */
type Seen = { size: string; isOver: boolean; isDone: boolean };
/** A table with so many rows to write anew, which go on until fewer than `fewest` are left. */
type Due = { name: string; mark: GatheredMark; rows: number; fewest: number };
type Positions = { journaled: number; loaded: number };

/**
 * Most columns of a table have values in documents of one kind alone, and the database compresses those well only where
 * they stand side by side. So rows are written anew, ordered by their kind, a piece at a time: as soon as there are enough of
 * them, or once no more come. Each piece is one transaction, and each row is written anew once.
 */
export function createGathering(options: {
  database: Database;
  schema: string;
  file: string;
  journalDirectory: string;
  /** What the store may take on the disk. */
  diskBytes: number;
  clock: Clock;
  log: Log;
  onGathered: (table: string) => void;
}): Gathering {
  const { database, schema, file, journalDirectory, diskBytes, clock, log, onGathered } = options;
  let seen = new Map<string, Seen>();
  const sqlOf = (name: string) => `${quoted(schema)}.${quoted(name)}`;

  /** The tables that have rows to write anew. */
  const findDue = async (connection: DuckDBConnection, nowUs: number): Promise<Due[]> => {
    const sizes = new Map(
      (await readRows(connection, SIZES_SQL, [schema])).map((row) => row.map(String)) as [string, string][],
    );
    const marks = await readMarks(connection, schema);
    const before = seen;
    seen = new Map();
    const due: Due[] = [];
    for (const { name, wide, dayStartUs } of database.tables.values()) {
      const size = sizes.get(name);
      if (wide.size === 0 || size === undefined) continue;
      const known = before.get(name);
      const isOver = dayStartUs !== undefined && nowUs >= dayStartUs + DAY_US;
      const isResting = known?.size === size;
      const mark = marks.of(name);
      const isTooLarge = mark.tries >= MAX_TRIES;
      if (isTooLarge && known === undefined)
        log.warn({ table: name }, "The documents of a table could not be gathered");
      if (isTooLarge || (isResting && known.isDone && known.isOver === isOver)) {
        seen.set(name, { size, isOver, isDone: true });
        continue;
      }
      const rows = await rowsBehind(connection, { table: sqlOf(name), mark });
      const fewest = isResting ? FEWEST_ROWS[isOver ? "over" : "live"] : PIECE_ROWS;
      const isDue = rows >= fewest;
      seen.set(name, { size, isOver, isDone: isResting && !isDue });
      if (isDue) due.push({ name, mark, rows, fewest });
    }
    return due;
  };

  /** Writes the next piece of a table; undefined where there is none, or no room. */
  const step = async (connection: DuckDBConnection, { name, mark }: Due, positions: Positions) => {
    const table = sqlOf(name);
    // It may have been dropped meanwhile.
    if (!database.tables.has(name) || !(await hasRoom(connection, positions))) return undefined;
    const piece = await nextPiece(connection, { table, after: mark.seq });
    if (piece === undefined) return undefined;
    const conditions = await planPiece(connection, piece);
    // A failure ends the process: the next one must know that it was tried.
    if (conditions !== undefined) await note(connection, name, { ...mark, tries: mark.tries + 1 });
    const done = { seq: piece.last, tries: 0 };
    await connection.run("BEGIN TRANSACTION");
    if (conditions !== undefined) await writePiece(connection, { piece, conditions });
    await note(connection, name, done);
    await connection.run("COMMIT");
    if (conditions !== undefined) {
      onGathered(table);
      await checkpoint(connection);
    }
    return { mark: done, rows: piece.rows, pieces: conditions === undefined ? 0 : 1 };
  };

  const note = (connection: DuckDBConnection, name: string, mark: GatheredMark) =>
    writeMark(connection, { network: schema, name, mark });

  const hasRoom = async (connection: DuckDBConnection, positions: Positions): Promise<boolean> => {
    const { bavail, bsize } = await statfs(dirname(file));
    if (bavail * bsize < FREE_BYTES.disk) return false;
    const [row] = await readRows(connection, FREE_BYTES_SQL);
    const disk = await readDiskUse({ file, journalDirectory, free: Number(row?.[0] ?? 0), ...positions });
    return usedBytes(disk) + FREE_BYTES.cap < diskBytes;
  };

  return {
    async run(loader, { nowUs, signal }) {
      const startUs = clock.monoUs();
      const isOver = () => signal.aborted || clock.monoUs() - startUs > RUN_MS * 1000;
      const pause = <T>(work: (connection: DuckDBConnection) => Promise<T>) =>
        loader
          .between(async (connection) => ({ removedRows: 0, outcome: await work(connection) }))
          .then(({ outcome }) => outcome);
      const due = await pause(async (connection) => {
        await forgetMarks(connection);
        return findDue(connection, nowUs);
      });
      let pieces = 0;
      for (let next of due) {
        while (next.rows >= next.fewest && !isOver()) {
          const done = await pause((connection) =>
            step(connection, next, { journaled: loader.durable(), loaded: loader.loaded().position }),
          );
          if (done === undefined) break;
          pieces += done.pieces;
          next = { ...next, mark: done.mark, rows: next.rows - done.rows };
        }
      }
      return { pieces };
    },
  };
}

const SIZES_SQL = "SELECT table_name, estimated_size FROM duckdb_tables() WHERE schema_name = $1 AND NOT internal";

async function rowsBehind(
  connection: DuckDBConnection,
  { table, mark }: { table: string; mark: GatheredMark },
): Promise<number> {
  const [row] = await readRows(connection, `SELECT count(*) FROM ${table} WHERE _seq > ${mark.seq}`);
  return Number(row?.[0] ?? 0);
}
