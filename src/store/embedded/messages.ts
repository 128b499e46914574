import { Fault } from "../../lib/fault.ts";
import type { SearchParams, SearchRequest, SearchResponse } from "../../search/request.ts";
import type { ForeignIndex, ForeignStored } from "../foreign/foreign-tables.ts";
import type { JournalPoint } from "../journal-segments.ts";
import type { RetentionLimits } from "../retention.ts";
import type { Retained, SqlRows, SqlTable, StoreUse } from "../store.ts";
import type { ForeignLookup } from "./foreign-lookup.ts";
import type { TableDataset } from "./tables.ts";

/** What the database's process needs to know to begin. */
export type DatabaseSettings = {
  /** The database file; its journal's directory. */
  file: string;
  journalDirectory: string;
  namespace: string;
  datasets: readonly TableDataset[];
  /** By dataset, as they are shown. */
  titles: Readonly<Record<string, string>>;
  memoryLimit: string;
  threads: number;
  queryConnections: number;
  queryLimitMs: number;
  queryStopLimitMs: number;
  commitEveryMs: number;
  /** Without them nothing is ever dropped. */
  retention?: RetentionLimits;
};

/** What the database's process is asked, and what it answers. */
export type Question =
  | { kind: "search"; pattern: string; request: SearchRequest; params?: SearchParams }
  | { kind: "indices" }
  | { kind: "lookup"; lookup: ForeignLookup }
  | { kind: "drop"; index: string }
  /** `keptMs`: by dataset, where its senders want less than the limits. */
  | { kind: "retain"; nowUs: number; keptMs: Readonly<Record<string, number>> }
  /** Puts rows of a kind side by side. */
  | { kind: "gather"; nowUs: number }
  | { kind: "use" }
  | { kind: "sql"; sql: string; limit: number }
  | { kind: "tables" };
export type Answers = {
  search: SearchResponse;
  indices: readonly ForeignIndex[];
  lookup: [id: string, stored: ForeignStored][];
  drop: { rows: number };
  retain: { retained: Retained; rows: number };
  gather: { pieces: number };
  use: StoreUse;
  sql: SqlRows;
  tables: readonly SqlTable[];
};

export type ToDatabase =
  /** `failures`: how often in a row loading failed in the processes before. */
  | { type: "start"; settings: DatabaseSettings; failures: number }
  | { type: "durable"; point: JournalPoint }
  | { type: "ask"; id: number; question: Question }
  | { type: "abort"; id: number }
  /** Load all that was said to be durable, then stop. */
  | { type: "close" };

/** A `Fault` on its way between processes. */
export type FaultMessage = {
  code: string;
  message: string;
  retry: "retryable" | "final";
  details: Readonly<Record<string, unknown>>;
};

export type FromDatabase =
  | { type: "ready"; loaded: number; rows: number }
  | { type: "loaded"; loaded: number; rows: number }
  /** The database can no longer be used; the process ends. */
  | { type: "failed"; reason: string }
  /** The database cannot be opened; it is tried again, except after `store_newer`. */
  | { type: "unavailable"; fault: FaultMessage }
  | { type: "answer"; id: number; answer: Answers[Question["kind"]] }
  | { type: "refusal"; id: number; fault: FaultMessage }
  | { type: "log"; level: "debug" | "info" | "warn" | "error"; fields: object; sentence: string };

export function faultMessage({ code, message, retry, details }: Fault): FaultMessage {
  return { code, message, retry, details };
}

export function faultOf({ code, message, retry, details }: FaultMessage): Fault {
  return new Fault(code, message, { retry, details });
}
