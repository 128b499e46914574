import { join } from "node:path";
import { defaultDataDirectory } from "../config/load.ts";
import type { Content, ExportedNetwork, Remark } from "../export/content.ts";
import { readNetworkConfig } from "../export/network-config.ts";
import type { Clock } from "../lib/clock.ts";
import { Fault } from "../lib/fault.ts";
import { chainParameters } from "../panels/chain-parameters.ts";
import { loadShipped } from "../panels/shipped.ts";
import { schemas } from "../serve/api/schemas.ts";
import { askRunning, findRunning } from "./ask-running.ts";
import { PACKAGE_DIRECTORY } from "./package-directory.ts";
import { readSaved } from "./saved-content.ts";

/** Where an export's content comes from. */
export type ContentOptions = {
  /** A running ethmon. */
  url?: string | undefined;
  data?: string | undefined;
  network?: string | undefined;
  networkConfig?: string | undefined;
};

/** The shipped panels and dashboards, those that are saved in a running ethmon, and its network or a file's. */
export async function exportContent(
  options: ContentOptions,
  deps: { clock: Clock; signal: AbortSignal },
): Promise<Content> {
  const { clock, signal } = deps;
  const { networkConfig } = options;
  const base = await runningOf(options);
  const network =
    networkConfig === undefined
      ? await networkOfRunning({ base, asked: options.network, clock, signal })
      : await networkOfFile({ file: networkConfig, asked: options.network, clock });
  const shipped = loadShipped(join(PACKAGE_DIRECTORY, "panels"));
  const saved = base === undefined ? { panels: [], dashboards: [], searches: [] } : await readSaved(base, signal);
  return {
    network,
    panels: [...shipped.panels.values(), ...saved.panels],
    dashboards: [...shipped.dashboards.values(), ...saved.dashboards],
    searches: saved.searches,
  };
}

/** A file tells enough by itself: then only a running ethmon that is named is asked for what is saved. */
async function runningOf({ url, data, networkConfig }: ContentOptions): Promise<string | undefined> {
  if (url !== undefined) return url;
  if (networkConfig !== undefined && data === undefined) return undefined;
  return findRunning(data ?? defaultDataDirectory(process.env));
}

async function networkOfRunning(input: {
  base: string | undefined;
  asked: string | undefined;
  clock: Clock;
  signal: AbortSignal;
}): Promise<ExportedNetwork> {
  const { base, asked, clock, signal } = input;
  if (base === undefined) {
    const sentence =
      "Charts need the network's slot time, genesis and deadlines: run ethmon, name a running one, or give " +
      "--network-config FILE with a node's config/spec and genesis.";
    throw new Fault("network_needed", sentence);
  }
  const view = await askRunning({ base, path: "/api/v1/network", schema: schemas.Network, signal });
  if (asked !== undefined && asked !== view.name) {
    const sentence = `The running ethmon watches ${view.name}: for ${asked} give --network-config FILE.`;
    throw new Fault("network_differs", sentence);
  }
  // A recording's forks are those of its own time.
  const atMs = view.demo ? view.now_ms : clock.nowUs() / 1000;
  return { name: view.name, chain: chainParameters(view, atMs) };
}

async function networkOfFile(input: {
  file: string;
  asked: string | undefined;
  clock: Clock;
}): Promise<ExportedNetwork> {
  const { file, asked, clock } = input;
  const network = await readNetworkConfig(file, clock.nowUs());
  return asked === undefined ? network : { ...network, name: asked };
}

/** Remarks as lines for people. */
export function remarkLines(remarks: readonly Remark[]): string[] {
  return remarks.map(({ kind, id, reason }) => `${kind} ${id}: ${reason}`);
}
