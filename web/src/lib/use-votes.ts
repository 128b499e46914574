import { useCallback, useMemo } from "react";
import type { EpochRecord } from "../../../src/events/derived.ts";
import type { SlotVotesRecord } from "../../../src/events/vote-records.ts";
import type { EpochRange } from "./epoch-range.ts";
import { laidOver } from "./laid-over.ts";
import type { LiveState } from "./live-state.ts";
import { useMonitor } from "./monitor.tsx";
import { readPages } from "./read-pages.ts";
import { type Stored, useStored } from "./use-stored.ts";

type RangeBounds = Pick<EpochRange, "firstSlot" | "lastSlot" | "firstEpoch" | "lastEpoch">;

/** Votes by slot and epochs of a range, by ascending slot and epoch, with the bounds that they were read for. */
export type RangeVotes = RangeBounds & { votes: readonly SlotVotesRecord[]; epochs: readonly EpochRecord[] };

/**
 * The votes of a range of epochs from the store, what the stream tells laid over. A range that follows the chain moves
 * on with each epoch, and is read again then.
 */
export function useVotes(state: LiveState, range: EpochRange): Stored<RangeVotes> {
  const { api } = useMonitor();
  const { firstSlot, lastSlot, firstEpoch, lastEpoch } = range;
  const read = useCallback(
    async (signal: AbortSignal) => {
      const [votes, epochs] = await Promise.all([
        readPages<SlotVotesRecord>({
          from: firstSlot,
          before: lastSlot + 1,
          keyOf: ({ slot }) => slot,
          page: async (page) => {
            const answer = await api.votes({ ...page, signal });
            return { records: answer.votes, next: answer.next_before };
          },
        }),
        readPages<EpochRecord>({
          from: firstEpoch,
          before: lastEpoch + 1,
          keyOf: ({ epoch }) => epoch,
          page: async (page) => {
            const answer = await api.epochs({ ...page, signal });
            return { records: answer.epochs, next: answer.next_before };
          },
        }),
      ]);
      return { votes, epochs };
    },
    [api, firstSlot, lastSlot, firstEpoch, lastEpoch],
  );
  const stored = useStored(read, undefined);
  return useMemo(() => {
    if (stored.kind !== "ready") return stored;
    return {
      kind: "ready",
      answer: {
        firstSlot,
        lastSlot,
        firstEpoch,
        lastEpoch,
        votes: laidOver<SlotVotesRecord>({
          stored: stored.answer.votes,
          live: state.votes,
          keyOf: ({ slot }) => slot,
          first: firstSlot,
          last: lastSlot,
        }),
        epochs: laidOver<EpochRecord>({
          stored: stored.answer.epochs,
          live: state.epochs,
          keyOf: ({ epoch }) => epoch,
          first: firstEpoch,
          last: lastEpoch,
        }),
      },
    };
  }, [stored, state.votes, state.epochs, firstSlot, lastSlot, firstEpoch, lastEpoch]);
}
