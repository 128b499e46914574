import { setImmediate as nextTurn } from "node:timers/promises";
import {
  BIGINT,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBTimestampValue,
  type DuckDBValue,
  TIMESTAMP,
  UINTEGER,
} from "@duckdb/node-api";
import type { Row } from "./fit.ts";
import { readRows } from "./read-rows.ts";
import type { SplitPart } from "./split-rows.ts";
import { rowsTable, SHARED_COLUMN, type SplitDataset, sharedTable } from "./split-tables.ts";
import { quoted } from "./tables.ts";

/** Gives what rows share its number in a table, and tells what is new; numbers given before a restart are not used again. */
export type SharedNumbers = {
  of(options: { table: string; parts: readonly SplitPart[]; connection: DuckDBConnection; schema: string }): Promise<{
    numbers: readonly number[];
    added: Row[];
  }>;
  /** The table is a new one, perhaps of a name that was dropped before. */
  forget(table: string): void;
};

const CHUNK_ROWS = 2048;
/** Ways to share that are remembered a table; what is forgotten gets another number, and the rows a second one like it. */
const MAX_REMEMBERED = 8_192;

export function createSharedNumbers(): SharedNumbers {
  const tables = new Map<string, { next: number; byKey: Map<string, number> }>();
  return {
    async of({ table, parts, connection, schema }) {
      let known = tables.get(table);
      if (known === undefined) {
        const [row] = await readRows(
          connection,
          `SELECT coalesce(max(${SHARED_COLUMN}) + 1, 0) FROM ${quoted(schema)}.${quoted(sharedTable(table))}`,
        );
        known = { next: Number(row?.[0] ?? 0), byKey: new Map() };
        // Days end: the day before may still get rows, no other does.
        if (tables.size >= 4) tables.clear();
        tables.set(table, known);
      }
      const { byKey } = known;
      if (byKey.size > MAX_REMEMBERED) byKey.clear();
      const added: Row[] = [];
      const numbers: number[] = [];
      for (const { key, shared } of parts) {
        let number = byKey.get(key);
        if (number === undefined) {
          number = known.next;
          known.next += 1;
          byKey.set(key, number);
          added.push([number, ...shared]);
        }
        numbers.push(number);
      }
      return { numbers, added };
    },
    forget: (table) => tables.delete(table),
  };
}

/** Appends the rows of parts column by column: no object is made for a row. */
export async function appendParts(options: {
  connection: DuckDBConnection;
  schema: string;
  table: string;
  dataset: SplitDataset;
  parts: readonly SplitPart[];
  numbers: readonly number[];
}): Promise<number> {
  const { connection, schema, table, dataset, parts, numbers } = options;
  const types = [TIMESTAMP, BIGINT, UINTEGER, ...dataset.rowFields.map(() => BIGINT)];
  const appender = await connection.createAppender(rowsTable(table), schema);
  let total = 0;
  try {
    for (const chunk of chunks(parts)) {
      // The appender is synchronous: searches get their turn between chunks.
      if (total > 0) await nextTurn();
      const size = chunk.reduce((sum, { from, to }) => sum + to - from, 0);
      const data = DuckDBDataChunk.create(types, size);
      const fill = (column: number, cellOf: (place: number, row: number) => DuckDBValue) => {
        const vector = data.getColumnVector(column);
        let at = 0;
        for (const { place, from, to } of chunk) {
          for (let row = from; row < to; row += 1) vector.setItem(at++, cellOf(place, row));
        }
        vector.flush();
      };
      fill(0, createTimestamps(parts));
      fill(1, (place, row) => BigInt((parts[place]?.firstPosition ?? 0) + row));
      fill(2, (place) => numbers[place] ?? 0);
      for (const [column] of dataset.rowFields.entries()) {
        fill(3 + column, (place, row) => {
          const value = parts[place]?.columns[column]?.[row];
          return typeof value === "number" ? BigInt(value) : (value ?? null);
        });
      }
      appender.appendDataChunk(data);
      total += size;
    }
    appender.flushSync();
  } catch (error) {
    // Closing would flush what is left, and fail again.
    appender.clear();
    throw error;
  } finally {
    appender.closeSync();
  }
  return total;
}

/** Rows that came together have one time, and one value for it. */
function createTimestamps(parts: readonly SplitPart[]): (place: number, row: number) => DuckDBTimestampValue {
  let lastUs = Number.NaN;
  let last = new DuckDBTimestampValue(0n);
  return (place, row) => {
    const timestampUs = parts[place]?.timestampsUs[row] ?? 0;
    if (timestampUs !== lastUs) {
      lastUs = timestampUs;
      last = new DuckDBTimestampValue(BigInt(timestampUs));
    }
    return last;
  };
}

type Stretch = { place: number; from: number; to: number };

/** Stretches of parts, as many rows together as a chunk of the database holds. */
function* chunks(parts: readonly SplitPart[]): Generator<Stretch[]> {
  let chunk: Stretch[] = [];
  let room = CHUNK_ROWS;
  for (const [place, { timestampsUs }] of parts.entries()) {
    for (let from = 0; from < timestampsUs.length; ) {
      const to = Math.min(timestampsUs.length, from + room);
      chunk.push({ place, from, to });
      room -= to - from;
      from = to;
      if (room > 0) continue;
      yield chunk;
      chunk = [];
      room = CHUNK_ROWS;
    }
  }
  if (chunk.length > 0) yield chunk;
}
