import { type Document, type DocumentBlock, expandBlock, isBlock } from "../../events/document.ts";
import { quarantined } from "../../events/quarantine.ts";
import type { JournaledDocument } from "../journal-reader.ts";
import { createFitter, type Fitter, type Row } from "./fit.ts";
import { createSplitter, type SplitPart, type Splitter } from "./split-rows.ts";
import { isSplit } from "./split-tables.ts";
import { ID_PLACE, type TableDataset, tableName } from "./tables.ts";

/** The rows that one commit adds to one table: whole ones, or of a day that is held in two tables what differs. */
export type TableBatch = { table: string; dataset: TableDataset; rows: Row[]; parts: SplitPart[] };

export type Sorter = (documents: readonly JournaledDocument[]) => TableBatch[];

type Target = { dataset: TableDataset; toRow: Fitter; split: Splitter | undefined };

/**
 * Turns documents into rows by table. What fits no table goes to quarantine under its own position, with the reason;
 * of several documents with the same `_id` the last one stays.
 */
export function createSorter(datasets: readonly TableDataset[]): Sorter {
  const known = new Map<string, Target>(
    datasets.map((dataset) => [
      dataset.name,
      {
        dataset,
        toRow: createFitter(dataset),
        split: isSplit(dataset) ? createSplitter(dataset) : undefined,
      },
    ]),
  );

  return (documents) => {
    const batches = new Map<string, TableBatch>();
    const byId = new Map<TableBatch, Map<string, Row>>();

    const batchOf = ({ dataset }: Target, timestampUs: number): TableBatch => {
      const table = tableName(dataset, timestampUs);
      let batch = batches.get(table);
      if (batch === undefined) {
        batch = { table, dataset, rows: [], parts: [] };
        batches.set(table, batch);
        if (dataset.kind === "index") byId.set(batch, new Map());
      }
      return batch;
    };

    /** In words why a document fits no table. */
    const add = (document: Document, position: number): string | undefined => {
      const target = known.get(document.dataset);
      if (target === undefined) return `${String(document.dataset)} is not a dataset`;
      const fitted = target.toRow(document, position);
      if ("misfit" in fitted) return fitted.misfit;
      const batch = batchOf(target, document.timestampUs);
      const ids = byId.get(batch);
      if (target.split !== undefined) batch.parts.push(target.split.ofRow(fitted.row));
      else if (ids === undefined) batch.rows.push(fitted.row);
      else ids.set(fitted.row[ID_PLACE] as string, fitted.row);
      return undefined;
    };

    /** False for a block that must be looked at row by row: it fits no table, or not one alone. */
    const addBlock = (block: DocumentBlock, position: number): boolean => {
      const target = known.get(block.dataset);
      const parts = target?.split?.ofBlock(block, position);
      if (target === undefined || parts === undefined) return false;
      for (const part of parts) batchOf(target, part.timestampsUs[0] as number).parts.push(part);
      return true;
    };

    const addOrQuarantine = (entry: JournaledDocument & { document: Document }) => {
      const misfit = add(entry.document, entry.position);
      if (misfit !== undefined) add(quarantineOf(entry, misfit), entry.position);
    };

    for (const { document, position, writtenAtUs } of documents) {
      if (!isBlock(document)) addOrQuarantine({ document, position, writtenAtUs });
      else if (!addBlock(document, position)) {
        for (const [row, one] of expandBlock(document).entries()) {
          addOrQuarantine({ document: one, position: position + row, writtenAtUs });
        }
      }
    }
    for (const [batch, ids] of byId) batch.rows = [...ids.values()];
    return [...batches.values()];
  };
}

function quarantineOf({ document, writtenAtUs }: JournaledDocument & { document: Document }, reason: string): Document {
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
