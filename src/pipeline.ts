import type { Chain } from "./chain/chain.ts";
import type { Client } from "./enrich/client.ts";
import { createEnricher, type Enriched } from "./enrich/enrich.ts";
import type { EpochRecord, NodeSlotRecord } from "./events/derived.ts";
import type { Document } from "./events/document.ts";
import type { Envelope } from "./events/envelope.ts";
import { createMeasures, type MeasureUpdate } from "./measure/measures.ts";
import type { WantedBlock } from "./measure/wanted-blocks.ts";

/** What one step of the pipeline gave. */
export type Step = {
  /** What came in, with its place on the chain; undefined when only time passed. */
  enriched: Enriched | undefined;
  /** The append-only document of what came in. */
  document: Document | undefined;
  /** Derived documents that are new or changed. */
  updates: readonly MeasureUpdate[];
  wanted: readonly WantedBlock[];
};

export type Pipeline = {
  push(envelope: Envelope): Step;
  /** Takes up where an earlier run ended: its observations of the last epochs, and its counts. */
  restore(earlier: {
    observations: readonly Envelope[];
    nodeSlots: readonly NodeSlotRecord[];
    epochs: readonly EpochRecord[];
    lastSlot: number | undefined;
  }): readonly MeasureUpdate[];
  /** Time passed without an event. */
  advance(nowUs: number): Step;
  /** The recording ended. */
  finish(): Step;
};

/** Derived documents of an earlier run's last moments may not have been stored when it was killed. */
const UNSTORED_US = 5_000_000;

/** Derived documents are told at most this often, however many events change them. */
const FLUSH_US = 250_000;

/**
 * From observation to documents: enrich, then the first measures. Pure, with time from the observations themselves,
 * so that a replay gives the same documents as the live run did, at any speed.
 */
export function createPipeline(input: { chain: Chain; clients?: Readonly<Record<string, Client>> }): Pipeline {
  const enricher = createEnricher(input);
  const measures = createMeasures({ chain: input.chain });
  let nowUs = 0;
  let flushedAt = 0;

  /** Deadlines pass before the event that follows them is seen. */
  const passTime = (toUs: number): readonly MeasureUpdate[] => {
    nowUs = Math.max(nowUs, toUs);
    measures.advance(nowUs);
    const turn = Math.floor(nowUs / FLUSH_US);
    if (turn === flushedAt) return [];
    flushedAt = turn;
    return measures.flush();
  };

  return {
    push(envelope) {
      const updates = passTime(envelope.receivedAtUs);
      const enriched = enricher.enrich(envelope);
      measures.observe(enriched);
      const document = "document" in enriched ? enriched.document : undefined;
      const streams = measures.streams();
      return {
        enriched,
        document,
        updates: streams.length === 0 ? updates : [...updates, ...streams],
        wanted: measures.wanted(),
      };
    },
    restore({ observations, nodeSlots, epochs, lastSlot }) {
      const newest = new Map<string, MeasureUpdate>();
      const take = (updates: readonly MeasureUpdate[]) => {
        for (const update of updates) {
          // Counts are not complete without what is not stored, so that a stored slot of a node stands as it is.
          if (update.dataset === "slot") newest.set(`slot/${update.record.slot}`, update);
          if (update.dataset === "epoch") newest.set(`epoch/${update.record.epoch}`, update);
          if (update.dataset === "reorg") newest.set(`reorg/${update.record.id}`, update);
        }
      };
      const unstoredFromUs = (observations.at(-1)?.receivedAtUs ?? 0) - UNSTORED_US;
      for (const envelope of observations) {
        const updates = passTime(envelope.receivedAtUs);
        if (envelope.receivedAtUs >= unstoredFromUs) take(updates);
        measures.observe(enricher.enrich(envelope));
      }
      measures.wanted();
      measures.streams();
      measures.restore({ nodeSlots, epochs, lastSlot });
      take(measures.flush());
      return [...newest.values()];
    },
    advance(toUs) {
      const updates = passTime(toUs);
      return { enriched: undefined, document: undefined, updates, wanted: measures.wanted() };
    },
    finish() {
      measures.finish(nowUs);
      return {
        enriched: undefined,
        document: undefined,
        updates: [...measures.flush(), ...measures.streams()],
        wanted: [],
      };
    },
  };
}
