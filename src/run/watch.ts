import type { Chain } from "../chain/chain.ts";
import { catalogue } from "../events/catalogue.ts";
import type { Envelope } from "../events/envelope.ts";
import type { Broadcaster } from "../lib/broadcast.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import type { MeasureUpdate, WantedHeader } from "../measure/measures.ts";
import { createPipeline } from "../pipeline.ts";
import type { LiveItem } from "../serve/source.ts";
import { createEmbeddedStore, type EmbeddedStore } from "../store/embedded/embedded-store.ts";
import { feedPipeline } from "./feed.ts";
import { type Intake, overflow } from "./intake.ts";
import type { FactsBook } from "./node-facts.ts";
import { createRecorder } from "./recorder.ts";
import { storedNodeSlots, storedObservations } from "./restore.ts";

/** The watch over one network: from the intake through the pipeline into the store and to the live readers. */
export type Watch = {
  chain: Chain;
  store: EmbeddedStore;
  /** Settles when the intake is closed and all that came is durable. */
  done: Promise<void>;
};

/** How long the start waits for what earlier runs left in the journal before the measures are taken up again. */
const SETTLE_LIMIT_MS = 60_000;

/**
 * Opens the store and takes up the watch: what earlier runs stored of the last epochs, then the gap since they ended,
 * then what arrives. Throws what `createEmbeddedStore` throws.
 */
export async function startWatch(input: {
  chain: Chain;
  directory: string;
  nodes: readonly string[];
  intake: Intake;
  facts: FactsBook;
  live: Broadcaster<LiveItem>;
  requestHeader(wanted: WantedHeader): void;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}): Promise<Watch> {
  const { chain, directory, nodes, intake, facts, live, requestHeader, clock, log, signal } = input;
  const store = await createEmbeddedStore({
    directory,
    network: chain.network,
    datasets: catalogue,
    clock,
    log,
    onLoss({ nodes: names, fromUs, toUs }) {
      for (const node of names) for (const envelope of overflow(node, fromUs, toUs)) intake.emit(envelope);
    },
  });
  const pipeline = createPipeline({ chain });
  const recorder = createRecorder({ chain, store, clock });

  const publish = (updates: readonly MeasureUpdate[]) => {
    for (const update of updates) {
      if (update.dataset === "ethereum.gap") facts.noteGap(update.record);
      live.publish(liveItem(update));
    }
  };
  const take: Parameters<typeof feedPipeline>[0]["take"] = (step, envelope) => {
    if (envelope !== undefined && step.enriched !== undefined) facts.note(envelope, step.enriched);
    recorder.add(step.document, step.updates);
    publish(step.updates);
    for (const wanted of step.wanted) requestHeader(wanted);
  };

  const restored = await restore();
  recorder.add(undefined, restored);
  publish(restored);
  // Before anything that arrives: what was missed since the last run ended is a gap, whatever ended it.
  const lastMarkUs = store.lastMarkUs();
  if (lastMarkUs !== undefined) for (const node of nodes) push(restartGap(node, lastMarkUs, clock.nowUs()));

  const done = feedPipeline({ intake, pipeline, clock, take, settle: recorder.offer }).then(recorder.finish);
  return { chain, store, done };

  function push(envelope: Envelope): void {
    take(pipeline.push(envelope), envelope);
  }

  async function restore(): Promise<readonly MeasureUpdate[]> {
    if (store.lastMarkUs() === undefined) return [];
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(SETTLE_LIMIT_MS)]);
      await store.settled(limited);
      const nowUs = clock.nowUs();
      const observations = await storedObservations({ store, chain, nowUs, log, signal: limited });
      const nodeSlots = await storedNodeSlots({ store, chain, nowUs, signal: limited });
      log.info({ observations: observations.length }, "The measures were taken up from the store");
      return pipeline.restore({ observations, nodeSlots });
    } catch (error) {
      if (signal.aborted) return [];
      log.warn({ error: messageOf(error) }, "The measures could not be taken up from the store and began anew");
      return [];
    }
  }
}

function restartGap(node: string, sinceUs: number, nowUs: number): Envelope {
  return { kind: "stream", node, receivedAtUs: nowUs, state: "closed", sinceUs, cause: "restart" };
}

function liveItem(update: MeasureUpdate): LiveItem {
  return update.dataset === "ethereum.gap"
    ? { event: "gap", data: update.record }
    : ({ event: update.dataset, data: update.record } as LiveItem);
}
