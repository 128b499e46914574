import type { BacktestDeps } from "../alert/backtest/backtest-deps.ts";
import { storedChain } from "../alert/backtest/stored-chain.ts";
import { defaultDataDirectory, loadConfig } from "../config/load.ts";
import { limitsOf } from "../config/retention-limits.ts";
import { catalogue } from "../events/catalogue.ts";
import type { Clock } from "../lib/clock.ts";
import { Fault } from "../lib/fault.ts";
import { createLog } from "../lib/log.ts";
import { openSource } from "../store/copy/open-sides.ts";

/** Where documents are, while no program is asked for them. */
export type PastOptions = {
  data?: string | undefined;
  /** URL of a cluster. */
  store?: string | undefined;
  config?: string | undefined;
  network?: string | undefined;
};

/** A store that no program uses, or a cluster, opened to be read. Rejects as `openSource` and `storedChain` do. */
export async function openPast(
  options: PastOptions,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<Omit<BacktestDeps, "limits"> & { close(): Promise<void> }> {
  const { data, store: url, config: file, network } = options;
  const config = await loadConfig({ file, overrides: url === undefined ? {} : { store: [url] }, env: process.env });
  const { elasticsearch: settings } = config.store;
  const directory = data ?? config.data_directory ?? defaultDataDirectory(process.env);
  const side = await openSource(settings === undefined || data !== undefined ? { directory } : { settings }, {
    datasets: catalogue,
    clock,
    log: createLog({ level: "warn" }),
    retention: limitsOf(config.retention),
    onTrouble: (reason) => {
      if (reason !== undefined) process.stderr.write(`ethmon: Waiting for the cluster: ${reason}\n`);
    },
    network,
    signal,
  });
  try {
    const store = { search: (pattern: string, request: object) => side.search(pattern, request) };
    const known = await storedChain({ store, network: side.network, signal });
    return { store, ...known, datasets: catalogue, clock, close: side.close };
  } catch (error) {
    await side.close();
    throw error instanceof Fault && error.code === "network_unknown"
      ? new Fault(error.code, `${side.place}: ${error.message}`)
      : error;
  }
}
