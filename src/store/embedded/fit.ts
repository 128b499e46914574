import type { ColumnType } from "../../events/dataset.ts";
import type { Document, Json } from "../../events/document.ts";
import { ID_PLACE, leadingColumns, type TableColumn, type TableDataset, TIMESTAMP_COLUMN } from "./tables.ts";

/** A value as its column takes it: dates and 64-bit integers are bigints, JSON is text. */
export type Cell = string | number | bigint | boolean | null | readonly Cell[];
/** The cells of one document in the order of its dataset's columns. */
export type Row = Cell[];

export type Fitted = { row: Row } | { misfit: string };
export type Fitter = (document: Document, position: number) => Fitted;

/** Dates reach from 1970 to what a number of microseconds can hold exactly, the year 2255. */
const MAX_LONG = 2n ** 63n - 1n;
const MIN_LONG = -(2n ** 63n);
const MAX_UNSIGNED = 2n ** 64n - 1n;
const INTEGER_TEXT = /^-?\d{1,20}$/;

/** A value that does not fit. */
const MISFIT = Symbol("misfit");

export function isMisfit(cell: Cell | symbol): cell is symbol {
  return cell === MISFIT;
}

/** Makes the function that turns documents of one dataset into rows, or says in words what does not fit. */
export function createFitter(dataset: TableDataset): Fitter {
  const keyed = dataset.kind === "index";
  const first = leadingColumns(dataset).length;
  const places = new Map(dataset.columns.map((column, i) => [column.name, { column, at: first + i }]));
  const width = first + dataset.columns.length;

  return (document, position) => {
    const { timestampUs, id, fields } = document;
    if (!Number.isSafeInteger(timestampUs) || timestampUs < 0) return { misfit: `${TIMESTAMP_COLUMN} is not a time` };
    if (keyed && (typeof id !== "string" || id === "")) return { misfit: "_id is missing" };
    if (!keyed && id !== undefined) return { misfit: "_id stands in a document of a stream" };
    const row: Row = new Array(width).fill(null);
    row[0] = BigInt(timestampUs);
    row[1] = BigInt(position);
    if (keyed) row[ID_PLACE] = id as string;
    for (const name in fields) {
      const value = fields[name];
      if (value === undefined || value === null) continue;
      const place = places.get(name);
      if (place === undefined) return { misfit: `${name} is not a field of ${dataset.name}` };
      const cell = fitColumn(place.column, value);
      if (cell === MISFIT) return { misfit: `${name} is not of type ${typeInWords(place.column)}` };
      row[place.at] = cell;
    }
    return { row };
  };
}

function typeInWords({ type, list }: TableColumn): string {
  return list ? `list of ${type}` : type;
}

/** The cells of a value, or what `isMisfit` tells. */
export function fitColumn(column: TableColumn, value: Json): Cell | typeof MISFIT {
  if (!column.list) return fitValue(column.type, value);
  const items: Cell[] = [];
  for (const item of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
    const cell = item === null ? MISFIT : fitValue(column.type, item);
    if (cell === MISFIT) return MISFIT;
    items.push(cell);
  }
  return items;
}

/** Like Elasticsearch, a keyword takes numbers and booleans, and an integer takes its decimal text. */
function fitValue(type: ColumnType, value: Json): Cell | typeof MISFIT {
  switch (type) {
    case "keyword":
      if (typeof value === "string") return value;
      return typeof value === "number" || typeof value === "boolean" ? String(value) : MISFIT;
    case "text":
      return typeof value === "string" ? value : MISFIT;
    case "boolean":
      return typeof value === "boolean" ? value : MISFIT;
    case "double":
      return typeof value === "number" ? value : MISFIT;
    case "long":
      return fitInteger(value, MIN_LONG, MAX_LONG);
    case "unsigned_long":
      return fitInteger(value, 0n, MAX_UNSIGNED);
    case "date":
      return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : MISFIT;
    case "flattened":
      return JSON.stringify(value);
  }
}

function fitInteger(value: Json, min: bigint, max: bigint): bigint | typeof MISFIT {
  const exact =
    typeof value === "number" ? Number.isSafeInteger(value) : typeof value === "string" && INTEGER_TEXT.test(value);
  if (!exact) return MISFIT;
  const integer = BigInt(value as number | string);
  return integer >= min && integer <= max ? integer : MISFIT;
}
