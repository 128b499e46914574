import type { Chain } from "../chain/chain.ts";
import {
  type EpochRecord,
  epochDataset,
  type NodeSlotRecord,
  nodeSlotDataset,
  type StreamRecord,
  slotDataset,
  streamDataset,
} from "../events/derived.ts";
import type { Json } from "../events/document.ts";
import { type ValidatorEpochRecord, validatorEpochDataset } from "../events/duty-records.ts";
import type { Envelope } from "../events/envelope.ts";
import { type RecordDataset, recordOfSource, valueAt } from "../events/record.ts";
import type { Log } from "../lib/log.ts";
import { indexName } from "../search/index-pattern.ts";
import type { SearchHit, SearchRequest } from "../search/request.ts";
import type { Store } from "../store/store.ts";

/** Epochs whose events are read again: what is not final yet, and one more for the parents. */
const RESTORED_EPOCHS = 3;
const PAGE = 5_000;
/** More than this are not read again: the measures begin anew and the log says so. */
const MAX_OBSERVATIONS = 500_000;

type Source = SearchHit["_source"];

const TOPICS = ["block_gossip", "block", "head", "head_v2", "chain_reorg", "finalized_checkpoint"] as const;

/**
 * What earlier runs stored of the last epochs, as the observations it was made of, by arrival: pushed through a new
 * pipeline, they give the measures the state they had.
 */
export async function storedObservations(input: {
  store: Store;
  chain: Chain;
  nowUs: number;
  log: Log;
  signal: AbortSignal;
}): Promise<Envelope[]> {
  const { store, chain, nowUs, log, signal } = input;
  const sinceUs = restoredSinceUs(chain, nowUs);
  const envelopes: Envelope[] = [];
  const read = async (dataset: string, envelopeOf: (hit: SearchHit) => Envelope | undefined) => {
    const pattern = indexName({ name: dataset, kind: "stream" }, chain.network);
    for await (const hit of hitsSince({ store, pattern, sinceUs, signal })) {
      const envelope = envelopeOf(hit);
      if (envelope !== undefined) envelopes.push(envelope);
      if (envelopes.length > MAX_OBSERVATIONS) return;
    }
  };
  for (const topic of TOPICS) await read(`ethereum.${topic}`, (hit) => eventOf(topic, hit));
  for (const [dataset, restOf] of Object.entries(ANSWERS)) await read(dataset, (hit) => answerOf(hit, restOf));
  if (envelopes.length > MAX_OBSERVATIONS) {
    log.warn({ limit: MAX_OBSERVATIONS }, "The events of the last epochs were too many to be read again");
    return [];
  }
  return envelopes.sort((a, b) => a.receivedAtUs - b.receivedAtUs);
}

/** The stored counts of the same epochs, by slot and node. */
export async function storedNodeSlots(input: {
  store: Store;
  chain: Chain;
  nowUs: number;
  signal: AbortSignal;
}): Promise<NodeSlotRecord[]> {
  return storedRecords<NodeSlotRecord>({ ...input, dataset: nodeSlotDataset });
}

/** What was told of the same epochs. */
export async function storedEpochs(input: {
  store: Store;
  chain: Chain;
  nowUs: number;
  signal: AbortSignal;
}): Promise<EpochRecord[]> {
  return storedRecords<EpochRecord>({ ...input, dataset: epochDataset });
}

/** What was told of the duties in the same epochs. */
export async function storedValidatorEpochs(input: {
  store: Store;
  chain: Chain;
  nowUs: number;
  signal: AbortSignal;
}): Promise<ValidatorEpochRecord[]> {
  return storedRecords<ValidatorEpochRecord>({ ...input, dataset: validatorEpochDataset });
}

async function storedRecords<R>(input: {
  store: Store;
  chain: Chain;
  nowUs: number;
  signal: AbortSignal;
  dataset: RecordDataset;
}): Promise<R[]> {
  const { store, chain, nowUs, signal, dataset } = input;
  const sinceUs = restoredSinceUs(chain, nowUs);
  const records: R[] = [];
  for await (const hit of hitsSince({ store, pattern: indexName(dataset, chain.network), sinceUs, signal })) {
    records.push(recordOfSource(dataset, hit._source) as R);
  }
  return records;
}

/** The newest slot that was told. */
export async function lastStoredSlot(input: {
  store: Store;
  chain: Chain;
  signal: AbortSignal;
}): Promise<number | undefined> {
  const request: SearchRequest = { sort: [{ "ethereum.slot": "desc" }], size: 1, track_total_hits: false };
  const { hits } = await input.store.search(indexName(slotDataset, input.chain.network), request, {
    signal: input.signal,
  });
  const slot = hits.hits[0] === undefined ? undefined : valueAt(hits.hits[0]._source, "ethereum.slot");
  return typeof slot === "number" ? slot : undefined;
}

/** Whether each node's stream was up or down when the last run ended. */
export async function storedStreams(input: {
  store: Store;
  chain: Chain;
  signal: AbortSignal;
}): Promise<StreamRecord[]> {
  const { hits } = await input.store.search(
    indexName(streamDataset, input.chain.network),
    { size: 10_000 },
    { signal: input.signal },
  );
  return hits.hits.map((hit) => recordOfSource(streamDataset, hit._source) as unknown as StreamRecord);
}

const restoredSinceUs = (chain: Chain, nowUs: number) =>
  chain.slotStartUs(Math.max(0, chain.slotAt(nowUs) - RESTORED_EPOCHS * chain.slotsPerEpoch));

async function* hitsSince(input: {
  store: Store;
  pattern: string;
  sinceUs: number;
  signal: AbortSignal;
}): AsyncGenerator<SearchHit> {
  let after: readonly Json[] | undefined;
  while (true) {
    const request: SearchRequest = {
      query: { range: { "@timestamp": { gte: new Date(input.sinceUs / 1000).toISOString() } } },
      sort: [{ _seq: "asc" }],
      size: PAGE,
      track_total_hits: false,
      ...(after === undefined ? {} : { search_after: after }),
    };
    const { hits } = await input.store.search(input.pattern, request, { signal: input.signal });
    yield* hits.hits;
    after = hits.hits.at(-1)?.sort;
    if (hits.hits.length < PAGE || after === undefined) return;
  }
}

function eventOf(topic: string, { _source }: SearchHit): Envelope | undefined {
  const node = valueAt(_source, "observer.name");
  const text = valueAt(_source, "event.original");
  if (typeof node !== "string" || typeof text !== "string") return undefined;
  return { kind: "event", node, receivedAtUs: timestampUs(_source), topic, text };
}

type Rest = { path: string; body: unknown };

/** A whole block is read again for its header: what stood in it is stored. */
function headerRest(source: Source): Rest {
  const root = valueAt(source, "ethereum.block.root");
  const message = {
    slot: valueAt(source, "ethereum.slot"),
    proposer_index: valueAt(source, "ethereum.proposer_index"),
    parent_root: valueAt(source, "ethereum.block.parent_root"),
  };
  return { path: `/eth/v1/beacon/headers/${root}`, body: { data: { root, header: { message } } } };
}

/** The answers that the measures read, as they would be answered again. */
const ANSWERS: Readonly<Record<string, (source: Source) => Rest>> = {
  "ethereum.header": headerRest,
  "ethereum.block_body": headerRest,
  "ethereum.proposer_duty": (source) => {
    const proposers = Object.entries(
      (valueAt(source, "ethereum.duty.proposers") ?? {}) as Readonly<Record<string, Json>>,
    );
    return {
      path: `/eth/v1/validator/duties/proposer/${valueAt(source, "ethereum.epoch")}`,
      body: {
        dependent_root: valueAt(source, "ethereum.duty.dependent_root"),
        data: proposers.map(([slot, validator_index]) => ({ slot, validator_index })),
      },
    };
  },
  "ethereum.checkpoint": (source) => ({
    path: "/eth/v1/beacon/states/head/finality_checkpoints",
    body: {
      data: {
        current_justified: {
          epoch: valueAt(source, "ethereum.justified_epoch"),
          root: valueAt(source, "ethereum.justified_root"),
        },
        finalized: {
          epoch: valueAt(source, "ethereum.finalized_epoch"),
          root: valueAt(source, "ethereum.finalized_root"),
        },
      },
    },
  }),
};

function answerOf({ _source }: SearchHit, restOf: (source: Source) => Rest): Envelope | undefined {
  const node = valueAt(_source, "observer.name");
  if (typeof node !== "string") return undefined;
  return { kind: "rest", node, receivedAtUs: timestampUs(_source), status: 200, ...restOf(_source) };
}

function timestampUs(source: Source): number {
  const iso = String(source["@timestamp"]);
  const micro = /\.\d{3}(\d{3})/.exec(iso)?.[1] ?? "0";
  return Date.parse(iso) * 1000 + Number(micro);
}
