import { setTimeout as wait } from "node:timers/promises";
import type { DocumentReader, ForeignItem, ForeignSink, JsonObject, Outcome } from "../../src/events/foreign.ts";
import { indexNotFound } from "../../src/events/refusal.ts";

type Stored = { source: JsonObject; version: number; seqNo: number };

export type MemorySink = ForeignSink &
  DocumentReader & {
    /** In the order of their becoming durable. */
    readonly items: ForeignItem[];
    readonly writes: number[];
    /** Writes wait for this while it is set. */
    hold: Promise<void> | undefined;
    /** Answers this for matching items, without storing them. */
    refuse: ((item: ForeignItem) => Outcome | undefined) | undefined;
    /** Throws before anything is stored, while set. */
    fail: (() => Error | undefined) | undefined;
    isFull: boolean;
    settledCalls: number;
    largestWrite: number;
    indices(): string[];
  };

/** Keeps documents in memory as Elasticsearch would; what is durable only after `delayMs`. */
export function createMemorySink(options: { delayMs?: number; keepItems?: boolean } = {}): MemorySink {
  const { delayMs = 1, keepItems = true } = options;
  const stored = new Map<string, Map<string, Stored>>();
  let nextSeqNo = 0;
  let nextId = 0;

  const apply = (item: ForeignItem): Outcome => {
    const refused = sink.refuse?.(item);
    if (refused !== undefined) return refused;
    const index = stored.get(item.index) ?? new Map<string, Stored>();
    const id = item.id ?? `generated-${nextId++}`;
    const before = index.get(id);
    const told = { _index: item.index, _id: id, _primary_term: 1 };
    const put = (source: JsonObject, result: "created" | "updated"): Outcome => {
      const entry = { source, version: (before?.version ?? 0) + 1, seqNo: nextSeqNo++ };
      index.set(id, entry);
      stored.set(item.index, index);
      if (keepItems) sink.items.push(item);
      const status = result === "created" ? 201 : 200;
      return { ...told, status, result, _version: entry.version, _seq_no: entry.seqNo, source };
    };
    switch (item.action) {
      case "index":
        return put(item.source, before === undefined ? "created" : "updated");
      case "create":
        if (before === undefined) return put(item.source, "created");
        return {
          _index: item.index,
          _id: id,
          status: 409,
          error: {
            type: "version_conflict_engine_exception",
            reason: `[${id}]: version conflict, document already exists (current version [${before.version}])`,
          },
        };
      case "update": {
        if (before !== undefined) return put({ ...before.source, ...item.source }, "updated");
        const upsert = item.docAsUpsert === true ? item.source : item.upsert;
        if (upsert !== undefined) return put(upsert, "created");
        const error = { type: "document_missing_exception", reason: `[${id}]: document missing` };
        return { _index: item.index, _id: id, status: 404, error };
      }
      case "delete":
        index.delete(id);
        return before === undefined
          ? { ...told, status: 404, result: "not_found", _version: 1, _seq_no: nextSeqNo++ }
          : { ...told, status: 200, result: "deleted", _version: before.version + 1, _seq_no: nextSeqNo++ };
    }
  };

  const sink: MemorySink = {
    items: [],
    writes: [],
    hold: undefined,
    refuse: undefined,
    fail: undefined,
    isFull: false,
    settledCalls: 0,
    largestWrite: 0,
    indices: () => [...stored.keys()],
    async write(items) {
      sink.largestWrite = Math.max(sink.largestWrite, items.length);
      await sink.hold;
      await wait(delayMs);
      const failure = sink.fail?.();
      if (failure !== undefined) throw failure;
      sink.writes.push(items.length);
      return items.map(apply);
    },
    full: () => sink.isFull,
    async settled() {
      sink.settledCalls += 1;
    },
    async get({ index, id }) {
      const documents = stored.get(index);
      if (documents === undefined) throw indexNotFound(index);
      const found = documents.get(id);
      return (
        found && {
          _index: index,
          _id: id,
          _version: found.version,
          _seq_no: found.seqNo,
          _primary_term: 1,
          source: found.source,
        }
      );
    },
  };
  return sink;
}
