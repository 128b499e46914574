import type { Clock } from "../../src/lib/clock.ts";
import { sleep } from "../../src/lib/sleep.ts";

/** A node's own idea of the time, which a fault can shift. */
export type SlotClock = {
  nowMs(): number;
  /** The slot that is now; negative before genesis. */
  slotNow(): number;
  startMs(slot: number): number;
  /** Waits until a moment of this clock; at once when it is over. */
  until(atMs: number, signal: AbortSignal): Promise<void>;
};

/** Of the specs' phase0/p2p-interface.md: what comes sooner before its slot has to wait. */
export const MAXIMUM_GOSSIP_CLOCK_DISPARITY_MS = 500;
/** A clock that is shifted while one waits is followed after this long. */
const LONGEST_WAIT_MS = 100;

export function createSlotClock(input: {
  clock: Clock;
  genesisMs: number;
  slotMs: number;
  skewMs: () => number;
}): SlotClock {
  const { clock, genesisMs, slotMs, skewMs } = input;
  const nowMs = () => clock.nowUs() / 1000 + skewMs();
  return {
    nowMs,
    slotNow: () => Math.floor((nowMs() - genesisMs) / slotMs),
    startMs: (slot) => genesisMs + slot * slotMs,
    async until(atMs, signal) {
      for (let leftMs = atMs - nowMs(); leftMs > 0 && !signal.aborted; leftMs = atMs - nowMs()) {
        await sleep(Math.min(leftMs, LONGEST_WAIT_MS), signal);
      }
    },
  };
}
