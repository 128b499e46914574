import { type AlertRecord, alertDataset, type WatchStateRecord, watchStateDataset } from "../events/alert-records.ts";
import type { Dataset } from "../events/dataset.ts";
import type { Document } from "../events/document.ts";
import type { JsonObject } from "../events/foreign.ts";
import { documentOf, fieldOf, type RecordDataset } from "../events/record.ts";
import { indexName } from "../search/index-pattern.ts";
import { searchRecords } from "../serve/api/stored-records.ts";
import type { Store } from "../store/store.ts";

/** What an earlier run left of alerts. */
export type KeptAlerts = {
  states: ReadonlyMap<string, WatchStateRecord>;
  /** Open and acknowledged. */
  alerts: readonly AlertRecord[];
};

type Asked = { store: Pick<Store, "search">; network: string; signal: AbortSignal };

/** Reads what earlier runs left. Rejects as `search` does. */
export async function readKeptAlerts(asked: Asked): Promise<KeptAlerts> {
  const states = await searchRecords<WatchStateRecord>(asked.store, { ...asked, dataset: watchStateDataset });
  const alerts = await searchRecords<AlertRecord>(asked.store, {
    ...asked,
    dataset: alertDataset,
    filter: [{ terms: { [fieldOf(alertDataset, "state")]: ["open", "acknowledged"] } }],
  });
  return {
    states: new Map(states.map((state) => [state.watch, state])),
    alerts: alerts.map(completed),
  };
}

/** An alert, open or over. Rejects as `search` does. */
export async function readAlert(asked: Asked, id: string): Promise<AlertRecord | undefined> {
  const filter = [{ term: { [fieldOf(alertDataset, "id")]: id } }];
  const [found] = await searchRecords<AlertRecord>(asked.store, { ...asked, dataset: alertDataset, filter });
  return found === undefined ? undefined : completed(found);
}

/** Lists without a value are absent in a document. */
function completed(alert: AlertRecord): AlertRecord {
  return { ...alert, nodes: alert.nodes ?? [], told: alert.told ?? [] };
}

/** Whether rules are checked at all stands among the states of watches; no watch has an id of this form. */
export const SERVICE = "/service";

export function serviceDocument(isRunning: boolean, nowMs: number): Document {
  const record: WatchStateRecord = {
    watch: SERVICE,
    active: isRunning,
    version: 1,
    last_checked_ms: null,
    last_met_ms: null,
    cannot_judge: null,
    actions: null,
  };
  return documentOf({ dataset: watchStateDataset, record, timestampUs: Math.round(nowMs * 1000), id: SERVICE });
}

/** Sources of the newest documents of a dataset with their ids, oldest first. */
export async function readNewest(
  { store, network, signal }: Asked,
  { dataset, count }: { dataset: Pick<Dataset | RecordDataset, "name" | "kind">; count: number },
): Promise<{ id: string | undefined; source: JsonObject }[]> {
  const { hits } = await store.search(
    indexName(dataset, network),
    { size: count, sort: [{ "@timestamp": "desc" }, { _seq: "desc" }], track_total_hits: false },
    { signal },
  );
  return hits.hits
    .map(({ _id, _source }) => ({ id: dataset.kind === "index" ? _id : undefined, source: _source }))
    .reverse();
}
