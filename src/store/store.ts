import type { Keep } from "../events/dataset.ts";
import type { Storable } from "../events/document.ts";
import type { SearchParams, SearchRequest, SearchResponse } from "../search/request.ts";
import type { ForeignTables } from "./foreign/foreign-tables.ts";
import type { RetentionLimits } from "./retention.ts";

/** Bytes on the disk. */
export type DiskUse = {
  database: number;
  /** Of these, free within the database's file: they are filled before the file grows. */
  free: number;
  wal: number;
  journal: number;
  /** Of the journal's, about: not loaded yet. Loading frees them. */
  pending: number;
};

/** What one run of retention did and found. */
export type Retained = {
  ranAtUs: number;
  droppedDays: number;
  droppedRows: number;
  disk: DiskUse;
  /** The disk cap is exceeded and nothing is left to drop: why, in a sentence. */
  overCap?: string;
};

/** What is stored of one dataset of one network. */
export type DatasetUse = {
  dataset: string;
  network: string;
  /** Name of its data stream or index. */
  index: string;
  keep: Keep;
  rows: number;
  /** About: whole blocks of the database's file, and a share of its write-ahead log by rows. */
  bytes: number;
  /** UTC days with documents; undefined for an index. */
  days?: number;
  /** Undefined when there is no document. */
  oldestUs?: number;
  newestUs?: number;
};

/** Rows of a query in SQL, values as JSON has them. */
export type SqlRows = {
  columns: readonly { name: string; type: string }[];
  rows: readonly (readonly unknown[])[];
  /** There are more than were asked for, or than are sent. */
  truncated: boolean;
  took_ms: number;
};

/** A table of SQL with its columns; `field` is what searches call one. */
export type SqlTable = {
  name: string;
  title: string;
  columns: readonly { name: string; type: string; field: string | null }[];
};

/** Reading by the database's own SQL. */
export type StoreSql = {
  /**
   * The first rows of one SELECT over `tables()`. Rejects with `sql_refused`, `sql_failed`, and as `search` does for what
   * takes too long or too much.
   */
  query(asked: { sql: string; limit: number }, signal?: AbortSignal): Promise<SqlRows>;
  tables(signal?: AbortSignal): Promise<readonly SqlTable[]>;
};

export type SearchOptions = { signal?: AbortSignal | undefined; params?: SearchParams };

export type StoreUse = {
  datasets: readonly DatasetUse[];
  disk: DiskUse;
  /** The journal's last position, and the one up to which the rows were counted. */
  journaled: number;
  loaded: number;
};

/** An index of others whose documents a cluster refuses for the index's sake: they are in quarantine meanwhile. */
export type RefusedIndex = { index: string; reason: string; sinceUs: number; documents: number };

/** What the store is doing, for health and metrics. */
export type StoreState = {
  /** `ready`, or why searches cannot be answered now. */
  state: "starting" | "ready" | "unavailable";
  reason?: string;
  /** Journal position that is durable, and the one whose rows can be searched. */
  journaled: number;
  loaded: number;
  /** Documents waiting for the journal, and those dropped because the queue or the journal was full. */
  queued: number;
  dropped: number;
  /** The journal cannot be written (a full disk, say): the operating system's words. */
  journalFailure?: string;
  rows: number;
  /** Of a cluster, in the order of their last refusal; undefined where there is none. */
  refusedIndices?: readonly RefusedIndex[];
  /** What is kept how long, and the last run that saw to it; undefined where everything is kept. */
  retention?: { limits: RetentionLimits; last?: Retained };
  /** Rows and bytes by how long they are kept, at most ten minutes old. */
  classes?: readonly { keep: Keep; rows: number; bytes: number }[];
};

/**
 * The port that both stores implement.
 * `append` is durable when it resolves; `offer` is for streams without a sender to answer.
 */
export type Store = {
  /** Queues documents without waiting; false when the queue was full and they were dropped and counted. */
  offer(documents: readonly Storable[]): boolean;
  /**
   * Resolves when the documents are durable; rejects with `store_queue_full` or `store_closed`. With `together` a crash
   * leaves all of them or none; but for the last they must have at most `TOGETHER_LENGTH` characters of JSON.
   */
  append(documents: readonly Storable[], options?: { together?: boolean }): Promise<void>;
  /** Elasticsearch's search over an index pattern such as `logs-ethereum.*-*` or `ethmon-slot-*`. */
  search(pattern: string, request: SearchRequest, options?: SearchOptions): Promise<SearchResponse>;
  /** Undefined for a cluster. */
  readonly sql?: StoreSql | undefined;
  /** What Beats and other senders bring. */
  readonly foreign: ForeignTables;
  /** Resolves when all that is journaled now can be searched. */
  settled(signal?: AbortSignal): Promise<void>;
  /**
   * Drops the days that are no longer kept, and the next ones to go while the disk cap is exceeded. The store does so
   * by itself at its start and every minute.
   */
  retain(signal?: AbortSignal): Promise<Retained>;
  /** What is stored, by dataset; rejects as `search` does. */
  use(signal?: AbortSignal): Promise<StoreUse>;
  state(): StoreState;
  /** The moments, microseconds, up to which earlier runs are known to have been durable; undefined on a new store. */
  lastMarkUs(): number | undefined;
  close(): Promise<void>;
};
