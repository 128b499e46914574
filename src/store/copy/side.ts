import type { Dataset } from "../../events/dataset.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { SearchRequest, SearchResponse } from "../../search/request.ts";
import type { ForeignIndex } from "../foreign/foreign-tables.ts";

/** A data stream or index: one of ours by its dataset, or one of others by what is known of it. */
export type CopiedIndex = {
  name: string;
  kind: "stream" | "index";
} & ({ own: Dataset; foreign?: undefined } | { own?: undefined; foreign: ForeignIndex });

/** A document of others as it was sent: integers beyond 2^53 stand in the text as they came. */
export type SentDocument = { source: string; version: number; timestampUs: number };

/** A document as it is written to the other side. */
export type CopiedDocument = {
  seq: number;
  id: string;
  timestampUs: number;
  source: JsonObject;
  /** Of others alone. */
  sent?: { text: string; version: number };
};

/** Between which positions, both included, documents stand. */
export type SeqRange = readonly [first: number, last: number];

/** Where copying stands in one data stream or index. */
export type Progress = {
  index: string;
  /** `_seq` at the source up to which all is copied. */
  after: number;
  documents: number;
  /** `_seq` at the target. */
  ranges: readonly SeqRange[];
};

/** One of the two stores that documents are copied between. */
export type Side = {
  kind: "embedded" | "cluster";
  /** The directory or address, without credentials. */
  place: string;
  network: string;
  /** What tells this store from any other, also when it was moved. */
  identity: string;
  /** The position up to which nothing is on its way any more, also where a monitor writes meanwhile. */
  upTo(): Promise<number>;
  search(pattern: string, request: SearchRequest): Promise<SearchResponse>;
  /** Documents of others by `_id`, as they were sent. */
  sent(
    index: CopiedIndex,
    documents: readonly { id: string; timestampUs: number }[],
  ): Promise<Map<string, SentDocument>>;
  close(): Promise<void>;
};

/** What documents are written to. A document that stands there is not written again. */
export type Writer = {
  /** Makes the index where it is missing. */
  begin(index: CopiedIndex): Promise<void>;
  /**
   * Stores documents and how far copying is with them; gives back where it stands now. In an embedded store a crash
   * leaves both or neither, in a cluster documents are known again by their `_id`.
   */
  write(input: { index: CopiedIndex; documents: readonly CopiedDocument[]; progress: Progress }): Promise<Progress>;
  /** Resolves when what was written can be searched. */
  settled(): Promise<void>;
};
