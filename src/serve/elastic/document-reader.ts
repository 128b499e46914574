import type { Dataset } from "../../events/dataset.ts";
import type { DocumentReader, JsonObject, StoredDocument } from "../../events/foreign.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { SearchRequest, SearchResponse } from "../../search/request.ts";
import { oneIndex } from "../../store/foreign/one-index.ts";

/**
 * Reads a document by the `_id` that a hit shows: of our own datasets by a search, of others' where their ids are known.
 * What an alias of one index stands for is read as that index.
 */
export function createDocumentReader(deps: {
  search: (index: string, body: SearchRequest, signal: AbortSignal | undefined) => Promise<SearchResponse>;
  datasets: readonly Dataset[];
  network: string;
  aliases: () => ReadonlyMap<string, JsonObject>;
  others: DocumentReader;
}): DocumentReader {
  const { search, datasets, network, aliases, others } = deps;
  const own = new Set(datasets.map((dataset) => indexName(dataset, network)));

  const ownDocument = async (index: string, id: string, signal?: AbortSignal): Promise<StoredDocument | undefined> => {
    const body: SearchRequest = { query: { ids: { values: [id] } }, size: 1, sort: ["_seq"], track_total_hits: false };
    const [hit] = (await search(index, body, signal)).hits.hits;
    if (hit === undefined) return undefined;
    const [seqNo] = hit.sort ?? [];
    // Our own documents are told whole each time: how often that was is not counted.
    return { _index: index, _id: hit._id, _version: 1, _seq_no: Number(seqNo), _primary_term: 1, source: hit._source };
  };
  return {
    get(request) {
      const { id, signal } = request;
      const index = oneIndex(request.index, aliases());
      return own.has(index) ? ownDocument(index, id, signal) : others.get(request);
    },
  };
}
