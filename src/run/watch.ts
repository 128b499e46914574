import type { Chain } from "../chain/chain.ts";
import type { ValidatorLabels } from "../chain/validator-labels.ts";
import { catalogue } from "../events/catalogue.ts";
import type { StreamRecord } from "../events/derived.ts";
import type { Document } from "../events/document.ts";
import type { Envelope, StreamEnvelope } from "../events/envelope.ts";
import type { Broadcaster } from "../lib/broadcast.ts";
import type { Clock } from "../lib/clock.ts";
import { messageOf } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import type { MeasureUpdate } from "../measure/measure-update.ts";
import type { VoteCounts } from "../measure/votes/vote-book.ts";
import type { WantedBlock } from "../measure/wanted-blocks.ts";
import { createPipeline } from "../pipeline.ts";
import type { LiveItem } from "../serve/source.ts";
import type { ElasticStoreSettings } from "../store/elastic/settings.ts";
import type { RetentionLimits } from "../store/retention.ts";
import type { Store } from "../store/store.ts";
import type { RunningAlerts } from "./alerts.ts";
import { feedPipeline } from "./feed.ts";
import { type Intake, overflow } from "./intake.ts";
import { nameNetwork } from "./network-name.ts";
import type { FactsBook } from "./node-facts.ts";
import { type OpenedStore, openStore } from "./open-store.ts";
import { createRecorder } from "./recorder.ts";
import type { RecordingWriter } from "./recording-writer.ts";
import {
  lastStoredSlot,
  storedEpochs,
  storedNodeSlots,
  storedObservations,
  storedStreams,
  storedValidatorEpochs,
} from "./restore.ts";

/** The watch over one network: from the intake through the pipeline into the store and to the live readers. */
export type Watch = {
  chain: Chain;
  store: OpenedStore;
  /** Takes a document that no observation gave. */
  keep(document: Document): void;
  /** The rules that are checked. */
  alerts: RunningAlerts | undefined;
  voteCounts(): VoteCounts;
  /** Settles when the intake is closed and all that came is durable. */
  done: Promise<void>;
};

/** Before the last durable moment this much may have reached the machine and not been read by the program. */
const UNREAD_US = 50_000;

/** How long the start waits for what earlier runs left in the journal before the measures are taken up again. */
const SETTLE_LIMIT_MS = 15_000;

/**
 * Opens the store and takes up the watch: what earlier runs stored of the last epochs, then the gap since they ended,
 * then what arrives. Throws what `openStore` throws.
 */
export async function startWatch(input: {
  chain: Chain;
  directory: string;
  /** Undefined: the embedded database. */
  cluster?: ElasticStoreSettings | undefined;
  retention: RetentionLimits;
  nodes: readonly string[];
  labels?: ValidatorLabels | undefined;
  intake: Intake;
  facts: FactsBook;
  live: Broadcaster<LiveItem>;
  requestBlock(wanted: WantedBlock): void;
  recording?: RecordingWriter | undefined;
  /** Left out: nothing is watched for. */
  openAlerts?: ((opened: { chain: Chain; store: Store }) => Promise<RunningAlerts>) | undefined;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}): Promise<Watch> {
  const { directory, cluster, retention, nodes, labels, intake, facts, live, requestBlock, recording } = input;
  const { clock, log, signal } = input;
  const chain = await nameNetwork(directory, input.chain);
  const store = await openStore(cluster, {
    directory,
    network: chain.network,
    datasets: catalogue,
    retention,
    clock,
    log,
    accountedUs: () => intake.oldestUs() ?? Number.POSITIVE_INFINITY,
    onLoss({ nodes: names, fromUs, toUs }) {
      for (const node of names) for (const envelope of overflow(node, fromUs, toUs)) intake.emit(envelope);
    },
  });
  const pipeline = createPipeline({ chain, labels });
  const recorder = createRecorder({ chain, store, clock });
  const alerts = await input.openAlerts?.({ chain, store });

  const publish = (updates: readonly MeasureUpdate[]) => {
    for (const update of updates) {
      if (update.dataset === "ethereum.gap") facts.noteGap(update.record);
      const item = liveItem(update);
      if (item !== undefined) live.publish(item);
    }
  };
  const take: Parameters<typeof feedPipeline>[0]["take"] = (step, envelope) => {
    if (envelope !== undefined && envelope.kind !== "votes") recording?.write(envelope);
    if (envelope !== undefined && step.enriched !== undefined) facts.note(envelope, step.enriched);
    // Before what need not be within the slot.
    alerts?.observe(step.documents, step.updates);
    recorder.add(step.documents, step.updates);
    publish(step.updates);
    for (const wanted of step.wanted) requestBlock(wanted);
  };

  // Before anything that arrives: what was missed since the last run ended is a gap, whatever ended it. Nothing is
  // journaled before these documents, so that a kill from here on finds either them or the mark they rest on.
  const { updates, gaps } = await restore();
  recorder.add([], updates);
  alerts?.prime(updates);
  publish(updates);
  for (const gap of gaps) push(gap);

  const fed = feedPipeline({ intake, pipeline, clock, take, settle: recorder.offer });
  const done = fed.then(recorder.finish).finally(() => alerts?.close());
  const keep = (document: Document) => {
    recorder.add([document], []);
    alerts?.observe([document], []);
  };
  return { chain, store, keep, alerts, voteCounts: pipeline.voteCounts, done };

  function push(envelope: Envelope): void {
    take(pipeline.push(envelope), envelope);
  }

  async function restore(): Promise<{ updates: readonly MeasureUpdate[]; gaps: readonly Envelope[] }> {
    const lastMarkUs = store.lastMarkUs();
    if (lastMarkUs === undefined) return { updates: [], gaps: [] };
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(SETTLE_LIMIT_MS)]);
      await store.settled(limited);
      const streams = await storedStreams({ store, chain, signal: limited });
      const nowUs = clock.nowUs();
      // A node that is no longer watched has no say in what is.
      const watched = ({ node }: { node: string }) => nodes.includes(node);
      const stored = await storedObservations({ store, chain, nowUs, log, signal: limited });
      const observations = stored.filter(watched);
      const nodeSlots = (await storedNodeSlots({ store, chain, nowUs, signal: limited })).filter(watched);
      log.info({ observations: observations.length }, "The measures were taken up from the store");
      const gaps = streams.filter(watched).map((stream) => missedSince(stream, lastMarkUs, nowUs));
      const epochs = await storedEpochs({ store, chain, nowUs, signal: limited });
      const validatorEpochs = await storedValidatorEpochs({ store, chain, nowUs, signal: limited });
      const lastSlot = await lastStoredSlot({ store, chain, signal: limited });
      return { updates: pipeline.restore({ observations, nodeSlots, epochs, validatorEpochs, lastSlot }), gaps };
    } catch (error) {
      if (!signal.aborted) {
        log.warn({ error: messageOf(error) }, "The measures could not be taken up from the store and began anew");
      }
      const missed = (node: string) => restartGap(node, lastMarkUs, clock.nowUs());
      return { updates: [], gaps: signal.aborted ? [] : nodes.map(missed) };
    }
  }
}

/** A stream that was down when the last run ended is down since then; one that was up, since the last durable moment. */
function missedSince(stream: StreamRecord, lastMarkUs: number, nowUs: number): Envelope {
  const gap = restartGap(stream.node, lastMarkUs, nowUs);
  if (stream.state === "up") return gap;
  return { ...gap, sinceUs: stream.since_ms * 1000, cause: stream.cause ?? "restart" };
}

function restartGap(node: string, lastMarkUs: number, nowUs: number): StreamEnvelope {
  const sinceUs = lastMarkUs - UNREAD_US;
  return { kind: "stream", node, receivedAtUs: nowUs, state: "closed", sinceUs, cause: "restart" };
}

/** What the API alone tells, from the store, since it changes once a slot or less. */
const NOT_LIVE: ReadonlySet<MeasureUpdate["dataset"]> = new Set([
  "vote_part",
  "node_epoch",
  "latency",
  "propagation",
  "slashing",
  "duty",
  "validator_epoch",
]);

/** Streams are told with their nodes; everything else as it is. */
function liveItem(update: MeasureUpdate): LiveItem | undefined {
  if (update.dataset === "stream" || NOT_LIVE.has(update.dataset)) return undefined;
  if (update.dataset === "ethereum.gap") return { event: "gap", data: update.record };
  return { event: update.dataset, data: update.record } as LiveItem;
}
