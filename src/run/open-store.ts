import { createElasticStore, type ElasticStoreOptions } from "../store/elastic/elastic-store.ts";
import type { ElasticStoreSettings } from "../store/elastic/settings.ts";
import { createEmbeddedStore } from "../store/embedded/embedded-store.ts";
import type { Store } from "../store/store.ts";

/** Either store; other commands on its data directory find the address of its API. */
export type OpenedStore = Store & { setUrl(url: string): Promise<void> };

/**
 * The store of the configuration: a cluster where it names one, else the embedded database. Throws what
 * `createEmbeddedStore` and `createElasticStore` throw.
 */
export function openStore(
  cluster: ElasticStoreSettings | undefined,
  options: Omit<ElasticStoreOptions, "settings">,
): Promise<OpenedStore> {
  return cluster === undefined ? createEmbeddedStore(options) : createElasticStore({ settings: cluster, ...options });
}
