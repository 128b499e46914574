import { isFault } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import type { ForeignIndex } from "../foreign/foreign-tables.ts";
import { isOfIndex } from "./bulk-answer.ts";
import type { Cluster } from "./cluster.ts";
import type { Engine } from "./engine.ts";

export type MadeIndex = Pick<ForeignIndex, "name" | "kind" | "mapping">;
/** `impossible`: it will never be made so, and the cluster judges what is sent to it. `refused`: that may pass. */
export type MadeHow = { kind: "made" } | { kind: "impossible" } | { kind: "refused"; reason: string };

/**
 * Makes an index of others as it was told, or adds to its mapping. What is there already, and may not be changed, gets
 * its documents all the same. Rejects with `engine_*` for what is no fault of this index.
 */
export async function makeForeign(input: {
  engine: Engine;
  cluster: Pick<Cluster, "ensureForeign">;
  index: MadeIndex;
  log: Log;
  signal: AbortSignal;
}): Promise<MadeHow> {
  const { cluster, index, log, signal } = input;
  const { name, kind, mapping } = index;
  try {
    await cluster.ensureForeign({ name, kind, mapping }, signal);
    return { kind: "made" };
  } catch (error) {
    if (!isFault(error, "engine_refused") || error.retry === "retryable") throw error;
    const { status, type } = error.details as { status: number; type: string };
    // Of somebody whom the cluster does not know at all nothing is refused for an index's sake.
    if (status === 401) throw error;
    if (isOfIndex({ status, type }) && !(await isThere(input))) return { kind: "refused", reason: error.message };
    log.error({ index: name, error: error.message }, "The cluster refused an index, or its mapping");
    return { kind: "impossible" };
  }
}

async function isThere({ engine, index, signal }: { engine: Engine; index: MadeIndex; signal: AbortSignal }) {
  const path = `/${encodeURIComponent(index.name)}/_settings/index.uuid`;
  return (await engine.ask({ method: "GET", path, signal })).status === 200;
}
