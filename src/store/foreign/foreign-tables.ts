import type { Document } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { DocumentValues } from "../../search/document-values.ts";

/** One change of a document of others, as it goes to the journal and from there into tables. */
export type ForeignRecord = {
  /** Data stream or plain index, by its own name. */
  index: string;
  kind: "stream" | "index";
  /** `@timestamp`; of a document without one the moment of its arrival. Microseconds since the Unix epoch. */
  timestampUs: number;
  /** Of a stream's document only where its sender gave one; a record of a plain index always has one. */
  id?: string;
  version: number;
  /** JSON text of `_source`, as it is given back. */
  source: string;
  /** What of it is searched: `documentValues` by the index's mapping. */
  values: DocumentValues;
  /** Of a plain index: the document is no more. `source` and `values` are then empty. */
  deleted?: true;
};

/** A document that a record replaces, or stands against. */
export type ForeignStored = { seqNo: number; version: number; timestampUs: number; source: string };

/** What is known of an index for ever: its kind, and its mapping as Elasticsearch's `GET _mapping` has it. */
export type ForeignIndex = {
  name: string;
  kind: "stream" | "index";
  mapping: JsonObject;
  createdMs: number;
  /** What it was made with, below `index`; where that is not known any more, what the templates say now counts. */
  settings?: JsonObject;
};

/** What the store does for documents of others; both stores implement it. */
export type ForeignTables = {
  /** All indices that there are, with what earlier runs knew. Rejects as a search does. */
  indices(signal?: AbortSignal): Promise<readonly ForeignIndex[]>;
  /**
   * Makes indices (new ones, or with more in their mapping) and then records durable, in this order and at once; the
   * sequence number of each record. Rejects with `store_queue_full` or `store_closed`, and then nothing was taken.
   */
  append(changes: {
    indices: readonly ForeignIndex[];
    records: readonly ForeignRecord[];
    /** Documents of ours that stand before the records: a crash leaves all of this or none, as `Store.append` has it. */
    together?: readonly Document[];
  }): Promise<readonly number[]>;
  /**
   * The newest document of each id that can be searched now: `settled` first for what was appended a moment ago. Of a
   * stream only those of the days of `timestampsUs` are looked for, where it is given.
   */
  lookup(request: {
    index: string;
    ids: readonly string[];
    timestampsUs?: readonly number[];
    signal?: AbortSignal;
  }): Promise<ReadonlyMap<string, ForeignStored>>;
  /** Removes an index with all of its documents, durably; `append` of that name afterwards begins it anew. */
  drop(index: string): Promise<void>;
  /**
   * How long the documents of an index are kept, milliseconds, where that is less than the store's own rule says; asked
   * whenever days are dropped. Undefined for what the store's rule alone is for.
   */
  limit(keptForMs: (index: ForeignIndex) => number | undefined): void;
  /** Resolves when all that was appended before can be searched. */
  settled(signal?: AbortSignal): Promise<void>;
  /** Whether what is appended now would wait for long. */
  full(): boolean;
};
