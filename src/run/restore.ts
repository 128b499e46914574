import type { Chain } from "../chain/chain.ts";
import { type NodeSlotRecord, nodeSlotDataset, type StreamRecord, streamDataset } from "../events/derived.ts";
import type { Json } from "../events/document.ts";
import type { Envelope } from "../events/envelope.ts";
import { recordOfSource } from "../events/record.ts";
import type { Log } from "../lib/log.ts";
import type { SearchHit, SearchRequest } from "../search/request.ts";
import type { Store } from "../store/store.ts";

/** Epochs whose events are read again: what is not final yet, and one more for the parents. */
const RESTORED_EPOCHS = 3;
const PAGE = 5_000;
/** More events than this are not read again: the measures begin anew and the log says so. */
const MAX_EVENTS = 500_000;

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
  const patterns = [...TOPICS.map((topic) => `logs-ethereum.${topic}-${chain.network}`), headerIndex(chain)];
  const envelopes: Envelope[] = [];
  for (const pattern of patterns) {
    for await (const hit of hitsSince({ store, pattern, sinceUs, signal })) {
      const envelope = pattern === headerIndex(chain) ? headerOf(hit) : eventOf(hit);
      if (envelope !== undefined) envelopes.push(envelope);
      if (envelopes.length < MAX_EVENTS) continue;
      log.warn({ events: envelopes.length }, "The events of the last epochs were too many to be read again");
      return [];
    }
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
  const { store, chain, nowUs, signal } = input;
  const sinceUs = restoredSinceUs(chain, nowUs);
  const records: NodeSlotRecord[] = [];
  for await (const hit of hitsSince({ store, pattern: `ethmon-node_slot-${chain.network}`, sinceUs, signal })) {
    records.push(recordOfSource(nodeSlotDataset, hit._source) as unknown as NodeSlotRecord);
  }
  return records;
}

/** Whether each node's stream was up or down when the last run ended. */
export async function storedStreams(input: { store: Store; chain: Chain; signal: AbortSignal }): Promise<StreamRecord[]> {
  const { hits } = await input.store.search(`ethmon-stream-${input.chain.network}`, { size: 10_000 }, input.signal);
  return hits.hits.map((hit) => recordOfSource(streamDataset, hit._source) as unknown as StreamRecord);
}

const restoredSinceUs = (chain: Chain, nowUs: number) =>
  chain.slotStartUs(Math.max(0, chain.slotAt(nowUs) - RESTORED_EPOCHS * chain.slotsPerEpoch));

const headerIndex = (chain: Chain) => `logs-ethereum.header-${chain.network}`;

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
    const { hits } = await input.store.search(input.pattern, request, input.signal);
    yield* hits.hits;
    after = hits.hits.at(-1)?.sort;
    if (hits.hits.length < PAGE || after === undefined) return;
  }
}

function eventOf({ _index, _source }: SearchHit): Envelope | undefined {
  const topic = /^logs-ethereum\.(.+)-[^-]+$/.exec(_index)?.[1];
  const node = at(_source, "observer", "name");
  const text = at(_source, "event", "original");
  const receivedAtUs = timestampUs(_source);
  if (topic === undefined || typeof node !== "string" || typeof text !== "string") return undefined;
  return { kind: "event", node, receivedAtUs, topic, text };
}

function headerOf({ _source }: SearchHit): Envelope | undefined {
  const node = at(_source, "observer", "name");
  const root = at(_source, "ethereum", "block", "root");
  if (typeof node !== "string" || typeof root !== "string") return undefined;
  const message = {
    slot: at(_source, "ethereum", "slot"),
    proposer_index: at(_source, "ethereum", "proposer_index"),
    parent_root: at(_source, "ethereum", "block", "parent_root"),
  };
  const body = { data: { root, header: { message } } };
  const path = `/eth/v1/beacon/headers/${root}`;
  return { kind: "rest", node, receivedAtUs: timestampUs(_source), path, status: 200, body };
}

function timestampUs(source: { readonly [key: string]: Json }): number {
  const iso = String(source["@timestamp"]);
  const micro = /\.\d{3}(\d{3})/.exec(iso)?.[1] ?? "0";
  return Date.parse(iso) * 1000 + Number(micro);
}

function at(source: { readonly [key: string]: Json }, ...path: string[]): Json | undefined {
  let value: Json | undefined = source;
  for (const key of path) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    value = (value as { readonly [key: string]: Json })[key];
  }
  return value;
}
