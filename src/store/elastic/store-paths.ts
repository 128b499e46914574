import { join } from "node:path";

/** What a store in a cluster has on this machine: its own journal, whose positions are not the embedded store's. */
export function clusterPaths(directory: string): { journalDirectory: string; claimFile: string } {
  return { journalDirectory: join(directory, "cluster-journal"), claimFile: join(directory, "cluster-writer") };
}
