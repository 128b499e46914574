import type { Chain } from "../chain/chain.ts";
import type { Deadline } from "./node-slots.ts";

export type PassedDeadline = { slot: number; deadline: Deadline; atUs: number };

export type DeadlineClock = {
  /** Begins with a slot at a moment; without it the clock does nothing. */
  start(slot: number, nowUs: number): void;
  /** The clock was set back: what lies ahead by it is called, again where it was called before. */
  setBack(nowUs: number): void;
  /** Calls what has passed since the last call, in order. */
  advance(nowUs: number): void;
};

/** After a longer silence (a suspended machine, a jumping clock) only the slots nearest to now are gone through. */
const MAX_SLOTS_AT_ONCE = 8192;

/** The moments of the slots in their order: a slot begins, its deadlines pass, it ends. */
export function createDeadlineClock(input: {
  chain: Chain;
  onDeadline(passed: PassedDeadline): void;
  onSlot(slot: number): void;
}): DeadlineClock {
  const { chain, onDeadline, onSlot } = input;
  let slot: number | undefined;
  let passed = 0;

  const momentsOf = (of: number): readonly (readonly [Deadline, number])[] => {
    const { attestationMs, aggregateMs } = chain.deadlinesOf(of);
    const startUs = chain.slotStartUs(of);
    return [
      ["attestation_due", startUs + attestationMs * 1000],
      ["aggregate_due", startUs + aggregateMs * 1000],
      ["slot_end", chain.slotStartUs(of + 1)],
    ];
  };

  return {
    start(first, nowUs) {
      if (slot !== undefined) return;
      const current = chain.slotAt(nowUs);
      // A first block that came early begins its own slot; one that claims a later slot does not hold the clock.
      slot = first > current ? current + 1 : current;
      // Deadlines of this slot that have passed were not witnessed.
      passed = momentsOf(slot).filter(([, atUs]) => atUs <= nowUs).length;
      for (let begun = Math.max(Math.min(first, slot), slot - MAX_SLOTS_AT_ONCE); begun <= slot; begun += 1)
        onSlot(begun);
    },
    setBack(nowUs) {
      const current = chain.slotAt(nowUs);
      if (slot === undefined || current >= slot) return;
      slot = current;
      passed = momentsOf(slot).filter(([, atUs]) => atUs <= nowUs).length;
      onSlot(slot);
    },
    advance(nowUs) {
      if (slot === undefined) return;
      const current = chain.slotAt(nowUs);
      if (current - slot > MAX_SLOTS_AT_ONCE) {
        slot = current - MAX_SLOTS_AT_ONCE;
        passed = 0;
        onSlot(slot);
      }
      while (slot <= current) {
        const moments = momentsOf(slot);
        for (; passed < moments.length; passed += 1) {
          const moment = moments[passed];
          if (moment === undefined || moment[1] > nowUs) return;
          onDeadline({ slot, deadline: moment[0], atUs: moment[1] });
        }
        slot += 1;
        passed = 0;
        onSlot(slot);
      }
    },
  };
}
