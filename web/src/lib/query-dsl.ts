import type { SearchRequest } from "../../../src/search/request.ts";

/** A search as Elasticsearch's console takes it. */
export type SlotQuery = { pattern: string; body: SearchRequest };

/** Everything that is stored of one slot: derived documents and raw events, by time. */
export function slotQuery(network: string, slot: number): SlotQuery {
  return {
    pattern: `ethmon-slot-${network},ethmon-node_slot-${network},ethmon-reorg-${network},logs-ethereum.*-${network}`,
    body: {
      query: { bool: { filter: [{ term: { "ethereum.slot": slot } }] } },
      sort: [{ "@timestamp": "asc" }],
      size: 1000,
      track_total_hits: true,
    },
  };
}

/** The body as text, indented for reading. */
export function queryText(query: SlotQuery): string {
  return JSON.stringify(query.body, null, 2);
}
