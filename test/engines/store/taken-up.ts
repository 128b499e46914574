import { Writable } from "node:stream";
import { catalogue } from "../../../src/events/catalogue.ts";
import { createBroadcaster } from "../../../src/lib/broadcast.ts";
import { createLog } from "../../../src/lib/log.ts";
import { createIntake } from "../../../src/run/intake.ts";
import { createFactsBook } from "../../../src/run/node-facts.ts";
import { startWatch } from "../../../src/run/watch.ts";
import { indexName } from "../../../src/search/index-pattern.ts";
import type { LiveItem } from "../../../src/serve/source.ts";
import { hitsOf } from "../../rigs/stored.ts";
import type { Filled, FilledStores, StoreName } from "./filled-stores.ts";

/** What a watch makes of a store that an earlier one left. */
export type TakenUp = {
  name: StoreName;
  live: readonly LiveItem[];
  log: readonly string[];
  /** Every dataset's documents then, by its name. */
  documents: Readonly<Record<string, readonly unknown[]>>;
};

/** So long after the recording's end the program is started again. */
const AWAY_US = 1_500_000;
const FOREVER = Number.MAX_SAFE_INTEGER;

/** Closes every store, and takes up the watch on it again as the program does: its restored measures, and its gaps. */
export async function takenUp(filled: FilledStores): Promise<TakenUp[]> {
  for (const { store } of filled.stores) await store.close();
  filled.clock.set(filled.clock.nowUs() + AWAY_US);
  const all: TakenUp[] = [];
  for (const one of filled.stores) all.push(await takeUp(one, filled));
  return all;
}

async function takeUp({ name, directory, cluster }: Filled, { recording, clock }: FilledStores): Promise<TakenUp> {
  const lines: string[] = [];
  const log = createLog({
    level: "info",
    stream: new Writable({
      write(chunk, _encoding, done) {
        lines.push((JSON.parse(String(chunk)) as { msg: string }).msg);
        done();
      },
    }),
  });
  const live = createBroadcaster<LiveItem>();
  const subscription = live.subscribe(FOREVER);
  const intake = createIntake(clock);
  const ending = new AbortController();
  const watch = await startWatch({
    chain: recording.chain,
    directory,
    cluster,
    retention: { votesMs: FOREVER, rawMs: FOREVER, diskBytes: FOREVER },
    nodes: recording.nodes,
    labels: recording.labels,
    intake,
    facts: createFactsBook(),
    live,
    requestBlock() {},
    clock,
    log,
    signal: ending.signal,
  });
  intake.close();
  await watch.done;
  await watch.store.settled();
  const documents: Record<string, readonly unknown[]> = {};
  for (const dataset of catalogue) {
    const hits = await hitsOf(watch.store, indexName(dataset, recording.chain.network));
    documents[dataset.name] = hits.map(({ _id, _source }) => (dataset.kind === "index" ? { _id, _source } : _source));
  }
  const told = subscription.queue.drain(FOREVER);
  subscription.close();
  ending.abort();
  await watch.store.close();
  return { name, live: told, log: lines.filter((line) => /measures/.test(line)), documents };
}
