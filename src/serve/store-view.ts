import type { DatasetUse, DiskUse, StoreState, StoreUse } from "../store/store.ts";
import type { StoredDataset, StoreView } from "./views.ts";

/** What the store holds, as the API tells it; `state` is that of a running store, or what is known of a closed one. */
export function storeView(
  use: StoreUse,
  state: Pick<StoreState, "reason" | "retention"> & { state: StoreView["state"] },
): StoreView {
  const datasets = use.datasets
    .map(storedDataset)
    .toSorted((a, b) => b.bytes - a.bytes || b.rows - a.rows || (a.index < b.index ? -1 : 1));
  return {
    state: state.state,
    reason: state.reason ?? null,
    datasets,
    rows: datasets.reduce((sum, { rows }) => sum + rows, 0),
    disk: diskView(use.disk),
    journal: { journaled: use.journaled, loaded: use.loaded },
    retention: retentionView(state.retention),
  };
}

function storedDataset(use: DatasetUse): StoredDataset {
  const { index, dataset, network, keep, rows, bytes, days, oldestUs, newestUs } = use;
  return {
    index,
    dataset,
    network,
    keep,
    rows,
    bytes,
    days: days ?? null,
    oldest_ms: oldestUs === undefined ? null : oldestUs / 1000,
    newest_ms: newestUs === undefined ? null : newestUs / 1000,
  };
}

function diskView({ database, free, wal, journal, pending }: DiskUse): StoreView["disk"] {
  return {
    total_bytes: database + wal + journal,
    database_bytes: database,
    free_bytes: free,
    wal_bytes: wal,
    journal_bytes: journal,
    pending_bytes: pending,
  };
}

function retentionView(retention: StoreState["retention"]): StoreView["retention"] {
  if (retention === undefined) return null;
  const { limits, last } = retention;
  return {
    votes_hours: limits.votesMs / 3_600_000,
    raw_days: limits.rawMs / 86_400_000,
    disk_gb: limits.diskBytes / 1e9,
    ran_ms: last === undefined ? null : last.ranAtUs / 1000,
    over_cap: last?.overCap ?? null,
  };
}
