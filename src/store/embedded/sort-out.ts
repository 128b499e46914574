import type { Document } from "../../events/document.ts";
import { quarantined } from "../../events/quarantine.ts";
import type { JournaledDocument } from "../journal-reader.ts";
import { createFitter, type Fitter, type Row } from "./fit.ts";
import { ID_PLACE, type TableDataset, tableName } from "./tables.ts";

/** The rows that one commit adds to one table. */
export type TableBatch = { table: string; dataset: TableDataset; rows: Row[] };

export type Sorter = (documents: readonly JournaledDocument[]) => TableBatch[];

/**
 * Turns documents into rows by table. What fits no table goes to quarantine under its own position, with the reason;
 * of several documents with the same `_id` the last one stays.
 */
export function createSorter(datasets: readonly TableDataset[]): Sorter {
  const known = new Map<string, { dataset: TableDataset; toRow: Fitter }>(
    datasets.map((dataset) => [dataset.name, { dataset, toRow: createFitter(dataset) }]),
  );

  return (documents) => {
    const batches = new Map<string, TableBatch>();
    const byId = new Map<TableBatch, Map<string, Row>>();
    const add = (document: Document, position: number): string | undefined => {
      const target = known.get(document.dataset);
      if (target === undefined) return `${String(document.dataset)} is not a dataset`;
      const { dataset, toRow } = target;
      const fitted = toRow(document, position);
      if ("misfit" in fitted) return fitted.misfit;
      const table = tableName(dataset, document.timestampUs);
      let batch = batches.get(table);
      if (batch === undefined) {
        batch = { table, dataset, rows: [] };
        batches.set(table, batch);
        if (dataset.kind === "index") byId.set(batch, new Map());
      }
      const ids = byId.get(batch);
      if (ids === undefined) batch.rows.push(fitted.row);
      else ids.set(fitted.row[ID_PLACE] as string, fitted.row);
      return undefined;
    };

    for (const entry of documents) {
      const misfit = add(entry.document, entry.position);
      if (misfit !== undefined) add(quarantineOf(entry, misfit), entry.position);
    }
    for (const [batch, ids] of byId) batch.rows = [...ids.values()];
    return [...batches.values()];
  };
}

function quarantineOf({ document, writtenAtUs }: JournaledDocument, reason: string): Document {
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
