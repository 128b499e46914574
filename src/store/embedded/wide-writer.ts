import { setImmediate as nextTurn } from "node:timers/promises";
import { type DuckDBConnection, DuckDBDataChunk, type DuckDBType, VARCHAR } from "@duckdb/node-api";
import bindings from "@duckdb/node-bindings";
import { storedWords } from "../../search/text/stored-words.ts";
import { CHUNK_ROWS, duckdbType, duckdbValue } from "./duckdb-values.ts";
import type { Cell, Row } from "./fit.ts";
import type { WideColumn, WideColumns, WideRow } from "./wide-columns.ts";

/**
 * Appends documents of others. Of the hundreds of columns a document fills some thirty: all are set to nothing at once,
 * and then what is there, since to set nothing value by value takes most of the time.
 */
export async function appendWideRows(options: {
  connection: DuckDBConnection;
  schema: string;
  table: string;
  /** Types of the columns that each row has a cell for. */
  types: readonly DuckDBType[];
  columns: WideColumns;
  rows: readonly Row[];
  wide: readonly WideRow[];
}): Promise<void> {
  const { connection, schema, table, types, columns, rows, wide } = options;
  const places = new Map<string, Place>();
  const every = [...types];
  for (const [field, column] of columns) {
    places.set(field, { column, at: every.length });
    every.push(duckdbType(column), ...(column.words ? [VARCHAR] : []));
  }
  const appender = await connection.createAppender(table, schema);
  try {
    for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
      // The appender is synchronous: searches get their turn between chunks.
      if (from > 0) await nextTurn();
      const part = rows.slice(from, from + CHUNK_ROWS);
      const chunk = DuckDBDataChunk.create(every, part.length);
      for (const [at, type] of types.entries()) {
        chunk.setColumnValues(
          at,
          part.map((row) => duckdbValue(type, row[at] as Cell)),
        );
      }
      for (let at = types.length; at < every.length; at += 1) setNothing(chunk, at);
      fillWide({ chunk, places, wide: wide.slice(from, from + CHUNK_ROWS) });
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  } catch (error) {
    // Closing would flush what is left, and fail again.
    appender.clear();
    throw error;
  } finally {
    appender.closeSync();
  }
}

const NO_VALUE = new ArrayBuffer(CHUNK_ROWS / 8);

function setNothing(chunk: DuckDBDataChunk, column: number): void {
  const vector = bindings.data_chunk_get_vector(chunk.chunk, column);
  bindings.vector_ensure_validity_writable(vector);
  bindings.copy_data_to_vector_validity(vector, 0, NO_VALUE, 0, Math.ceil(chunk.rowCount / 64) * 8);
}

/** Where a field's column stands; its words stand behind it. */
type Place = { column: WideColumn; at: number };

function fillWide(options: {
  chunk: DuckDBDataChunk;
  places: ReadonlyMap<string, Place>;
  wide: readonly WideRow[];
}): void {
  const { chunk, places, wide } = options;
  const filled = new Set<number>();
  for (const [row, values] of wide.entries()) {
    for (const { field, cells } of values) {
      const place = places.get(field);
      if (place === undefined) continue;
      const { column, at } = place;
      const cell = column.list ? cells : (cells[0] ?? null);
      chunk.getColumnVector(at).setItem(row, duckdbValue(duckdbType(column), cell));
      filled.add(at);
      if (!column.words) continue;
      chunk.getColumnVector(at + 1).setItem(row, storedWords(cells.map(String)));
      filled.add(at + 1);
    }
  }
  for (const at of filled) chunk.getColumnVector(at).flush();
}
