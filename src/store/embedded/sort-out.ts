import { type Document, type DocumentBlock, expandBlock, isBlock } from "../../events/document.ts";
import { quarantined } from "../../events/quarantine.ts";
import type { JournaledDocument } from "../journal-reader.ts";
import { DAY_US } from "../retention.ts";
import { createFitter, type Fitter, type Row } from "./fit.ts";
import {
  DELETED_FIELD,
  foreignDataset,
  REST_COLUMN,
  readForeignName,
  SOURCE_FIELD,
  WIDE_FIELD,
  type WideValues,
} from "./foreign-datasets.ts";
import { createSplitter, type SplitPart, type Splitter } from "./split-rows.ts";
import { isSplit } from "./split-tables.ts";
import { ID_PLACE, type TableDataset, tableName } from "./tables.ts";
import type { WideRow } from "./wide-columns.ts";
import { fitWide } from "./wide-rows.ts";

/** The rows that one commit adds to one table: whole ones, or of a day that is held in two tables what differs. */
export type TableBatch = {
  table: string;
  dataset: TableDataset;
  rows: Row[];
  /** Of documents of others the values of each row's fields. */
  wide: WideRow[];
  parts: SplitPart[];
};

/** `_id`s of an index whose documents are no more, or are replaced by rows of the same commit. */
export type Replaced = { dataset: TableDataset; ids: readonly string[] };

export type Sorted = { batches: readonly TableBatch[]; replaced: readonly Replaced[] };

export type Sorter = (documents: readonly JournaledDocument[]) => Sorted;

type Entry = JournaledDocument & { document: Document };

/** The row of an id that stays. */
type Kept = { table: string; row: Row; wide: WideRow | undefined };

type Target = { dataset: TableDataset; toRow: Fitter; split: Splitter | undefined; foreign: boolean };

/** Foreign indices whose form is remembered; beyond, it is made anew. */
const MAX_TARGETS = 4_096;

/**
 * Turns documents into rows by table. What fits no table goes to quarantine under its own position, with the reason;
 * of several documents with the same `_id` the last one stays.
 */
export function createSorter(datasets: readonly TableDataset[]): Sorter {
  const known = new Map(datasets.map((dataset) => [dataset.name, targetOf(dataset)]));
  let foreign = new Map<string, Target>();

  const find = (name: string): Target | undefined => {
    const found = known.get(name) ?? foreign.get(name);
    if (found !== undefined || typeof name !== "string") return found;
    const dataset = foreignDataset(name);
    if (dataset === undefined) return undefined;
    if (foreign.size >= MAX_TARGETS) foreign = new Map();
    const target = targetOf(dataset);
    foreign.set(name, target);
    return target;
  };

  return (documents) => {
    const batches = new Map<string, TableBatch>();
    const byId = new Map<TableDataset, Map<string, Kept | undefined>>();

    const batchOf = (dataset: TableDataset, table: string): TableBatch => {
      let batch = batches.get(table);
      if (batch === undefined) {
        batch = { table, dataset, rows: [], wide: [], parts: [] };
        batches.set(table, batch);
      }
      return batch;
    };

    const addRow = (dataset: TableDataset, { table, row, wide }: Kept) => {
      const batch = batchOf(dataset, table);
      batch.rows.push(row);
      if (wide !== undefined) batch.wide.push(wide);
    };

    /** In words why a document fits no table. */
    const add = ({ document, position, writtenAtUs }: Entry): string | undefined => {
      const target = find(document.dataset);
      if (target === undefined) return `${String(document.dataset)} is not a dataset`;
      const { dataset } = target;
      const { [WIDE_FIELD]: values, [DELETED_FIELD]: deleted, [SOURCE_FIELD]: source, ...own } = document.fields;
      const fields = source === undefined ? own : { ...own, [REST_COLUMN]: source };
      const fitted = target.toRow(values || deleted ? { ...document, fields } : document, position);
      if ("misfit" in fitted) return fitted.misfit;
      const { row } = fitted;
      const fittedWide = values === undefined ? undefined : fitWide(values as WideValues);
      if (fittedWide !== undefined && "misfit" in fittedWide) return fittedWide.misfit;
      const wide = fittedWide?.wide;
      const far = target.foreign && dataset.kind === "stream" && isFarFrom(document.timestampUs, writtenAtUs);
      const table = far ? dataset.name : tableName(dataset, document.timestampUs);
      if (target.split !== undefined) batchOf(dataset, table).parts.push(target.split.ofRow(row));
      else if (dataset.kind === "stream") addRow(dataset, { table, row, wide });
      else {
        const ids = byId.get(dataset) ?? new Map<string, Kept | undefined>();
        byId.set(dataset, ids);
        ids.set(row[ID_PLACE] as string, deleted ? undefined : { table, row, wide });
      }
      return undefined;
    };

    /** False for a block that must be looked at row by row: it fits no table, or not one alone. */
    const addBlock = (block: DocumentBlock, position: number): boolean => {
      const target = known.get(block.dataset);
      const parts = target?.split?.ofBlock(block, position);
      if (target === undefined || parts === undefined) return false;
      const { dataset } = target;
      for (const part of parts) {
        batchOf(dataset, tableName(dataset, part.timestampsUs[0] as number)).parts.push(part);
      }
      return true;
    };

    const addOrQuarantine = (entry: Entry) => {
      const misfit = add(entry);
      if (misfit !== undefined) add({ ...entry, document: quarantineOf(entry, misfit) });
    };

    for (const { document, position, writtenAtUs } of documents) {
      if (!isBlock(document)) addOrQuarantine({ document, position, writtenAtUs });
      else if (!addBlock(document, position)) {
        for (const [row, one] of expandBlock(document).entries()) {
          addOrQuarantine({ document: one, position: position + row, writtenAtUs });
        }
      }
    }
    for (const [dataset, ids] of byId) {
      for (const kept of ids.values()) if (kept !== undefined) addRow(dataset, kept);
    }
    const replaced = [...byId].map(([dataset, ids]) => ({ dataset, ids: [...ids.keys()] }));
    return { batches: [...batches.values()], replaced };
  };
}

/**
 * Others may say any time. What lies further from the time it was written than this stands in one table of its stream
 * that has no day: a sender cannot make a table for each day that there ever was.
 */
const MAX_PAST_US = 400 * DAY_US;
const MAX_AHEAD_US = 2 * DAY_US;

function isFarFrom(timestampUs: number, writtenAtUs: number): boolean {
  return timestampUs < writtenAtUs - MAX_PAST_US || timestampUs > writtenAtUs + MAX_AHEAD_US;
}

function targetOf(dataset: TableDataset): Target {
  return {
    dataset,
    toRow: createFitter(dataset),
    split: isSplit(dataset) ? createSplitter(dataset) : undefined,
    foreign: readForeignName(dataset.name) !== undefined,
  };
}

function quarantineOf({ document, writtenAtUs }: Entry, reason: string): Document {
  const { timestampUs } = document;
  const node = document.fields?.["observer.name"];
  return quarantined({
    node: typeof node === "string" ? node : "",
    receivedAtUs: Number.isSafeInteger(timestampUs) && timestampUs >= 0 ? timestampUs : writtenAtUs,
    dataset: String(document.dataset),
    reason,
    original: JSON.stringify(document),
  });
}
