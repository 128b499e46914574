import { clockDataset } from "../../events/clock.ts";
import type { Dataset } from "../../events/dataset.ts";
import { type GapRecord, gapDataset, type StreamRecord, streamDataset } from "../../events/derived.ts";
import type { Document } from "../../events/document.ts";
import { documentOf, recordOfSource } from "../../events/record.ts";
import { indexName } from "../../search/index-pattern.ts";
import { documentsBetween, isoOfMs, type Past } from "./past-documents.ts";

const SYNCING = "ethereum.node_syncing";
const DISTANCE = "ethereum.sync_distance";
/** A node is asked once a slot whether it is in sync: one that was behind is so until it had time to say otherwise. */
const BEHIND_FOR_SLOTS = 2;
const MOST_GAPS = 10_000;

type Asked = { fromMs: number; untilMs: number; nodes: readonly string[]; slotDurationMs: number };

/**
 * How well our own data did, as documents in the order of their time: of streams only the present state is stored, and
 * of the past the gaps; of syncing nodes what they said while they were behind.
 */
export async function qualityDocuments(past: Past, asked: Asked, datasets: readonly Dataset[]): Promise<Document[]> {
  const documents = [
    ...(await streamDocuments(past, asked)),
    ...(await syncingDocuments(past, asked, datasets)),
    ...(await clockDocuments(past, asked, datasets)),
  ];
  // Sorting is stable: what one moment says of one thing stays in its order.
  return documents.sort((a, b) => a.timestampUs - b.timestampUs);
}

/** Every node's stream, up but for its gaps. */
export async function streamDocuments(past: Past, asked: Omit<Asked, "slotDurationMs">): Promise<Document[]> {
  const { store, network, signal } = past;
  const { fromMs, untilMs, nodes } = asked;
  const { hits } = await store.search(
    indexName(gapDataset, network),
    {
      query: {
        bool: {
          filter: [
            { range: { "event.end": { gte: isoOfMs(fromMs) } } },
            { range: { "event.start": { lt: isoOfMs(untilMs) } } },
          ],
        },
      },
      sort: [{ "event.start": "asc" }, { _seq: "asc" }],
      size: MOST_GAPS,
      track_total_hits: false,
    },
    { signal, params: { ignoreMissing: true } },
  );
  const gaps = hits.hits.map(({ _source }) => recordOfSource(gapDataset, _source) as GapRecord);
  const ups = nodes
    .filter((node) => !gaps.some((gap) => gap.node === node && gap.from_ms <= fromMs))
    .map((node) => streamDocument({ node, state: "up", since_ms: fromMs, cause: null, never_up: undefined }));
  return [...ups, ...gaps.flatMap((gap) => gapDocuments(gap, asked))].sort((a, b) => a.timestampUs - b.timestampUs);
}

function gapDocuments(
  { node, from_ms, to_ms, cause }: GapRecord,
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
) {
  const down = streamDocument({ node, state: "down", since_ms: Math.max(from_ms, fromMs), cause, never_up: undefined });
  return to_ms >= untilMs
    ? [down]
    : [down, streamDocument({ node, state: "up", since_ms: to_ms, cause: null, never_up: undefined })];
}

function streamDocument(record: StreamRecord): Document {
  return documentOf({
    dataset: streamDataset,
    record,
    timestampUs: Math.round(record.since_ms * 1000),
    id: record.node,
  });
}

async function syncingDocuments(
  past: Past,
  { fromMs, untilMs, slotDurationMs }: Asked,
  datasets: readonly Dataset[],
): Promise<Document[]> {
  const dataset = datasets.find(({ name }) => name === SYNCING);
  if (dataset === undefined) return [];
  const behindMs = BEHIND_FOR_SLOTS * slotDurationMs;
  const behind: Document[] = [];
  const asked = {
    dataset,
    fromMs: fromMs - behindMs,
    untilMs,
    filter: [{ range: { [DISTANCE]: { gt: 0 } } }],
    fields: ["observer.name", DISTANCE],
  };
  for await (const page of documentsBetween(past, asked)) behind.push(...page);
  const last = new Map<unknown, number>();
  const recovered: Document[] = [];
  for (const { fields, timestampUs } of behind.toReversed()) {
    const node = fields["observer.name"];
    const nextUs = last.get(node);
    last.set(node, timestampUs);
    const overUs = timestampUs + behindMs * 1000;
    if (node === undefined || (nextUs !== undefined && nextUs <= overUs)) continue;
    recovered.push({ dataset: SYNCING, timestampUs: overUs, fields: { "observer.name": node, [DISTANCE]: 0 } });
  }
  return [...behind, ...recovered];
}

async function clockDocuments(
  past: Past,
  { fromMs, untilMs }: Asked,
  datasets: readonly Dataset[],
): Promise<Document[]> {
  const dataset = datasets.find(({ name }) => name === clockDataset.name);
  if (dataset === undefined) return [];
  const documents: Document[] = [];
  for await (const page of documentsBetween(past, { dataset, fromMs, untilMs })) documents.push(...page);
  return documents;
}
