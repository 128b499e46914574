import { Fault } from "../../lib/fault.ts";
import type { ForeignIndex, ForeignTables } from "../foreign/foreign-tables.ts";
import { indexDocument } from "../foreign/index-document.ts";
import { createKnownIndices } from "../foreign/known-indices.ts";
import { searchMappingOf } from "../foreign/mapping/search-mapping.ts";
import type { Journal } from "../journal.ts";
import type { DatabaseProcess } from "./database-process.ts";
import { foreignDatasetName, foreignDocument } from "./foreign-datasets.ts";

/** Above this share of the journal's queue, more is refused: what is waiting now takes a while. */
const FULL_SHARE = 0.5;

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
    async append({ indices, records, together = [] }) {
      await known.ready();
      for (const index of indices) known.note(index);
      const documents = records.map((record) => {
        const index = known.get(record.index);
        if (index === undefined) throw new Fault("index_unknown", `The index ${record.index} was not made before`);
        return foreignDocument(record, searchMappingOf(index.mapping));
      });
      const all = [...indices.map(indexDocument), ...together, ...documents];
      const last = await journal.append(all, { together: together.length > 0 });
      return records.map((_, i) => last - records.length + 1 + i);
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
    full: () => journal.state().queued > queueLimit * FULL_SHARE,
  };
}
