import { type Chain, createChain } from "../../chain/chain.ts";
import { nodeSlotDataset, type SlotRecord, slotDataset } from "../../events/derived.ts";
import { recordOfSource } from "../../events/record.ts";
import { Fault } from "../../lib/fault.ts";
import { indexName } from "../../search/index-pattern.ts";
import type { Past } from "./past-documents.ts";

const BASIS_POINTS = 10_000;
const MOST_NODES = 1_000;

/** The network's time axis and its nodes, as stored slots tell them where no node is there to be asked. */
export async function storedChain(past: Past): Promise<{ chain: Chain; nodes: readonly string[] }> {
  const newest = await slotAt(past, "desc");
  const oldest = await slotAt(past, "asc");
  if (newest === undefined || oldest === undefined || newest.slot === oldest.slot || newest.epoch === 0) {
    throw new Fault("network_unknown", `Too few slots of ${past.network} are stored to tell its time by.`);
  }
  const slotMs = (newest.start_ms - oldest.start_ms) / (newest.slot - oldest.slot);
  const genesisMs = newest.start_ms - newest.slot * slotMs;
  const chain = createChain({
    spec: {
      CONFIG_NAME: past.network,
      SLOT_DURATION_MS: String(Math.round(slotMs)),
      SLOTS_PER_EPOCH: String(Math.round((newest.slot - newest.slot_index) / newest.epoch)),
      [`${newest.fork.toUpperCase()}_FORK_EPOCH`]: "0",
      ATTESTATION_DUE_BPS: String(Math.round((newest.attestation_due_ms / slotMs) * BASIS_POINTS)),
    },
    genesis: { genesis_time: String(Math.round(genesisMs / 1000)) },
  });
  return { chain, nodes: await nodesOf(past) };
}

async function slotAt({ store, network, signal }: Past, order: "asc" | "desc"): Promise<SlotRecord | undefined> {
  const { hits } = await store.search(
    indexName(slotDataset, network),
    { sort: [{ "ethereum.slot": order }], size: 1, track_total_hits: false },
    { signal, params: { ignoreMissing: true } },
  );
  const [hit] = hits.hits;
  return hit === undefined ? undefined : (recordOfSource(slotDataset, hit._source) as unknown as SlotRecord);
}

async function nodesOf({ store, network, signal }: Past): Promise<string[]> {
  const { aggregations } = await store.search(
    indexName(nodeSlotDataset, network),
    { size: 0, aggs: { nodes: { terms: { field: "observer.name", size: MOST_NODES } } } },
    { signal, params: { ignoreMissing: true } },
  );
  const { buckets = [] } = (aggregations?.["nodes"] ?? {}) as { buckets?: readonly { key: string }[] };
  return buckets.map(({ key }) => key).sort();
}
