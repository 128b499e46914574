import type { ForeignIndex, ForeignRecord, ForeignTables } from "../foreign/foreign-tables.ts";
import { isQueueFull, journalRecords } from "../foreign/journaled.ts";
import { createKnownIndices } from "../foreign/known-indices.ts";
import { searchMappingOf } from "../foreign/mapping/search-mapping.ts";
import type { Journal } from "../journal.ts";
import type { DatabaseProcess } from "./database-process.ts";
import { foreignDatasetName, foreignDocument } from "./foreign-datasets.ts";

/** Documents of others in the embedded store. */
export function createEmbeddedForeign(deps: {
  journal: Journal;
  queueLimit: number;
  database: DatabaseProcess;
  settled(signal?: AbortSignal): Promise<void>;
}): ForeignTables & { keptMs(): Readonly<Record<string, number>> } {
  const { journal, queueLimit, database, settled } = deps;
  let keptForMs: (index: ForeignIndex) => number | undefined = () => undefined;

  const known = createKnownIndices({
    async load() {
      await settled();
      return database.ask<"indices">({ kind: "indices" });
    },
  });

  return {
    async indices(signal) {
      signal?.throwIfAborted();
      await known.ready();
      return known.all();
    },
    async append(given) {
      await known.ready();
      const documentOf = (record: ForeignRecord, { mapping }: ForeignIndex) =>
        foreignDocument(record, searchMappingOf(mapping));
      return journalRecords({ journal, known, given, documentOf });
    },
    async lookup({ index, ids, timestampsUs, signal }) {
      await known.ready();
      const { kind } = known.get(index) ?? {};
      if (kind === undefined) return new Map();
      const lookup = { index, kind, ids, timestampsUs };
      return new Map(await database.ask<"lookup">({ kind: "lookup", lookup }, signal));
    },
    async drop(index) {
      await known.ready();
      await settled();
      const { rows } = await database.ask<"drop">({ kind: "drop", index });
      database.noteRows(rows);
      known.forget(index);
    },
    limit(of) {
      keptForMs = of;
    },
    /** By dataset. Dropping days never waits for what is known of indices: until that is read, nothing of them is told. */
    keptMs() {
      known.ready().catch(() => undefined);
      const entries = known
        .all()
        .map((index) => [foreignDatasetName({ index: index.name, kind: index.kind }), keptForMs(index)]);
      return Object.fromEntries(entries.filter((entry): entry is [string, number] => entry[1] !== undefined));
    },
    settled,
    full: () => isQueueFull(journal, queueLimit),
  };
}
