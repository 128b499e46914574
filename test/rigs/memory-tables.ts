import { setTimeout as wait } from "node:timers/promises";
import type {
  ForeignIndex,
  ForeignRecord,
  ForeignStored,
  ForeignTables,
} from "../../src/store/foreign/foreign-tables.ts";

type Entry = { seqNo: number; record: ForeignRecord };

/** What is on the disk: it outlives the tables that wrote it. */
export type MemoryJournal = { indices: Map<string, ForeignIndex>; entries: Entry[]; nextSeqNo: number };

export type MemoryTables = ForeignTables & {
  readonly journal: MemoryJournal;
  /** Every append, by the number of its records. */
  readonly appends: number[];
  /** Every index that was told, by name. */
  readonly indexAppends: string[];
  isFull: boolean;
  /** Thrown before anything is taken, while set. */
  refuse: (() => Error | undefined) | undefined;
  /** Thrown after all was stored, while set. */
  failAfter: (() => Error | undefined) | undefined;
};

function emptyJournal(): MemoryJournal {
  return { indices: new Map(), entries: [], nextSeqNo: 1 };
}

/**
 * Tables in memory with a journal before them: what is appended is durable after `journalMs`, and can be looked up only
 * `loadMs` later. Those that open a journal of before load it first.
 */
export function createMemoryTables(
  options: { journal?: MemoryJournal; journalMs?: number; loadMs?: number } = {},
): MemoryTables {
  const { journal = emptyJournal(), journalMs = 1, loadMs = 5 } = options;
  let loaded: readonly Entry[] = [];
  let loading = wait(loadMs).then(() => {
    loaded = [...journal.entries];
  });
  const load = () => {
    const upTo = journal.entries.length;
    loading = loading
      .then(() => wait(loadMs))
      .then(() => {
        loaded = journal.entries.slice(0, upTo);
      });
  };

  const tables: MemoryTables = {
    journal,
    appends: [],
    indexAppends: [],
    isFull: false,
    refuse: undefined,
    failAfter: undefined,
    indices: async () => [...journal.indices.values()],
    limit: () => undefined,
    async append({ indices, records }) {
      await wait(journalMs);
      const refused = tables.refuse?.();
      if (refused !== undefined) throw refused;
      for (const index of indices) journal.indices.set(index.name, structuredClone(index));
      tables.indexAppends.push(...indices.map(({ name }) => name));
      const seqNos = records.map((record) => {
        if (!journal.indices.has(record.index)) throw new Error(`a record of [${record.index}] came before its index`);
        journal.entries.push({ seqNo: journal.nextSeqNo, record });
        journal.nextSeqNo += 1;
        return journal.nextSeqNo - 1;
      });
      tables.appends.push(records.length);
      load();
      const failed = tables.failAfter?.();
      if (failed !== undefined) throw failed;
      return seqNos;
    },
    async lookup({ index, ids, timestampsUs }) {
      await wait(1);
      const wanted = new Set(ids);
      const days = timestampsUs && new Set(timestampsUs.map(dayOf));
      const found = new Map<string, ForeignStored>();
      for (const { seqNo, record } of loaded) {
        const { id, version, timestampUs, source, deleted } = record;
        if (record.index !== index || id === undefined || !wanted.has(id)) continue;
        if (days !== undefined && !days.has(dayOf(timestampUs))) continue;
        if (deleted === true) found.delete(id);
        else found.set(id, { seqNo, version, timestampUs, source });
      }
      return found;
    },
    async drop(index) {
      await wait(journalMs);
      journal.indices.delete(index);
      journal.entries = journal.entries.filter(({ record }) => record.index !== index);
      loaded = loaded.filter(({ record }) => record.index !== index);
      load();
    },
    settled: () => loading,
    full: () => tables.isFull,
  };
  return tables;
}

function dayOf(timestampUs: number): number {
  return Math.floor(timestampUs / 86_400_000_000);
}
