import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "../../events/dataset.ts";
import { Fault } from "../../lib/fault.ts";
import { indexName } from "../../search/index-pattern.ts";
import { refused } from "../elastic/dialect.ts";
import type { Engine } from "../elastic/engine.ts";
import { streamOf } from "../elastic/search.ts";
import { readClosedStore } from "../embedded/closed-store.ts";
import { storePaths } from "../embedded/store-paths.ts";

/** What of documents a data directory has: its networks, and whether some wait in the journal. */
export type DirectoryContents = { networks: readonly string[]; pending: boolean };

/** Throws `store_missing`, `store_in_use`, `store_newer` and `store_unavailable`. */
export async function directoryContents(directory: string, datasets: readonly Dataset[]): Promise<DirectoryContents> {
  const use = await readClosedStore({ directory, datasets });
  // The program notes there how it names networks.
  const noted = await readFile(join(directory, "networks.json"), "utf8").catch(() => "{}");
  const names = Object.values(JSON.parse(noted) as Record<string, string>);
  return {
    networks: [...new Set([...use.datasets.map(({ network }) => network), ...names])].sort(),
    pending: use.loaded < use.journaled,
  };
}

export function hasStore(directory: string): boolean {
  return existsSync(storePaths(directory).file);
}

/** The networks that have data streams or indices of ours in a cluster. Rejects with `engine_*`. */
export async function clusterNetworks(
  engine: Engine,
  { datasets, signal }: { datasets: readonly Dataset[]; signal?: AbortSignal },
): Promise<string[]> {
  const query = { ignore_unavailable: true, allow_no_indices: true, flat_settings: true };
  const answer = await engine.ask({ method: "GET", path: "/logs-*,ethmon-*/_settings/index.uuid", query, signal });
  if (answer.status >= 300) throw refused("list its indices", answer);
  const beginnings = datasets.map((dataset) => indexName(dataset, ""));
  const networks = Object.keys(answer.body).flatMap((index) => {
    const name = streamOf(index);
    const beginning = beginnings.find((one) => name.startsWith(one) && !name.slice(one.length).includes("-"));
    return beginning === undefined ? [] : name.slice(beginning.length);
  });
  return [...new Set(networks)].filter((name) => name !== "").sort();
}

/** The network that is meant. Throws `network_unknown` where that cannot be told. */
export function chosenNetwork(input: {
  wanted: string | undefined;
  networks: readonly string[];
  place: string;
}): string {
  const { wanted, networks, place } = input;
  const [only, ...more] = networks;
  if (only === undefined) throw new Fault("network_unknown", `There are no documents of ethmon in ${place}.`);
  if (wanted !== undefined) {
    if (networks.includes(wanted)) return wanted;
    throw new Fault("network_unknown", `${place} has no network ${wanted}: there is ${networks.join(", ")}.`);
  }
  if (more.length === 0) return only;
  throw new Fault(
    "network_unknown",
    `${place} has several networks: choose one with --network: ${networks.join(", ")}.`,
  );
}
