import type { Json } from "../../events/document.ts";
import { storedValue } from "../../search/fields/stored-value.ts";
import type { ForeignTables } from "./foreign-tables.ts";
import type { Prepared } from "./prepared.ts";
import { createRecentIds, type KnownDocument } from "./recent-ids.ts";

/** The newest document of an id, whether the table knows of it already or not. */
export type KnownIds = {
  /** The documents of these items' ids, as they are now. Rejects as the tables do. */
  recall(request: Recall): Promise<ReadonlyMap<string, KnownDocument>>;
  /** What one append made durable. */
  learn(index: string, documents: ReadonlyMap<string, KnownDocument>): void;
  /** Whether these were stored is not known. */
  doubt(index: string, ids: readonly string[]): void;
  /** The newest document of one id. Rejects as the tables do. */
  find(request: Find): Promise<KnownDocument | undefined>;
  forget(index: string): void;
};

type Find = { index: string; kind: "stream" | "index"; id: string; signal?: AbortSignal };
type Recall = { index: string; kind: "stream" | "index"; items: readonly Prepared[] };

export function createKnownIds({ tables, maxBytes }: { tables: ForeignTables; maxBytes: number }): KnownIds {
  const recent = createRecentIds({ maxBytes });
  let writes = 0;
  // What earlier runs wrote may be in the journal alone.
  let settled = -1;
  let watching = false;

  const settle = async (signal?: AbortSignal): Promise<void> => {
    const upTo = writes;
    await tables.settled(signal);
    settled = Math.max(settled, upTo);
  };
  /** Learns in the background how far the tables are, so that lookups seldom wait for them. */
  const watch = (): void => {
    if (watching) return;
    watching = true;
    settle()
      .catch(() => undefined)
      .finally(() => {
        watching = false;
      });
  };
  const lookup = async (request: Parameters<ForeignTables["lookup"]>[0]): Promise<Map<string, KnownDocument>> => {
    if (recent.lastForgotten() > settled) await settle(request.signal);
    const stored = await tables.lookup(request);
    return new Map(
      [...stored].map(([id, { seqNo, version, source }]) => [id, { seqNo, version, source, exists: true }]),
    );
  };

  return {
    async recall({ index, kind, items }) {
      const known = new Map<string, KnownDocument>();
      const unknown = new Set<string>();
      const timestampsUs = new Set<number>();
      for (const { item } of items) {
        if (item.id === undefined) continue;
        const entry = recent.get(index, item.id);
        if (entry === undefined) unknown.add(item.id);
        else known.set(item.id, entry);
        if (kind === "stream") timestampsUs.add(timeOf(item.source["@timestamp"]) ?? item.receivedAtUs);
      }
      if (unknown.size === 0) return known;
      const days = kind === "stream" ? { timestampsUs: [...timestampsUs] } : {};
      const stored = await lookup({ index, ids: [...unknown], ...days });
      return new Map([...known, ...stored]);
    },
    learn(index, documents) {
      if (documents.size === 0) return;
      writes += 1;
      for (const [id, known] of documents) recent.set(index, id, { ...known, write: writes });
      watch();
    },
    doubt(index, ids) {
      writes += 1;
      for (const id of ids) {
        recent.set(index, id, { seqNo: -1, version: 0, exists: false, source: undefined, write: writes });
      }
      recent.forget(index, ids);
    },
    async find({ index, kind, id, signal }) {
      const known = recent.get(index, id);
      if (known?.exists === false) return undefined;
      if (known?.source !== undefined) return known;
      // A stream's documents are not kept here: the newest may not be in the tables yet.
      if (kind === "stream") await settle(signal);
      const stored = await lookup({ index, ids: [id], ...(signal === undefined ? {} : { signal }) });
      return stored.get(id);
    },
    forget(index) {
      recent.forget(index);
    },
  };
}

/** Microseconds; undefined for what is no date. */
function timeOf(value: Json | undefined): number | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const timestampUs = storedValue("@timestamp", { type: "date", ignoreMalformed: true }, value);
  return typeof timestampUs === "number" ? timestampUs : undefined;
}
