import { DELAY_FIELD, type DocumentBlock } from "../../events/document.ts";
import { DAY_US } from "../retention.ts";
import { type Cell, createFitter, type Row } from "./fit.ts";
import { rowColumns, type SplitDataset, sharedFields } from "./split-tables.ts";
import { sqlColumns } from "./tables.ts";

/** Rows of one day that share all but what `rowColumns` names; their positions count on from the first one's. */
export type SplitPart = {
  /** The cells of `sharedColumns` after the number. */
  shared: Row;
  /** Equal for equal cells. */
  key: string;
  firstPosition: number;
  timestampsUs: ArrayLike<number>;
  /** The values of the row fields, in the order of `rowColumns`; bigints where they came one by one. */
  columns: readonly ArrayLike<number | bigint | null>[];
};

export type Splitter = {
  ofRow(row: Row): SplitPart;
  /** Undefined for a block that does not fit as a whole. */
  ofBlock(block: DocumentBlock, position: number): SplitPart[] | undefined;
};

const TIMESTAMP_PLACE = 0;
const SEQ_PLACE = 1;

/** Takes rows of such a dataset apart: what is shared, and what is not. */
export function createSplitter(dataset: SplitDataset): Splitter {
  const places = new Map(sqlColumns(dataset).map(({ name }, place) => [name, place]));
  const placeOf = (name: string) => places.get(name) ?? -1;
  const sharedPlaces = sharedFields(dataset).map(({ name }) => placeOf(name));
  const fieldsByRow = rowColumns(dataset)
    .map(({ name }) => name)
    .filter((name) => dataset.rowFields.includes(name));
  const placesByRow = fieldsByRow.map(placeOf);
  const delayPlace = placeOf(DELAY_FIELD);
  const toRow = createFitter(dataset);

  const sharedOf = (row: Row, slotStartUs: bigint | null): { shared: Row; key: string } => {
    const shared: Row = [slotStartUs, ...sharedPlaces.map((place) => row[place] as Cell)];
    return {
      shared,
      key: JSON.stringify(shared, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value)),
    };
  };

  return {
    ofRow(row) {
      const timestampUs = row[TIMESTAMP_PLACE] as bigint;
      const delayMs = row[delayPlace];
      const slotStartUs = typeof delayMs === "number" ? timestampUs - BigInt(Math.round(delayMs * 1000)) : null;
      return {
        ...sharedOf(row, slotStartUs),
        firstPosition: Number(row[SEQ_PLACE]),
        timestampsUs: [Number(timestampUs)],
        columns: placesByRow.map((place) => [row[place] as bigint | null]),
      };
    },
    ofBlock({ dataset: name, fields, slotStartUs, timestampsUs, rows }, position) {
      const first = timestampsUs[0];
      if (first === undefined || !timestampsUs.every(isTime)) return undefined;
      const fitted = toRow({ dataset: name, timestampUs: first, fields }, position);
      if ("misfit" in fitted || Object.keys(rows).some((field) => !fieldsByRow.includes(field))) return undefined;
      const shared = sharedOf(fitted.row, BigInt(slotStartUs));
      const columns = fieldsByRow.map((field) => rows[field] ?? new Array<null>(timestampsUs.length).fill(null));
      return days(timestampsUs).map(({ from, to }) => ({
        ...shared,
        firstPosition: position + from,
        timestampsUs: timestampsUs.subarray(from, to),
        columns: columns.map((column) => column.slice(from, to)),
      }));
    },
  };
}

function isTime(timestampUs: number): boolean {
  return Number.isSafeInteger(timestampUs) && timestampUs >= 0;
}

/** Stretches of rows of one UTC day each: a block is rarely of two. */
function days(timestampsUs: Float64Array): { from: number; to: number }[] {
  const stretches: { from: number; to: number }[] = [];
  let from = 0;
  for (let to = 1; to <= timestampsUs.length; to += 1) {
    if (to < timestampsUs.length && dayOf(timestampsUs[to]) === dayOf(timestampsUs[from])) continue;
    stretches.push({ from, to });
    from = to;
  }
  return stretches;
}

function dayOf(timestampUs: number | undefined): number {
  return Math.floor((timestampUs ?? 0) / DAY_US);
}
