import { resolve } from "node:path";
import type { Dataset } from "../../events/dataset.ts";
import type { Clock } from "../../lib/clock.ts";
import { Fault } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { connectEngine, withoutCredentials } from "../elastic/engine.ts";
import type { ElasticStoreSettings } from "../elastic/settings.ts";
import type { RetentionLimits } from "../retention.ts";
import { openClusterSide } from "./cluster-side.ts";
import type { WritableSide } from "./copy.ts";
import { openEmbeddedSide } from "./embedded-side.ts";
import { chosenNetwork, clusterNetworks, directoryContents, hasStore } from "./networks.ts";

/** A store by where it is: a data directory, or a cluster. */
export type Place =
  | { directory: string; settings?: undefined }
  | { directory?: undefined; settings: ElasticStoreSettings };

type Opening = {
  datasets: readonly Dataset[];
  clock: Clock;
  log: Log;
  /** Of what the templates in a cluster say how long it is kept. */
  retention: RetentionLimits;
  onTrouble: (reason: string | undefined) => void;
  signal: AbortSignal;
};

/**
 * Opens the store that is read; the network must be told where it has several. Rejects with `store_missing`,
 * `store_in_use`, `store_newer`, `store_pending`, `network_unknown` and `engine_*`.
 */
export async function openSource(
  place: Place,
  { network: wanted, ...opening }: Opening & { network: string | undefined },
): Promise<WritableSide> {
  const { datasets, signal } = opening;
  if (place.directory !== undefined) {
    const directory = resolve(place.directory);
    const { networks, pending } = await directoryContents(directory, datasets);
    const network = chosenNetwork({ wanted, networks, place: directory });
    refusePending({ directory, networks, pending, network });
    return openEmbeddedSide({ ...opening, directory, network });
  }
  const engine = connectEngine(place.settings);
  const name = place.settings.urls.map(withoutCredentials).join(", ");
  const networks = await clusterNetworks(engine, { datasets, signal }).finally(engine.close);
  const network = chosenNetwork({ wanted, networks, place: name });
  return openClusterSide({ ...opening, settings: place.settings, network, isTarget: false });
}

/** Opens the store that is written to; a directory is made where it is missing. Rejects as `openSource` does. */
export async function openTarget(
  place: Place,
  { network, ...opening }: Opening & { network: string },
): Promise<WritableSide> {
  if (place.directory === undefined) {
    return openClusterSide({ ...opening, settings: place.settings, network, isTarget: true });
  }
  const directory = resolve(place.directory);
  if (hasStore(directory)) {
    refusePending({ directory, network, ...(await directoryContents(directory, opening.datasets)) });
  }
  return openEmbeddedSide({ ...opening, directory, network });
}

/** What waits in the journal goes to the network that the store is opened for: with several it must be the right one. */
function refusePending(input: {
  directory: string;
  networks: readonly string[];
  pending: boolean;
  network: string;
}): void {
  const { directory, networks, pending, network } = input;
  if (!pending || networks.every((one) => one === network)) return;
  throw new Fault(
    "store_pending",
    `The journal in ${directory} holds documents that are not loaded, of ${networks.join(" or ")}: start ethmon on this ` +
      "directory once, which loads them, and stop it again.",
  );
}
