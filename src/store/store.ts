import type { Document } from "../events/document.ts";
import type { SearchRequest, SearchResponse } from "../search/request.ts";

/** What the store is doing, for health and metrics. */
export type StoreState = {
  /** `ready`, or why searches cannot be answered now. */
  state: "starting" | "ready" | "unavailable";
  reason?: string;
  /** Journal position that is durable, and the one whose rows can be searched. */
  journaled: number;
  loaded: number;
  /** Documents waiting for the journal, and those dropped because the queue was full. */
  queued: number;
  dropped: number;
  /** The journal cannot be written (a full disk, say): the operating system's words. */
  journalFailure?: string;
  rows: number;
};

/**
 * The port that both stores implement.
 * `append` is durable when it resolves; `offer` is for streams without a sender to answer.
 */
export type Store = {
  /** Queues documents without waiting; false when the queue was full and they were dropped and counted. */
  offer(documents: readonly Document[]): boolean;
  /** Resolves when the documents are durable; rejects with `store_queue_full` or `store_closed`. */
  append(documents: readonly Document[]): Promise<void>;
  /** Elasticsearch's search over an index pattern such as `logs-ethereum.*-*` or `ethmon-slot-*`. */
  search(pattern: string, request: SearchRequest, signal?: AbortSignal): Promise<SearchResponse>;
  /** Resolves when all that is journaled now can be searched. */
  settled(signal?: AbortSignal): Promise<void>;
  state(): StoreState;
  /** The moments, microseconds, up to which earlier runs are known to have been durable; undefined on a new store. */
  lastMarkUs(): number | undefined;
  close(): Promise<void>;
};
