import { catalogue } from "../../src/events/catalogue.ts";
import type { Document } from "../../src/events/document.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { sleep } from "../../src/lib/sleep.ts";
import { type OpenedStore, openStore } from "../../src/run/open-store.ts";
import { elasticStoreSchema } from "../../src/store/elastic/settings.ts";
import { epochDocuments } from "./epoch-documents.ts";
import { LOOK_MS, monitorDocuments } from "./monitor-documents.ts";
import { EPOCHS, SLOT_MS, SLOTS, slotOf } from "./network-day.ts";
import { slotDocuments } from "./slot-documents.ts";

export const NETWORK = "mainnet";
/** As many are handed over together: the journal's queue takes them with ease. */
const BATCH = 4_000;
/** A cluster that is behind by more answers late, and then counts as gone. */
const MOST_BEHIND = 5 * BATCH;
const PATIENCE_MS = 300_000;

/**
 * Fills a store with the program's own documents of a day, through the store's own way in: a data directory, or a
 * cluster, whose journal then lies in the directory. How many there were.
 */
export async function fillOwn(input: {
  directory: string;
  cluster?: string;
  startMs: number;
  /** Which of the documents; without it all of them. */
  keep?: (document: Document) => boolean;
  signal: AbortSignal;
}): Promise<number> {
  const { directory, cluster, startMs, keep = () => true, signal } = input;
  const settings = cluster === undefined ? undefined : elasticStoreSchema.parse({ urls: [cluster] });
  const store = await openStore(settings, {
    directory,
    network: NETWORK,
    datasets: catalogue,
    clock: systemClock(),
    log: silentLog,
  });
  let count = 0;
  try {
    let batch: Document[] = [];
    for (const documents of ownDocuments(startMs)) {
      batch.push(...documents.filter(keep));
      if (batch.length < BATCH) continue;
      signal.throwIfAborted();
      count += batch.length;
      await store.append(batch);
      if (count % MOST_BEHIND < batch.length) await settled(store, signal);
      batch = [];
    }
    count += batch.length;
    await store.append(batch);
    await settled(store, signal);
  } finally {
    await store.close();
  }
  return count;
}

/** In the order of the day, but for the epochs, which are told behind it. */
function* ownDocuments(startMs: number): Generator<Document[]> {
  for (let place = 0; place < SLOTS; place += 1) yield slotDocuments(slotOf(startMs, place));
  for (let place = 0; place < (SLOTS * SLOT_MS) / LOOK_MS; place += 1) yield monitorDocuments(startMs, place);
  for (let place = 0; place < EPOCHS; place += 1) yield epochDocuments(startMs, place);
}

/** Waits also where the store says meanwhile that the cluster does not answer: it goes on by itself. */
async function settled(store: Pick<OpenedStore, "settled">, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await store.settled(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (performance.now() > untilMs) throw error;
      await sleep(1_000, signal);
    }
  }
}
