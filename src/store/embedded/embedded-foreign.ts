import { Fault } from "../../lib/fault.ts";
import type { ForeignIndex, ForeignTables } from "../foreign/foreign-tables.ts";
import { indexDocument } from "../foreign/index-document.ts";
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
  const known = new Map<string, ForeignIndex>();
  let reading: Promise<void> | undefined;
  let keptForMs: (index: ForeignIndex) => number | undefined = () => undefined;

  const note = (index: ForeignIndex) => known.set(index.name, index);

  /** What earlier runs knew, once: from then on every change goes through here. */
  const read = (): Promise<void> => {
    reading ??= (async () => {
      await settled();
      for (const index of await database.ask<"indices">({ kind: "indices" })) if (!known.has(index.name)) note(index);
    })();
    reading.catch(() => {
      reading = undefined;
    });
    return reading;
  };

  return {
    async indices(signal) {
      signal?.throwIfAborted();
      await read();
      return [...known.values()];
    },
    async append({ indices, records, together = [] }) {
      await read();
      for (const index of indices) note(index);
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
      await read();
      const { kind } = known.get(index) ?? {};
      if (kind === undefined) return new Map();
      const lookup = { index, kind, ids, timestampsUs };
      return new Map(await database.ask<"lookup">({ kind: "lookup", lookup }, signal));
    },
    async drop(index) {
      await read();
      await settled();
      const { rows } = await database.ask<"drop">({ kind: "drop", index });
      database.noteRows(rows);
      known.delete(index);
    },
    limit(of) {
      keptForMs = of;
    },
    /** By dataset. Dropping days never waits for what is known of indices: until that is read, nothing of them is told. */
    keptMs() {
      read().catch(() => undefined);
      const entries = [...known.values()].map((index) => [
        foreignDatasetName({ index: index.name, kind: index.kind }),
        keptForMs(index),
      ]);
      return Object.fromEntries(entries.filter((entry): entry is [string, number] => entry[1] !== undefined));
    },
    settled,
    full: () => journal.state().queued > queueLimit * FULL_SHARE,
  };
}
