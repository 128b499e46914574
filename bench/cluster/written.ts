import { catalogue } from "../../src/events/catalogue.ts";
import { type Dataset, keepOf } from "../../src/events/dataset.ts";
import type { Client } from "../search/client.ts";

/** How the documents of a dataset become more: with slots or epochs, once or for each node, or with time. */
export type Growth = "node and slot" | "slot" | "node and epoch" | "pair and epoch" | "epoch" | "vote" | "other";

/** What was written of one dataset, and what is there of it. */
export type Written = {
  dataset: string;
  growth: Growth;
  /** Documents that a shard made or replaced. */
  writes: number;
  documents: number;
  /** Of the primary shards. */
  bytes: number;
};

type Stats = {
  indexing: { index_total: number };
  docs: { count: number };
  store: { size_in_bytes: number };
};

const SLOTLY = ["slot", "slot_votes", "committee_slot", "block", "reorg"];

/** What stands in the cluster by dataset; what is no dataset of ours is told as one of others. */
export async function readWritten(client: Client): Promise<Map<string, Written>> {
  await client.ask("POST", "/_refresh");
  const answer = (await client.json("GET", "/_stats/indexing,docs,store?level=indices")) as {
    indices: Record<string, { primaries: Stats }>;
  };
  const found = new Map<string, Written>();
  for (const [index, { primaries }] of Object.entries(answer.indices)) {
    const { dataset, growth } = datasetOf(index);
    const before = found.get(dataset) ?? { dataset, growth, writes: 0, documents: 0, bytes: 0 };
    found.set(dataset, {
      ...before,
      writes: before.writes + primaries.indexing.index_total,
      documents: before.documents + primaries.docs.count,
      bytes: before.bytes + primaries.store.size_in_bytes,
    });
  }
  return found;
}

/** One segment a shard, without what was replaced, as a shard is that gets no more documents. */
export async function mergeAll(client: Client): Promise<void> {
  await client.ask("POST", "/_forcemerge?max_num_segments=1");
  await client.ask("POST", "/_flush?force=true&wait_if_ongoing=true");
}

function datasetOf(index: string): { dataset: string; growth: Growth } {
  const name = /^(?:\.ds-)?(?:logs|ethmon)-(.+?)-[^-]+?(?:-\d{6})?$/.exec(index)?.[1];
  const dataset = catalogue.find((one) => one.name === name);
  return dataset === undefined
    ? { dataset: index, growth: "other" }
    : { dataset: dataset.name, growth: growthOf(dataset) };
}

function growthOf(dataset: Dataset): Growth {
  if (keepOf(dataset) === "votes") return "vote";
  if (dataset.kind === "stream") return dataset.source === "own" ? "other" : "node and slot";
  if (dataset.name === "node_slot") return "node and slot";
  if (dataset.name === "node_epoch") return "node and epoch";
  if (dataset.name === "latency") return "pair and epoch";
  if (SLOTLY.includes(dataset.name)) return "slot";
  return dataset.name === "epoch" || dataset.name === "propagation" ? "epoch" : "other";
}

/** What came between two looks, the documents and bytes as at the second. */
export function writtenBetween(before: ReadonlyMap<string, Written>, after: ReadonlyMap<string, Written>): Written[] {
  return [...after.values()].map((one) => ({ ...one, writes: one.writes - (before.get(one.dataset)?.writes ?? 0) }));
}
