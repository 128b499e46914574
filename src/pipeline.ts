import type { Chain } from "./chain/chain.ts";
import type { ValidatorLabels } from "./chain/validator-labels.ts";
import type { Client } from "./enrich/client.ts";
import { createEnricher, documentsOf, type Enriched } from "./enrich/enrich.ts";
import type { EpochRecord, NodeSlotRecord } from "./events/derived.ts";
import type { Storable } from "./events/document.ts";
import type { ValidatorEpochRecord } from "./events/duty-records.ts";
import type { Envelope } from "./events/envelope.ts";
import { type ClockJump, isSetBack, jumpOf } from "./measure/clock-jumps.ts";
import type { MeasureUpdate } from "./measure/measure-update.ts";
import { createMeasures } from "./measure/measures.ts";
import type { VoteCounts } from "./measure/votes/vote-book.ts";
import type { WantedBlock } from "./measure/wanted-blocks.ts";

/** What one step of the pipeline gave. */
export type Step = {
  /** What came in, with its place on the chain; undefined when only time passed. */
  enriched: Enriched | undefined;
  /** The append-only documents of what came in. */
  documents: readonly Storable[];
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
    validatorEpochs?: readonly ValidatorEpochRecord[];
    lastSlot: number | undefined;
  }): readonly MeasureUpdate[];
  /** Time passed without an event. */
  advance(nowUs: number): Step;
  voteCounts(): VoteCounts;
  /** The recording ended. */
  finish(): Step;
};

/** Derived documents of an earlier run's last moments may not have been stored when it was killed. */
const UNSTORED_US = 5_000_000;

/** Derived documents are told at most this often, however many events change them. */
const FLUSH_US = 250_000;

/** But so soon after a node told of a block or a head, which rules are judged by. Nodes tell of one within moments. */
const SOON_US = 25_000;
const SOON: ReadonlySet<string> = new Set(["block", "block_gossip", "head", "head_v2", "chain_reorg"]);

/**
 * From observation to documents: enrich, then the first measures. Pure, with time from the observations themselves,
 * so that a replay gives the same documents as the live run did, at any speed.
 */
export function createPipeline(input: {
  chain: Chain;
  clients?: Readonly<Record<string, Client>>;
  labels?: ValidatorLabels | undefined;
}): Pipeline {
  const enricher = createEnricher(input);
  const measures = createMeasures(input);
  let nowUs = 0;
  let flushedAt = 0;
  let soonUs = Number.POSITIVE_INFINITY;
  let jump: ClockJump | undefined;

  /** Deadlines pass before the event that follows them is seen. */
  const passTime = (toUs: number): readonly MeasureUpdate[] => {
    if (isSetBack({ fromUs: nowUs, toUs, jump })) measures.setBack(toUs);
    else if (toUs <= nowUs) return [];
    nowUs = toUs;
    measures.advance(nowUs);
    const turn = Math.floor(nowUs / FLUSH_US);
    if (turn === flushedAt && nowUs < soonUs) return [];
    flushedAt = turn;
    soonUs = Number.POSITIVE_INFINITY;
    return measures.flush();
  };

  /** The clock was set ahead: that no stream was up is noted before the time between passes. */
  const isJump = (envelope: Envelope): boolean => {
    const noted = jumpOf(envelope);
    if (noted === undefined) return false;
    jump = noted;
    measures.noteJump(noted.fromUs);
    return true;
  };

  return {
    push(envelope) {
      const updates = isJump(envelope) ? [] : passTime(envelope.receivedAtUs);
      const enriched = enricher.enrich(envelope);
      measures.observe(enriched);
      if (enriched.kind === "event" && SOON.has(enriched.topic)) {
        soonUs = Math.min(soonUs, envelope.receivedAtUs + SOON_US);
      }
      const streams = measures.streams();
      return {
        enriched,
        documents: documentsOf(enriched),
        updates: streams.length === 0 ? updates : [...updates, ...streams],
        wanted: measures.wanted(),
      };
    },
    restore({ observations, ...earlier }) {
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
      measures.restore(earlier);
      take(measures.flush());
      return [...newest.values()];
    },
    advance(toUs) {
      const updates = passTime(toUs);
      return { enriched: undefined, documents: [], updates, wanted: measures.wanted() };
    },
    voteCounts: measures.voteCounts,
    finish() {
      measures.finish(nowUs);
      return {
        enriched: undefined,
        documents: [],
        updates: [...measures.flush(), ...measures.streams()],
        wanted: [],
      };
    },
  };
}
