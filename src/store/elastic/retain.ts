import { type Dataset, keepOf } from "../../events/dataset.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { ForeignIndex } from "../foreign/foreign-tables.ts";
import type { RetentionLimits } from "../retention.ts";
import { isForItself } from "./by-names.ts";
import { type Dialect, refused } from "./dialect.ts";
import type { Engine, EngineAnswer } from "./engine.ts";
import { indexNames } from "./index-names.ts";
import { type IndexUse, readIndices } from "./use.ts";

/** A data stream begins a new index after this time or size, so that whole indices get old. */
const ROLLOVER = { max_age: "1d", max_size: "30gb" };
const HOUR_MS = 3_600_000;

/**
 * Deletes the indices of data streams whose newest document is older than its kind is kept, and lets streams begin new
 * ones. A cluster with a data-stream lifecycle does both by itself for our streams. A stream of others that the cluster
 * does not let be kept in order holds up no other one, and is told.
 */
export async function retainInCluster(input: {
  engine: Engine;
  dialect: Pick<Dialect, "hasLifecycle">;
  datasets: readonly Dataset[];
  network: string;
  foreign: readonly ForeignIndex[];
  keptForMs: (index: ForeignIndex) => number | undefined;
  limits: RetentionLimits;
  nowMs: number;
  signal?: AbortSignal | undefined;
}): Promise<{
  droppedIndices: number;
  droppedDays: number;
  droppedRows: number;
  indices: IndexUse[];
  refused: string[];
}> {
  const { engine, dialect, datasets, network, foreign, keptForMs, limits, nowMs, signal } = input;
  const rule = { votes: limits.votesMs, raw: limits.rawMs, ever: Number.POSITIVE_INFINITY };
  const streams = new Map<string, number>();
  for (const dataset of datasets) {
    if (dataset.kind === "stream") streams.set(indexName(dataset, network), rule[keepOf(dataset)]);
  }
  for (const index of foreign) {
    if (index.kind === "stream") streams.set(index.name, Math.min(rule.raw, keptForMs(index) ?? rule.raw));
  }
  const patterns = indexNames(network, foreign);
  const indices = await readIndices(engine, patterns, signal);
  const byStream = Map.groupBy(indices, ({ of }) => of);
  let [droppedIndices, droppedDays, droppedRows] = [0, 0, 0];
  const gone = new Set<string>();
  const refusedStreams: string[] = [];
  const isOthers = (stream: string) => foreign.some(({ name }) => name === stream);
  const isPassedOver = (stream: string, answer: EngineAnswer) => isOthers(stream) && isForItself(answer);
  for (const [stream, keptMs] of streams) {
    // Names of backing indices end with their generation: the last one is written to.
    const members = (byStream.get(stream) ?? []).toSorted((a, b) => (generationOf(a) < generationOf(b) ? -1 : 1));
    if (members.length === 0 || (dialect.hasLifecycle && !isOthers(stream))) continue;
    const newest = members.at(-1);
    if (newest !== undefined && newest.documents > 0 && keptMs !== Number.POSITIVE_INFINITY) {
      // What is kept for hours must get old within hours.
      const maxAge = keptMs < 48 * HOUR_MS ? { ...ROLLOVER, max_age: "6h" } : ROLLOVER;
      const rolled = await engine.ask({
        method: "POST",
        path: `/${encodeURIComponent(stream)}/_rollover`,
        body: { conditions: maxAge },
        signal,
      });
      if (isPassedOver(stream, rolled)) {
        refusedStreams.push(stream);
        continue;
      }
      if (rolled.status >= 300) throw refused(`begin a new index of ${stream}`, rolled);
    }
    for (const member of members) {
      if (member === newest) continue;
      if (member.documents > 0 && nowMs - (member.newestMs ?? nowMs) < keptMs) continue;
      const answer = await engine.ask({ method: "DELETE", path: `/${encodeURIComponent(member.name)}`, signal });
      if (isPassedOver(stream, answer)) {
        refusedStreams.push(stream);
        break;
      }
      if (answer.status >= 300 && answer.status !== 404) throw refused(`delete ${member.name}`, answer);
      gone.add(member.name);
      droppedIndices += 1;
      droppedDays += member.days.length;
      droppedRows += member.documents;
    }
  }
  return {
    droppedIndices,
    droppedDays,
    droppedRows,
    indices: indices.filter(({ name }) => !gone.has(name)),
    refused: refusedStreams,
  };
}

function generationOf({ name }: IndexUse): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0);
}
