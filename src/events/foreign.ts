import type { Json } from "./document.ts";

/** A JSON object, as other people's documents are. */
export type JsonObject = { readonly [key: string]: Json };

export type ForeignAction = "index" | "create" | "update" | "delete";

/** One operation on a document of others: an item of a `_bulk` request, or an event that came by Lumberjack. */
export type ForeignItem = {
  action: ForeignAction;
  /** Data stream, index or alias that it is meant for; its name is valid. */
  index: string;
  id?: string;
  /** Ingest pipeline to run first; `_none` for none, undefined for the index's own. */
  pipeline?: string;
  /** The document; of an update the partial one (`doc`), of a deletion empty. Integers beyond 2^53 are strings here. */
  source: JsonObject;
  /** The very JSON text of `source`, where it came as a text of its own: to be kept as it was sent. */
  text?: string;
  /** Of an update: the document to store where there is none yet; with `docAsUpsert` that is `source`. */
  upsert?: JsonObject;
  docAsUpsert?: boolean;
  /** Of an update: whether one that changes nothing is told as `noop`. Default: true. */
  detectNoop?: boolean;
  routing?: string;
  ifSeqNo?: number;
  ifPrimaryTerm?: number;
  version?: number;
  versionType?: "internal" | "external" | "external_gte";
  requireAlias?: boolean;
  requireDataStream?: boolean;
  /** When it left the socket, microseconds since the Unix epoch. */
  receivedAtUs: number;
};

/** Elasticsearch's word for why an operation failed. */
export type ForeignError = { readonly type: string; readonly reason: string; readonly [key: string]: Json };

/** What became of one item, with the names that Elasticsearch answers with. */
export type Outcome = {
  /** HTTP status: 200, 201, 400, 404, 409, 429… */
  status: number;
  _index: string;
  _id: string | null;
  result?: "created" | "updated" | "deleted" | "not_found" | "noop";
  error?: ForeignError;
  _version?: number;
  _seq_no?: number;
  _primary_term?: number;
  /** Of an update whose `_source` was asked for: the document afterwards. */
  source?: JsonObject;
};

/**
 * Where documents of others go. The store implements it; Lumberjack and `_bulk` write to it.
 */
export type ForeignSink = {
  /**
   * Resolves when all items are durable, with one outcome an item in the same order. Rejects with a fault when nothing
   * can be said of any of them; a retryable one may be tried again.
   */
  write(items: readonly ForeignItem[]): Promise<readonly Outcome[]>;
  /** Whether more would have to wait for long: `_bulk` then answers 429. */
  full(): boolean;
  /** Resolves when all that was written before can be searched: `refresh`. */
  settled(signal?: AbortSignal): Promise<void>;
};

/** One stored document, as `GET /{index}/_doc/{id}` answers it. */
export type StoredDocument = {
  _index: string;
  _id: string;
  _version: number;
  _seq_no: number;
  _primary_term: number;
  source: JsonObject;
};

/** Reads single documents. */
export type DocumentReader = {
  /** Undefined when there is no such document. Throws `refusal` with 404 when there is no such index. */
  get(request: { index: string; id: string; signal?: AbortSignal }): Promise<StoredDocument | undefined>;
};

/** What is done to indices and data streams of others as such; our own datasets are refused. */
export type IndexAdmin = {
  /**
   * Makes a plain index, with what the templates say of its name beside. Throws `refusal`: 400 for one that exists, or
   * whose mapping or settings cannot be.
   */
  createIndex(request: { name: string; settings?: JsonObject; mappings?: JsonObject }): Promise<void>;
  /** Makes a data stream, for which there must be a template. Throws `refusal`. */
  createStream(name: string): Promise<void>;
  /** Removes an index or data stream with its documents. Throws `refusal` with 404 when there is no such. */
  remove(name: string): Promise<void>;
  /** Adds to a mapping; resolves when that is durable. Throws `refusal` for what conflicts with what there is. */
  putMapping(request: { name: string; mapping: JsonObject }): Promise<void>;
  /** Settings that an index was made with, below `index`; undefined when there is no such index here. */
  settings(name: string): Promise<JsonObject | undefined>;
};

/** One document of a pipeline's simulation, as Elasticsearch takes it. */
export type SimulatedDocument = { _index?: string; _id?: string; _source: JsonObject };

/** The ingest pipelines; `put` compiles and keeps one durably. */
export type PipelineBook = {
  /** All pipelines as they were put, by name. */
  all(): ReadonlyMap<string, JsonObject>;
  /** Throws `refusal` with Elasticsearch's `parse_exception` for one that cannot be compiled. */
  put(name: string, pipeline: JsonObject): Promise<void>;
  delete(name: string): Promise<void>;
  /** The `docs` of `_simulate`'s answer, null for one that was dropped. Throws `refusal`. */
  simulate(request: {
    pipeline: JsonObject;
    documents: readonly SimulatedDocument[];
    verbose: boolean;
  }): Promise<readonly (JsonObject | null)[]>;
  /** The processors there are, for `_nodes/ingest`. */
  processors(): readonly string[];
};

/** What was rejected before it became an item, kept whole. */
export type ForeignReject = {
  /** Who sent it: `lumberjack 10.0.0.7`. */
  sender: string;
  receivedAtUs: number;
  /** Data stream or index it was meant for, where that is known. */
  index?: string;
  reason: string;
  original: string;
};

/** Keeps what was rejected; resolves when it is durable. */
export type Quarantine = (rejects: readonly ForeignReject[]) => Promise<void>;
