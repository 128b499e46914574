import { useEffect, useRef, useState } from "react";
import type { CommitteeSlotRecord } from "../../../src/events/vote-records.ts";
import { type CachedCommittees, committeesToRead } from "./committee-cache.ts";
import { useMonitor } from "./monitor.tsx";

/** Requests at once: the browser has six connections, of which the stream holds one. */
const AT_ONCE = 3;
/** Slots that are kept: some epochs to go back and forth. */
const MOST_KEPT = 512;
const NONE: ReadonlyMap<number, readonly CommitteeSlotRecord[]> = new Map();

export type Committees = {
  bySlot: ReadonlyMap<number, readonly CommitteeSlotRecord[]>;
  /** Why the last request failed; they are tried again with the next slot. */
  failed: string | undefined;
};

/** The committees of some slots, slot by slot as they are answered, and read on while the chain goes on. */
export function useCommittees(input: {
  firstSlot: number;
  /** How many. */
  slots: number;
  slotsPerEpoch: number;
  currentSlot: number;
}): Committees {
  const { firstSlot, slots: count, slotsPerEpoch, currentSlot } = input;
  const { api } = useMonitor();
  const cache = useRef(new Map<number, CachedCommittees>());
  const [committees, setCommittees] = useState<Committees>({ bySlot: NONE, failed: undefined });

  useEffect(() => {
    const abort = new AbortController();
    const slots = Array.from({ length: count }, (_, index) => firstSlot + index);
    const publish = (failed?: string) => {
      const known = slots.flatMap((slot) => {
        const { committees } = cache.current.get(slot) ?? {};
        return committees === undefined ? [] : [[slot, committees] as const];
      });
      setCommittees({ bySlot: new Map(known), failed });
    };
    const due = committeesToRead({ slots, cached: cache.current, currentSlot, slotsPerEpoch });
    const readNext = async (): Promise<void> => {
      const slot = due.shift();
      if (slot === undefined) return;
      const answer = await api.committees(slot, abort.signal);
      cache.current.delete(slot);
      cache.current.set(slot, { committees: answer.committees, readAtSlot: currentSlot });
      for (const oldest of [...cache.current.keys()].slice(0, -MOST_KEPT)) cache.current.delete(oldest);
      publish();
      await readNext();
    };
    publish();
    Promise.all(Array.from({ length: AT_ONCE }, readNext)).catch((error: unknown) => {
      if (abort.signal.aborted) return;
      due.length = 0;
      publish(error instanceof Error ? error.message : "The answer could not be read.");
    });
    return () => abort.abort();
  }, [api, firstSlot, count, slotsPerEpoch, currentSlot]);

  return committees;
}
