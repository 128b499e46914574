import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Dataset } from "../../events/dataset.ts";
import type { Clock } from "../../lib/clock.ts";
import { Fault } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { type ClusterReport, checkCluster } from "../elastic/check-cluster.ts";
import { directoryName } from "../elastic/claim.ts";
import { connectEngine, withoutCredentials } from "../elastic/engine.ts";
import type { ElasticStoreSettings } from "../elastic/settings.ts";
import { clusterPaths } from "../elastic/store-paths.ts";
import type { RetentionLimits } from "../retention.ts";
import { openClusterSide } from "./cluster-side.ts";
import { type Comparison, compareIndex } from "./compare.ts";
import { copiedIndices, readForeignIndices } from "./copied-indices.ts";
import { chosenNetwork, clusterNetworks, hasStore } from "./networks.ts";
import { openSource } from "./open-sides.ts";
import type { Side } from "./side.ts";

export type StoresReport = ClusterReport & {
  place: string;
  network: string;
  /** The embedded store against the cluster, where there is one in the directory. */
  comparisons: readonly Comparison[];
};

/**
 * Holds a cluster against the catalogue, and where a directory is given against that: as the one that writes there, if
 * it does, and as an embedded store whose documents the cluster should have, too. Rejects with what `openSource` rejects
 * with, and `store_missing` for a directory that is neither.
 */
export async function checkStores(input: {
  settings: ElasticStoreSettings;
  directory?: string | undefined;
  network?: string | undefined;
  datasets: readonly Dataset[];
  retention: RetentionLimits;
  onCompared?: ((comparison: Comparison) => void) | undefined;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}): Promise<StoresReport> {
  const { settings, datasets, retention, signal } = input;
  const directory = input.directory === undefined ? undefined : resolve(input.directory);
  const isWriter = directory !== undefined && existsSync(clusterPaths(directory).journalDirectory);
  const isStore = directory !== undefined && hasStore(directory);
  if (directory !== undefined && !isWriter && !isStore) {
    throw new Fault("store_missing", `There is no store in ${directory}.`);
  }
  const engine = connectEngine(settings);
  const undo: (() => Promise<void>)[] = [engine.close];
  try {
    const place = settings.urls.map(withoutCredentials).join(", ");
    const networks = await clusterNetworks(engine, { datasets, signal });
    const network = input.network ?? chosenNetwork({ wanted: undefined, networks, place });
    const cluster = await openClusterSide({ ...input, network, isTarget: false, onTrouble() {} });
    undo.push(cluster.close);
    const foreign = [...(await readForeignIndices(cluster)).values()].map(({ index }) => index);
    const report = await checkCluster({
      engine,
      datasets,
      network,
      foreign,
      settings,
      retention,
      writer: isWriter ? await directoryName(directory) : undefined,
      signal,
    });
    if (!isStore) return { ...report, place, network, comparisons: [] };
    const embedded = await openSource({ directory }, { ...input, network, onTrouble() {} });
    undo.push(embedded.close);
    const comparisons = await compareStores({ ...input, embedded, cluster, votes: settings.votes });
    return { ...report, place, network, comparisons };
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

/** All that either side has; of our streams without `_id`, which the stores give themselves. */
async function compareStores(input: {
  embedded: Side;
  cluster: Side;
  datasets: readonly Dataset[];
  votes: boolean;
  onCompared?: ((comparison: Comparison) => void) | undefined;
  signal: AbortSignal;
}): Promise<Comparison[]> {
  const { embedded, cluster, datasets, votes, onCompared, signal } = input;
  const ofEmbedded = await copiedIndices({ side: embedded, datasets, votes });
  const ofCluster = await copiedIndices({ side: cluster, datasets, votes });
  const known = new Set(ofEmbedded.map(({ name }) => name));
  const comparisons: Comparison[] = [];
  for (const index of [...ofEmbedded, ...ofCluster.filter(({ name }) => !known.has(name))]) {
    const keyed = index.kind === "index" || index.own === undefined;
    const bounds = { sourceBounds: {}, targetBounds: {} };
    const comparison = await compareIndex({ index, source: embedded, target: cluster, ...bounds, keyed, signal });
    if (comparison.source.documents + comparison.target.documents === 0) continue;
    onCompared?.(comparison);
    comparisons.push(comparison);
  }
  return comparisons;
}
