import {
  DuckDBArrayType,
  type DuckDBDataChunk,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUnionType,
} from "@duckdb/node-api";
import duckdb, { type Vector } from "@duckdb/node-bindings";

/** Bytes of one value of a column, by its row; counting stops beyond `most`. */
type Measure = (row: number, most: number) => number;

/** What any value takes at least: a number, or the place of a text. */
const PLACE_BYTES = 16;

/** Types whose values are a length and where the bytes are. */
const TEXTS: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.VARCHAR,
  DuckDBTypeId.BLOB,
  DuckDBTypeId.BIT,
  DuckDBTypeId.BIGNUM,
  DuckDBTypeId.GEOMETRY,
]);

/**
 * How large the rows of a chunk are where the database holds them, before any value of them is made: at least the bytes
 * of a row, or, beyond `most`, some number above it.
 */
export function measureRows(chunk: DuckDBDataChunk, types: readonly DuckDBType[]): Measure {
  const { rowCount } = chunk;
  const columns = types.map((type, i) => measureOf(type, duckdb.data_chunk_get_vector(chunk.chunk, i), rowCount));
  return (row, most) => sumWithin(columns.length, most, (i, left) => columns[i]?.(row, left) ?? 0);
}

function measureOf(type: DuckDBType, vector: Vector, count: number): Measure {
  const measure = measureValid(type, vector, count);
  if (measure === undefined) return () => PLACE_BYTES;
  const validity = duckdb.vector_get_validity(vector, Math.ceil(count / 64) * 8);
  const isNull = (row: number) => validity !== null && (((validity[row >> 3] ?? 0xff) >> (row & 7)) & 1) === 0;
  return (row, most) => (isNull(row) ? PLACE_BYTES : measure(row, most));
}

/** Undefined for types whose values are all of one size. */
function measureValid(type: DuckDBType, vector: Vector, count: number): Measure | undefined {
  if (TEXTS.has(type.typeId)) {
    const places = placesOf(vector, count);
    return (row) => PLACE_BYTES + places.getUint32(row * PLACE_BYTES, true);
  }
  if (type instanceof DuckDBListType) return measureLists(type.valueType, vector, count);
  if (type instanceof DuckDBMapType) {
    return measureLists(new DuckDBStructType(["key", "value"], [type.keyType, type.valueType]), vector, count);
  }
  if (type instanceof DuckDBArrayType) {
    const { length, valueType } = type;
    const inner = measureOf(valueType, duckdb.array_vector_get_child(vector), count * length);
    return (row, most) => PLACE_BYTES + sumWithin(length, most, (i, left) => inner(row * length + i, left));
  }
  if (type instanceof DuckDBStructType) return measureParts(type.entryTypes, vector, { count, first: 0 });
  // Before its members stands which of them it is.
  if (type instanceof DuckDBUnionType) return measureParts(type.memberTypes, vector, { count, first: 1 });
  return undefined;
}

function measureParts(
  types: readonly DuckDBType[],
  vector: Vector,
  { count, first }: { count: number; first: number },
): Measure {
  const parts = types.map((type, i) => measureOf(type, duckdb.struct_vector_get_child(vector, first + i), count));
  return (row, most) => PLACE_BYTES + sumWithin(parts.length, most, (i, left) => parts[i]?.(row, left) ?? 0);
}

function measureLists(type: DuckDBType, vector: Vector, count: number): Measure {
  const places = placesOf(vector, count);
  const inner = measureOf(type, duckdb.list_vector_get_child(vector), duckdb.list_vector_get_size(vector));
  return (row, most) => {
    const first = Number(places.getBigUint64(row * PLACE_BYTES, true));
    const length = Number(places.getBigUint64(row * PLACE_BYTES + 8, true));
    return PLACE_BYTES + sumWithin(length, most, (i, left) => inner(first + i, left));
  };
}

function sumWithin(count: number, most: number, of: (i: number, left: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count && sum <= most; i++) sum += of(i, most - sum);
  return sum;
}

function placesOf(vector: Vector, count: number): DataView {
  const { buffer, byteOffset, byteLength } = duckdb.vector_get_data(vector, count * PLACE_BYTES);
  return new DataView(buffer, byteOffset, byteLength);
}
