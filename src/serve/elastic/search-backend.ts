import type { JsonObject } from "../../events/foreign.ts";

/** One data stream or index that can be searched. */
export type IndexView = {
  name: string;
  kind: "index" | "data_stream";
  /** Not reached by wildcards unless they ask for it: names that begin with a dot. */
  hidden?: boolean;
  documents: number;
  /** On the disk, about. */
  bytes: number;
  createdMs?: number;
};

/** Elasticsearch's answer to a search, without `_shards`. */
export type SearchResult = JsonObject & {
  took: number;
  timed_out: boolean;
  hits: JsonObject & { hits: readonly JsonObject[] };
};

/** What answers searches: the store, over the names that the face resolved. */
export type SearchBackend = {
  /** All that there is, by name. */
  indices(signal?: AbortSignal): Promise<readonly IndexView[]>;
  /**
   * A search's body, with what stood in the URL, over exactly these indices; none at all is answered with no hits, and
   * so is a data stream that was put and holds nothing yet. `maxSeq` leaves out what came later: a point in time; its
   * sort ends with `_shard_doc`, which no two documents share and `search_after` goes on from. Throws faults whose
   * details are Elasticsearch's error.
   */
  search(request: {
    indices: readonly string[];
    body: JsonObject;
    typedKeys: boolean;
    maxSeq?: number;
    signal?: AbortSignal;
  }): Promise<SearchResult>;
  /** `{properties: …}` of each index; `{}` of one that holds nothing yet. */
  mappings(indices: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, JsonObject>>;
  /** The `_seq` of the newest document that can be searched. */
  newestSeq(signal?: AbortSignal): Promise<number>;
};
