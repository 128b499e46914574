import { type BlockRecord, blockDataset } from "../../events/block/block-record.ts";
import { topicDatasets } from "../../events/catalogue.ts";
import type { GapRecord, NodeSlotRecord, SlotRecord } from "../../events/derived.ts";
import { gapDataset, nodeSlotDataset, slotDataset } from "../../events/derived.ts";
import type { Json } from "../../events/document.ts";
import { fieldOf, type RecordDataset, recordOfSource } from "../../events/record.ts";
import type { ReorgRecord } from "../../events/reorg.ts";
import { reorgDataset } from "../../events/reorg.ts";
import { keepsOriginal, nodeEventColumns } from "../../events/topic.ts";
import { Fault } from "../../lib/fault.ts";
import { indexName } from "../../search/index-pattern.ts";
import { MAX_RESULT_WINDOW } from "../../search/limits.ts";
import type { SearchHit } from "../../search/request.ts";
import type { Store } from "../../store/store.ts";
import type { NetworkView, SlotAnswer, SlotEvent } from "../views.ts";
import { isoOfMs, MAX_UNIX_MS } from "./iso-time.ts";
import { BY_ARRIVAL, searchRecords } from "./stored-records.ts";

/** How long after its slot an event is still looked for: the bound keeps a search within two days' tables. */
const EVENTS_AFTER_MS = 86_400_000;
/** And how long before: a node, or we, may be early by the error of a clock. */
const EVENTS_BEFORE_MS = 3_600_000;

/** How far, in slots, the new head of a reorg is looked for around a slot that it touches. */
const REORG_REACH_SLOTS = 2048;

/** Topics with few events a slot; votes and data columns come by the thousand and are counted in `node_slots`. */
const listedTopics = topicDatasets.filter(keepsOriginal);

/** The fields of any event that the answer has a key for. */
const eventHead = {
  kind: "stream",
  source: "topic",
  keep: "raw",
  name: "event",
  title: "Events",
  words: "What the listing of raw events has in common.",
  columns: [
    { key: "node", name: "observer.name", type: "keyword", words: "Name of the node." },
    { key: "received_ms", name: "@timestamp", type: "date", words: "Arrival." },
    { key: "delay_ms", name: "ethereum.delay_ms", type: "double", words: "Arrival, signed ms from the slot's start." },
    { key: "echo", name: "ethereum.echo", type: "boolean", words: "A repeat." },
  ],
} as const satisfies RecordDataset;

/** Everything known of one slot. Throws `slot_unknown` with the reason where there is nothing. */
export async function readSlotDetail(input: {
  store: Pick<Store, "search">;
  network: NetworkView;
  slot: number;
  nowMs: number;
  signal: AbortSignal;
}): Promise<SlotAnswer> {
  const { store, network, slot, nowMs, signal } = input;
  const startMs = network.genesis_time * 1000 + slot * network.slot_duration_ms;
  if (slot < 0) throw unknown(`There is no slot before genesis, which is slot 0: ${slot} was asked for.`);

  const bySlot = { term: { [fieldOf(slotDataset, "slot")]: slot } };
  const common = { network: network.name, signal };
  const [stored] = await searchRecords<SlotRecord>(store, {
    ...common,
    dataset: slotDataset,
    filter: [bySlot],
    size: 1,
  });
  if (stored === undefined) throw absent({ slot, startMs, nowMs, slotDurationMs: network.slot_duration_ms });

  const [node_slots, blocks, events, gaps, reorgs] = await Promise.all([
    searchRecords<NodeSlotRecord>(store, {
      ...common,
      dataset: nodeSlotDataset,
      filter: [bySlot],
      sort: [{ [fieldOf(nodeSlotDataset, "node")]: "asc" }],
    }),
    searchRecords<BlockRecord>(store, {
      ...common,
      dataset: blockDataset,
      filter: [{ term: { [fieldOf(blockDataset, "slot")]: slot } }],
      sort: [{ [fieldOf(blockDataset, "root")]: "asc" }],
    }),
    searchEvents({ store, network: network.name, slot, startMs, signal }),
    searchRecords<GapRecord>(store, {
      ...common,
      dataset: gapDataset,
      filter: [
        { range: { [fieldOf(gapDataset, "from_ms")]: { lt: isoOfMs(startMs + network.slot_duration_ms) } } },
        { range: { [fieldOf(gapDataset, "to_ms")]: { gte: isoOfMs(startMs) } } },
      ],
      sort: [{ [fieldOf(gapDataset, "from_ms")]: "asc" }, { [fieldOf(gapDataset, "node")]: "asc" }],
    }),
    searchRecords<ReorgRecord>(store, {
      ...common,
      dataset: reorgDataset,
      filter: [
        {
          range: { [fieldOf(reorgDataset, "slot")]: { gte: slot - REORG_REACH_SLOTS, lte: slot + REORG_REACH_SLOTS } },
        },
      ],
      mustNot: [{ term: { [fieldOf(reorgDataset, "withdrawn")]: true } }],
      sort: [{ [fieldOf(reorgDataset, "slot")]: "asc" }, { [fieldOf(reorgDataset, "id")]: "asc" }],
    }),
  ]);
  return { slot: stored, blocks, node_slots, events, gaps, reorgs: reorgs.filter((reorg) => touches(reorg, slot)) };
}

function touches(reorg: ReorgRecord, slot: number): boolean {
  return reorg.slot === slot || [...reorg.abandoned, ...reorg.adopted].some((block) => block.slot === slot);
}

async function searchEvents(input: {
  store: Pick<Store, "search">;
  network: string;
  slot: number;
  startMs: number;
  signal: AbortSignal;
}): Promise<SlotEvent[]> {
  const { store, network, slot, startMs, signal } = input;
  const topicOfIndex = new Map(listedTopics.map((dataset) => [indexName(dataset, network), dataset]));
  const response = await store.search(
    [...topicOfIndex.keys()].join(","),
    {
      query: {
        bool: {
          filter: [
            { term: { "ethereum.slot": slot } },
            {
              range: {
                "@timestamp": { gte: isoOfMs(startMs - EVENTS_BEFORE_MS), lt: isoOfMs(startMs + EVENTS_AFTER_MS) },
              },
            },
          ],
        },
      },
      sort: [{ "@timestamp": "asc" }, BY_ARRIVAL],
      size: MAX_RESULT_WINDOW,
      track_total_hits: false,
    },
    { signal },
  );
  return response.hits.hits.flatMap((hit) => {
    const dataset = topicOfIndex.get(hit._index);
    return dataset === undefined ? [] : [eventOf(hit, dataset)];
  });
}

function eventOf(hit: SearchHit, dataset: (typeof listedTopics)[number]): SlotEvent {
  const head = recordOfSource(eventHead, hit._source) as Omit<SlotEvent, "topic" | "fields">;
  const own = dataset.columns.filter(
    (column) => !nodeEventColumns.includes(column) && column.name !== "event.original",
  );
  const values = recordOfSource(
    { ...dataset, columns: own.map((column) => ({ ...column, key: column.name })) },
    hit._source,
  );
  const fields = Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== null),
  );
  return { ...head, echo: head.echo ?? false, topic: dataset.topic, fields };
}

function absent(input: { slot: number; startMs: number; nowMs: number; slotDurationMs: number }): Fault {
  const { slot, startMs, nowMs, slotDurationMs } = input;
  if (startMs > nowMs) {
    const when = startMs < MAX_UNIX_MS ? `at ${new Date(startMs).toISOString()}` : "after the year 9999";
    return unknown(`Slot ${slot} has not begun: it starts ${when}.`);
  }
  const isFresh = nowMs - startMs < 2 * slotDurationMs;
  return unknown(`Nothing is stored of slot ${slot}${isFresh ? " yet" : ": it was not watched"}.`, isFresh);
}

function unknown(message: string, mayCome = false): Fault {
  return new Fault("slot_unknown", message, { retry: mayCome ? "retryable" : "final" });
}
