import type { Document } from "../../events/document.ts";
import { Fault } from "../../lib/fault.ts";
import type { Journal } from "../journal.ts";
import type { ForeignIndex, ForeignRecord, ForeignTables } from "./foreign-tables.ts";
import { indexDocument } from "./index-document.ts";
import type { KnownIndices } from "./known-indices.ts";

/** Above this share of the journal's queue, more is refused: what is waiting now takes a while. */
const FULL_SHARE = 0.5;

export function isQueueFull(journal: Journal, queueLimit: number): boolean {
  return journal.state().queued > queueLimit * FULL_SHARE;
}

/**
 * Journals records behind the indices that they are the first of; the position of each. Throws `index_unknown` for a
 * record of an index that was not made.
 */
export async function journalRecords(input: {
  journal: Journal;
  known: KnownIndices;
  given: Parameters<ForeignTables["append"]>[0];
  documentOf: (record: ForeignRecord, index: ForeignIndex) => Document;
}): Promise<number[]> {
  const { journal, known, given, documentOf } = input;
  const { indices, records, together = [] } = given;
  for (const index of indices) known.note(index);
  const documents = records.map((record) => {
    const index = known.get(record.index);
    if (index === undefined) throw new Fault("index_unknown", `The index ${record.index} was not made before`);
    return documentOf(record, index);
  });
  const all = [...indices.map(indexDocument), ...together, ...documents];
  const last = await journal.append(all, { together: together.length > 0 });
  return records.map((_, i) => last - records.length + 1 + i);
}
