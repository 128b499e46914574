import { useCallback } from "react";
import type { CommitteeSlotRecord, SlotVotesRecord } from "../../../src/events/vote-records.ts";
import type { LiveState } from "./live-state.ts";
import { useMonitor } from "./monitor.tsx";
import { type Stored, useStored } from "./use-stored.ts";

/** Slots after which nothing new is told of a slot but what later blocks carry, and that the stream tells. */
const SETTLED_AFTER = 4;

/** The votes of one slot, and its committees once they are told; undefined where nothing is stored of them. */
export type SlotVotes = { votes: SlotVotesRecord | undefined; committees: readonly CommitteeSlotRecord[] };

export function useSlotVotes(state: LiveState, slot: number, currentSlot: number): Stored<SlotVotes> {
  const { api } = useMonitor();
  const read = useCallback(
    async (signal: AbortSignal) => {
      const [{ votes }, { committees }] = await Promise.all([
        api.votes({ limit: 1, before: slot + 1, signal }),
        api.committees(slot, signal),
      ]);
      return { slot, votes: votes.find((record) => record.slot === slot), committees };
    },
    [api, slot],
  );
  // Committees are told in the slots after their own.
  const stored = useStored(read, Math.min(currentSlot, slot + SETTLED_AFTER));
  if (stored.kind !== "ready") return stored;
  if (stored.answer.slot !== slot) return { kind: "loading" };
  return { kind: "ready", answer: { ...stored.answer, votes: state.votes.get(slot) ?? stored.answer.votes } };
}
