import { type Dataset, keepOf } from "../../events/dataset.ts";
import { type Document, expandBlock, isBlock } from "../../events/document.ts";
import { quarantined } from "../../events/quarantine.ts";
import { sourceOfColumns } from "../../search/hits/source-of-columns.ts";
import { indexName } from "../../search/index-pattern.ts";
import { createFitter } from "../embedded/fit.ts";
import { DELETED_FIELD, readForeignName, SOURCE_FIELD, VERSION_COLUMN } from "../embedded/foreign-datasets.ts";
import { ID_COLUMN, leadingColumns, tableDataset } from "../embedded/tables.ts";
import type { JournaledDocument } from "../journal-reader.ts";
import { SEQ_FIELD } from "./own-template.ts";

/** One line of a `_bulk`, or two: what is done to one document. */
export type Operation = {
  /** In the journal. */
  position: number;
  /** Data stream or index. */
  index: string;
  kind: "stream" | "index";
  /** In the index. */
  id: string;
  /** With the line's end. */
  text: string;
  /** What came, for quarantine. */
  document: Document;
  writtenAtUs: number;
};

/** The user's own version of a document of others, beside `_source` as `_seq` is. */
export const VERSION_FIELD = "_rev";

type Maker = (document: Document, position: number) => { text: string; id: string } | { misfit: string };
type Target = { index: string; kind: "stream" | "index"; make: Maker };

/**
 * Turns the journal's documents into operations; what fits no index goes to quarantine under its own position. A
 * document of a stream is made by its position, so that one which is sent again is refused as there already; one of an
 * index carries its position as version, so that an older one never replaces a newer.
 */
export function createOperations(options: { datasets: readonly Dataset[]; network: string; votes: boolean }): {
  of(entries: readonly JournaledDocument[]): Operation[];
  /** At most `longest` characters of what came are kept. */
  quarantine(operation: Operation, reason: string, longest?: number): Operation;
} {
  const { datasets, network, votes } = options;
  const targets = new Map(datasets.map((dataset) => [dataset.name, ownTarget(dataset, network)]));
  /** Their documents never get into the journal; in one of an earlier run, which kept them, they may stand. */
  const left = new Set(datasets.filter((one) => !votes && keepOf(one) === "votes").map(({ name }) => name));

  const find = (name: string): Target | undefined => {
    const own = targets.get(name);
    const foreign = own === undefined && typeof name === "string" ? readForeignName(name) : undefined;
    return foreign === undefined ? own : { ...foreign, make: makerOfForeign(foreign) };
  };

  const operation = (entry: { document: Document; position: number; writtenAtUs: number }): Operation => {
    const { document, position, writtenAtUs } = entry;
    const target = find(document.dataset);
    if (target === undefined) return quarantine(entry, `${String(document.dataset)} is not a dataset`);
    const made = target.make(document, position);
    if ("misfit" in made) return quarantine(entry, made.misfit);
    return { position, index: target.index, kind: target.kind, id: made.id, text: made.text, document, writtenAtUs };
  };

  const quarantine = (
    { document, position, writtenAtUs }: { document: Document; position: number; writtenAtUs: number },
    reason: string,
    longest = Number.POSITIVE_INFINITY,
  ): Operation => {
    const { timestampUs } = document;
    const node = document.fields?.["observer.name"];
    const kept = quarantined({
      node: typeof node === "string" ? node : "",
      receivedAtUs: Number.isSafeInteger(timestampUs) && timestampUs >= 0 ? timestampUs : writtenAtUs,
      dataset: String(document.dataset),
      reason,
      original: JSON.stringify(document).slice(0, longest),
    });
    const target = find(kept.dataset);
    const made = target?.make(kept, position);
    if (target === undefined || made === undefined || "misfit" in made) {
      throw new Error("the catalogue has no quarantine");
    }
    return {
      position,
      index: target.index,
      kind: target.kind,
      id: made.id,
      text: made.text,
      document: kept,
      writtenAtUs,
    };
  };

  return {
    of(entries) {
      const operations: Operation[] = [];
      for (const { document, position, writtenAtUs } of entries) {
        if (left.has(document.dataset)) continue;
        if (!isBlock(document)) operations.push(operation({ document, position, writtenAtUs }));
        else {
          for (const [row, one] of expandBlock(document).entries()) {
            operations.push(operation({ document: one, position: position + row, writtenAtUs }));
          }
        }
      }
      return operations;
    },
    quarantine,
  };
}

function ownTarget(dataset: Dataset, network: string): Target {
  const table = tableDataset(dataset);
  const toRow = createFitter(table);
  const first = leadingColumns(table).length;
  const { kind } = dataset;
  const index = indexName(dataset, network);
  return {
    index,
    kind,
    make(document, position) {
      const fitted = toRow(document, position);
      if ("misfit" in fitted) return fitted;
      const source = sourceOfColumns(table.columns, {
        timestampUs: BigInt(document.timestampUs),
        cells: fitted.row.slice(first),
      });
      const id = kind === "stream" ? String(position) : (document.id ?? "");
      const action =
        kind === "stream"
          ? { create: { _index: index, _id: id } }
          : { index: { _index: index, _id: id, version: position, version_type: "external" } };
      return { id, text: bulkLines(action, JSON.stringify({ ...source, [SEQ_FIELD]: position })) };
    },
  };
}

/** Documents of others were judged before they were journaled. */
function makerOfForeign({ index, kind }: { index: string; kind: "stream" | "index" }): Maker {
  return ({ id: replaced = "", fields }, position) => {
    const meta = { _index: index, version: position, version_type: "external" };
    if (fields[DELETED_FIELD]) return { id: replaced, text: bulkLines({ delete: { ...meta, _id: replaced } }) };
    const source = fields[SOURCE_FIELD];
    if (typeof source !== "string" || !source.startsWith("{")) return { misfit: `${SOURCE_FIELD} is missing` };
    const given = fields[ID_COLUMN];
    const id = kind === "index" ? replaced : typeof given === "string" ? given : String(position);
    const action = kind === "stream" ? { create: { _index: index, _id: id } } : { index: { ...meta, _id: id } };
    return { id, text: bulkLines(action, withOurs(source, { position, version: fields[VERSION_COLUMN] })) };
  };
}

/** The text of a source as it came, with our two fields behind. */
export function withOurs(source: string, { position, version }: { position: number; version: unknown }): string {
  const inner = source.slice(1, source.lastIndexOf("}")).trimEnd();
  const comma = inner.trim() === "" ? "" : ",";
  // A line ends where its document does.
  const text = /[\n\r]/.test(inner) ? inner.replace(/[\n\r]+/g, " ") : inner;
  return `{${text}${comma}"${SEQ_FIELD}":${position},"${VERSION_FIELD}":${Number(version ?? 1)}}`;
}

/** What a `_bulk` holds of one operation. */
export function bulkLines(action: object, source?: string): string {
  return source === undefined ? `${JSON.stringify(action)}\n` : `${JSON.stringify(action)}\n${source}\n`;
}
