/** What is known of a document by its id; one that was deleted keeps its version. */
export type KnownDocument = {
  seqNo: number;
  version: number;
  exists: boolean;
  /** JSON text; of a data stream's document it is not kept. */
  source: string | undefined;
};

/**
 * The documents written last, by index and id: the newest state of each, in front of a table that learns of them later.
 * Bounded: the least recently used go first.
 */
export type RecentIds = {
  get(index: string, id: string): KnownDocument | undefined;
  /** `write` counts writes: what went out of here may not be searchable before that write is settled. */
  set(index: string, id: string, known: KnownDocument & { write: number }): void;
  forget(index: string, ids?: readonly string[]): void;
  /** The last write of which something is no longer known here; 0 for what earlier runs wrote. */
  lastForgotten(): number;
};

const ENTRY_BYTES = 150;

export function createRecentIds({ maxBytes }: { maxBytes: number }): RecentIds {
  const indices = new Map<string, Map<string, KnownDocument & { write: number; bytes: number }>>();
  /** In the order of use: `[index, id]` by both. */
  const order = new Map<string, readonly [string, string]>();
  let bytes = 0;
  let forgotten = 0;

  const drop = (index: string, id: string): void => {
    const entries = indices.get(index);
    const entry = entries?.get(id);
    if (entries === undefined || entry === undefined) return;
    bytes -= entry.bytes;
    forgotten = Math.max(forgotten, entry.write);
    order.delete(keyOf(index, id));
    entries.delete(id);
    if (entries.size === 0) indices.delete(index);
  };
  const use = (index: string, id: string): void => {
    const key = keyOf(index, id);
    order.delete(key);
    order.set(key, [index, id]);
  };
  return {
    get(index, id) {
      const known = indices.get(index)?.get(id);
      if (known !== undefined) use(index, id);
      return known;
    },
    set(index, id, known) {
      const entries = indices.get(index) ?? new Map<string, KnownDocument & { write: number; bytes: number }>();
      indices.set(index, entries);
      const entry = { ...known, bytes: ENTRY_BYTES + 2 * id.length + 2 * (known.source?.length ?? 0) };
      bytes += entry.bytes - (entries.get(id)?.bytes ?? 0);
      entries.set(id, entry);
      use(index, id);
      for (const [oldIndex, oldId] of order.values()) {
        if (bytes <= maxBytes) break;
        drop(oldIndex, oldId);
      }
    },
    forget(index, ids) {
      for (const id of ids ?? [...(indices.get(index)?.keys() ?? [])]) drop(index, id);
    },
    lastForgotten: () => forgotten,
  };
}

function keyOf(index: string, id: string): string {
  // No index has a line's end in its name.
  return `${index}\n${id}`;
}
