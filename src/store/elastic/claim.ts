import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { Fault } from "../../lib/fault.ts";
import { refused } from "./dialect.ts";
import type { Engine, EngineObject } from "./engine.ts";
import { clusterPaths } from "./store-paths.ts";

/** Below no pattern of ours or of the engine's. */
const CLAIMS = "ethmon.writers";

/**
 * Notes in the cluster that this data directory writes a network's documents: two monitors of one network would
 * overwrite each other's. Rejects with `network_claimed` where another one does, `engine_refused` or
 * `engine_unreachable`.
 */
export async function claimNetwork(input: {
  engine: Engine;
  network: string;
  directory: string;
  signal?: AbortSignal | undefined;
}): Promise<void> {
  const { engine, network, directory, signal } = input;
  const writer = await directoryName(directory);
  const path = `/${CLAIMS}/_create/${encodeURIComponent(network)}`;
  const body = { writer, host: hostname(), directory };
  const made = await engine.ask({ method: "PUT", path, body, signal });
  if (made.status < 300) return;
  if (made.status !== 409) throw refused(`note in ${CLAIMS} who writes`, made);
  const holder = await readClaim(input);
  if (holder === undefined || holder.writer === writer) return;
  throw new Fault(
    "network_claimed",
    `The documents of ${network} in this cluster are written by the ethmon on ${holder.host} with the data directory ` +
      `${holder.directory}. ${holder.remedy}`,
    { details: { holder: holder.writer } },
  );
}

/** Who writes a network's documents, and what helps where that one is no more; undefined where nobody noted so. */
export async function readClaim(input: {
  engine: Engine;
  network: string;
  signal?: AbortSignal | undefined;
}): Promise<{ writer: string; host: string; directory: string; remedy: string } | undefined> {
  const { engine, network, signal } = input;
  const found = await engine.ask({ method: "GET", path: `/${CLAIMS}/_doc/${encodeURIComponent(network)}`, signal });
  if (found.status === 404) return undefined;
  if (found.status !== 200) throw refused(`read ${CLAIMS}`, found);
  const holder = (found.body["_source"] ?? {}) as EngineObject;
  return {
    writer: String(holder["writer"]),
    host: String(holder["host"]),
    directory: String(holder["directory"]),
    remedy: `Where that one is no more, delete the document ${network} of ${CLAIMS}.`,
  };
}

/** A name for this data directory for ever, wherever it is moved; made when it is asked for first. */
export async function directoryName(directory: string): Promise<string> {
  const { claimFile } = clusterPaths(directory);
  const known = await readFile(claimFile, "utf8").catch(() => undefined);
  if (known !== undefined && known.trim() !== "") return known.trim();
  const name = randomUUID();
  await writeFile(claimFile, `${name}\n`);
  return name;
}
