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
  const writer = await ownName(directory);
  const path = `/${CLAIMS}/_create/${encodeURIComponent(network)}`;
  const body = { writer, host: hostname(), directory };
  const made = await engine.ask({ method: "PUT", path, body, signal });
  if (made.status < 300) return;
  if (made.status !== 409) throw refused(`note in ${CLAIMS} who writes`, made);
  const found = await engine.ask({ method: "GET", path: `/${CLAIMS}/_doc/${encodeURIComponent(network)}`, signal });
  const holder = (found.body["_source"] ?? {}) as EngineObject;
  if (found.status !== 200) throw refused(`read ${CLAIMS}`, found);
  if (holder["writer"] === writer) return;
  throw new Fault(
    "network_claimed",
    `The documents of ${network} in this cluster are written by the ethmon on ${String(holder["host"])} with the data ` +
      `directory ${String(holder["directory"])}. Where that one is no more, delete the document ${network} of ${CLAIMS}.`,
    { details: { holder: String(holder["writer"]) } },
  );
}

/** A name for this data directory for ever. */
async function ownName(directory: string): Promise<string> {
  const { claimFile } = clusterPaths(directory);
  const known = await readFile(claimFile, "utf8").catch(() => undefined);
  if (known !== undefined && known.trim() !== "") return known.trim();
  const name = randomUUID();
  await writeFile(claimFile, `${name}\n`);
  return name;
}
