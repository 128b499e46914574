import type { Chain } from "../chain/chain.ts";
import { blockDataset } from "../events/block/block-record.ts";
import { latencyDataset, nodeEpochDataset, propagationDataset } from "../events/comparison.ts";
import { epochDataset, gapDataset, nodeSlotDataset, slotDataset, streamDataset } from "../events/derived.ts";
import type { Document } from "../events/document.ts";
import { dutyDataset, validatorEpochDataset } from "../events/duty-records.ts";
import { documentOf, type RecordDataset } from "../events/record.ts";
import { reorgDataset } from "../events/reorg.ts";
import { slashingDataset } from "../events/slashing-record.ts";
import { committeeSlotDataset, slotVotesDataset, votePartDataset } from "../events/vote-records.ts";
import { keyOf } from "../measure/epoch-figures.ts";
import type { MeasureUpdate } from "../measure/measure-update.ts";

export type Coalescer = {
  add(updates: readonly MeasureUpdate[], nowUs: number): void;
  /** The documents that are due: at most one a key, the newest. */
  due(nowUs: number): Document[];
  /** All that is held, due or not. */
  rest(): Document[];
};

const DERIVED: {
  readonly [U in MeasureUpdate as U["dataset"]]: (update: U) => { dataset: RecordDataset; id?: string };
} = {
  slot: ({ record }) => ({ dataset: slotDataset, id: String(record.slot) }),
  node_slot: ({ record }) => ({ dataset: nodeSlotDataset, id: `${record.slot}/${record.node}` }),
  slot_votes: ({ record }) => ({ dataset: slotVotesDataset, id: String(record.slot) }),
  vote_part: ({ record }) => ({ dataset: votePartDataset, id: `${record.slot}/${record.kind}/${record.name}` }),
  committee_slot: ({ record }) => ({ dataset: committeeSlotDataset, id: `${record.slot}/${record.index}` }),
  epoch: ({ record }) => ({ dataset: epochDataset, id: String(record.epoch) }),
  reorg: ({ record }) => ({ dataset: reorgDataset, id: record.id }),
  block: ({ record }) => ({ dataset: blockDataset, id: record.root }),
  slashing: ({ record }) => ({ dataset: slashingDataset, id: record.id }),
  duty: ({ record }) => ({ dataset: dutyDataset, id: record.id }),
  validator_epoch: ({ record }) => ({ dataset: validatorEpochDataset, id: `${record.epoch}/${record.group}` }),
  stream: ({ record }) => ({ dataset: streamDataset, id: record.node }),
  "ethereum.gap": () => ({ dataset: gapDataset }),
  node_epoch: (update) => ({ dataset: nodeEpochDataset, id: keyOf(update) }),
  latency: (update) => ({ dataset: latencyDataset, id: keyOf(update) }),
  propagation: (update) => ({ dataset: propagationDataset, id: keyOf(update) }),
};

/** What does not change with every event; a block's facts could not be computed anew from what is stored. */
const AT_ONCE: ReadonlySet<MeasureUpdate["dataset"]> = new Set(["ethereum.gap", "stream", "block"]);

/** A derived document that changes with every vote is written this often at most. */
const HOLD_US = 1_000_000;

/**
 * Stands before the store: a derived document is told live with each change, but stored once a second at most.
 * Nothing is lost with it: after a crash the derived documents are computed anew from the stored events.
 */
export function createCoalescer(chain: Chain): Coalescer {
  const held = new Map<string, { document: Document; sinceUs: number }>();
  let appended: Document[] = [];

  return {
    add(updates, nowUs) {
      for (const update of updates) {
        const document = documentOfUpdate(chain, update);
        if (AT_ONCE.has(update.dataset)) {
          appended.push(document);
          continue;
        }
        const key = `${document.dataset}/${document.id}`;
        held.set(key, { document, sinceUs: held.get(key)?.sinceUs ?? nowUs });
      }
    },
    due(nowUs) {
      const documents = appended;
      appended = [];
      for (const [key, { document, sinceUs }] of held) {
        if (nowUs - sinceUs < HOLD_US) continue;
        documents.push(document);
        held.delete(key);
      }
      return documents;
    },
    rest() {
      const documents = [...appended, ...[...held.values()].map(({ document }) => document)];
      appended = [];
      held.clear();
      return documents;
    },
  };
}

/** The document of an update. Its `@timestamp` is the moment it is about, so that a time range finds it. */
export function documentOfUpdate(chain: Chain, update: MeasureUpdate): Document {
  const describe = DERIVED[update.dataset] as (update: MeasureUpdate) => { dataset: RecordDataset; id?: string };
  return documentOf({ ...describe(update), record: update.record, timestampUs: momentOf(chain, update) });
}

function momentOf(chain: Chain, { dataset, record }: MeasureUpdate): number {
  switch (dataset) {
    case "slot":
    case "epoch":
    case "node_epoch":
    case "latency":
    case "propagation":
    case "block":
    case "duty":
    case "validator_epoch":
      return Math.round(record.start_ms * 1000);
    case "node_slot":
    case "slot_votes":
    case "vote_part":
    case "committee_slot":
      return chain.slotStartUs(record.slot);
    case "reorg":
    case "slashing":
      return Math.round(record.at_ms * 1000);
    case "stream":
      return Math.round(record.since_ms * 1000);
    case "ethereum.gap":
      return Math.round(record.to_ms * 1000);
  }
}
