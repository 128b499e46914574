import { type AlertRecord, alertDataset, type DeliveryRecord, deliveryDataset } from "../../events/alert-records.ts";
import type { Document } from "../../events/document.ts";
import { fieldOf, type RecordDataset, recordOfSource } from "../../events/record.ts";
import { indexName } from "../../search/index-pattern.ts";
import { MAX_RESULT_WINDOW } from "../../search/limits.ts";
import type { QueryBody, SortBody } from "../../search/request.ts";
import type { Store } from "../../store/store.ts";

/** What the outbox and the digest ask of the store. */
export type DeliveryStore = {
  keep(documents: readonly Document[]): Promise<void>;
  /** The oldest pending deliveries; sees what was kept before. */
  pending(asked: { limit: number; signal: AbortSignal }): Promise<DeliveryRecord[]>;
  has(id: string, signal: AbortSignal): Promise<boolean>;
  /** Alerts that are not over, or have been since `sinceMs`. */
  alertsSince(sinceMs: number, signal: AbortSignal): Promise<AlertRecord[]>;
};

const STATUS = fieldOf(deliveryDataset, "status");
const DECIDED = fieldOf(deliveryDataset, "decided_ms");
const STATE = fieldOf(alertDataset, "state");
const SINCE = fieldOf(alertDataset, "since_ms");
const UNTIL = fieldOf(alertDataset, "until_ms");

export function createDeliveryStore(deps: {
  store: Pick<Store, "append" | "search" | "settled">;
  network: string;
}): DeliveryStore {
  const { store, network } = deps;
  const find = async <R>(
    dataset: RecordDataset,
    asked: { query: QueryBody; sort: SortBody; size: number; signal: AbortSignal },
  ): Promise<R[]> => {
    const { query, sort, size, signal } = asked;
    await store.settled(signal);
    const request = { query, size, track_total_hits: false, sort: [sort, { _seq: "asc" as const }] };
    const { hits } = await store.search(indexName(dataset, network), request, { signal });
    // They were made from records of this type, over the same columns.
    return hits.hits.map((hit) => recordOfSource(dataset, hit._source) as R);
  };
  return {
    keep: (documents) => store.append(documents),
    pending: ({ limit, signal }) =>
      find<DeliveryRecord>(deliveryDataset, {
        query: { bool: { filter: [{ term: { [STATUS]: "pending" } }] } },
        sort: { [DECIDED]: "asc" },
        size: Math.min(limit, MAX_RESULT_WINDOW),
        signal,
      }),
    async has(id, signal) {
      const query = { bool: { filter: [{ ids: { values: [id] } }] } };
      return (await find(deliveryDataset, { query, sort: { [DECIDED]: "asc" }, size: 1, signal })).length > 0;
    },
    alertsSince(sinceMs, signal) {
      const isOpen = { terms: { [STATE]: ["open", "acknowledged"] } };
      const ended = { range: { [UNTIL]: { gte: new Date(sinceMs).toISOString() } } };
      return find<AlertRecord>(alertDataset, {
        query: { bool: { filter: [{ bool: { should: [isOpen, ended], minimum_should_match: 1 } }] } },
        sort: { [SINCE]: "asc" },
        size: MAX_RESULT_WINDOW,
        signal,
      });
    },
  };
}
