import { type Dataset, type Keep, keepOf } from "../../events/dataset.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { RetentionLimits } from "../retention.ts";
import { refused } from "./dialect.ts";
import type { Engine, EngineObject } from "./engine.ts";

const HOUR_MS = 3_600_000;

/** The data-stream lifecycle of documents that are kept so; of those that are kept for ever it names no time. */
export function lifecycleOf(keep: Keep, retention: RetentionLimits | undefined): JsonObject {
  if (retention === undefined || keep === "ever") return {};
  const keptMs = keep === "votes" ? retention.votesMs : retention.rawMs;
  return Number.isFinite(keptMs) ? { data_retention: `${Math.ceil(keptMs / HOUR_MS)}h` } : {};
}

/**
 * Gives our data streams that are there the lifecycle of their templates: a stream has that of its making until then.
 * Resolves with the streams that were changed.
 */
export async function renewLifecycles(input: {
  engine: Engine;
  datasets: readonly Dataset[];
  network: string;
  limits: RetentionLimits;
  signal?: AbortSignal | undefined;
}): Promise<string[]> {
  const { engine, datasets, network, limits, signal } = input;
  const wanted = new Map<string, JsonObject>();
  for (const dataset of datasets) {
    if (dataset.kind === "stream") wanted.set(indexName(dataset, network), lifecycleOf(keepOf(dataset), limits));
  }
  const told = await engine.ask({ method: "GET", path: `/_data_stream/*-${network}/_lifecycle`, signal });
  if (told.status === 404) return [];
  if (told.status >= 300) throw refused("read the lifecycle of data streams", told);
  const changed: string[] = [];
  for (const { name, lifecycle } of (told.body["data_streams"] ?? []) as readonly EngineObject[]) {
    const stream = String(name);
    const wish = wanted.get(stream);
    const found = (lifecycle as EngineObject | undefined) ?? {};
    const isSame = found["enabled"] === true && found["data_retention"] === wish?.["data_retention"];
    if (wish === undefined || isSame) continue;
    const path = `/_data_stream/${encodeURIComponent(stream)}/_lifecycle`;
    const answer = await engine.ask({ method: "PUT", path, body: wish, signal });
    if (answer.status >= 300) throw refused(`change how long ${stream} is kept`, answer);
    changed.push(stream);
  }
  return changed;
}
