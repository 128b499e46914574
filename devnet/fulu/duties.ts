import { SLOTS_PER_EPOCH } from "@lodestar/params";
import { messageOf } from "../../src/lib/fault.ts";
import { createAggregator } from "./aggregate.ts";
import { createAttester } from "./attest.ts";
import type { Gossip } from "./gossip.ts";
import type { NodeParts } from "./node-parts.ts";
import { createProposer } from "./propose.ts";

/** When in a slot a duty is due. */
export type DutyTimes = { attestationDueMs: number; aggregateDueMs: number };

export type Duties = {
  /** Each slot's duties, one slot after the other, until the node ends. */
  run(): Promise<void>;
  /** A block was imported: who has it votes for it at once. */
  onImported(slot: number): void;
};

const POOLED_EPOCHS = 2;

export function createDuties(parts: NodeParts, gossip: Gossip, times: DutyTimes): Duties {
  const { chain, clock, attestations, syncMessages, log, signal } = parts;
  const propose = createProposer(parts, gossip);
  const attest = createAttester(parts, gossip);
  const aggregate = createAggregator(parts, gossip);

  const doing = (duty: string, slot: number, done: Promise<void>) => {
    done.catch((error: unknown) => log.error({ slot, reason: messageOf(error) }, `A ${duty} failed`));
  };
  const at = async (dueMs: number, act: () => void | Promise<void>) => {
    await clock.until(dueMs, signal);
    if (!signal.aborted) await act();
  };
  const begin = (slot: number) => {
    chain.onSlot(slot);
    attestations.prune(slot - POOLED_EPOCHS * SLOTS_PER_EPOCH);
    syncMessages.prune(slot - SLOTS_PER_EPOCH);
    if (slot === 0) return;
    const startMs = clock.startMs(slot);
    doing("proposal", slot, propose(slot));
    doing(
      "attestation",
      slot,
      at(startMs + times.attestationDueMs, () => attest(slot)),
    );
    doing(
      "aggregation",
      slot,
      at(startMs + times.aggregateDueMs, () => aggregate(slot)),
    );
  };

  return {
    async run() {
      await clock.until(clock.startMs(0), signal);
      let last = -1;
      while (!signal.aborted) {
        const slot = clock.slotNow();
        // A clock that stepped back has slots again that it has had.
        if (slot > last) {
          last = slot;
          begin(slot);
        }
        await clock.until(clock.startMs(slot + 1), signal);
      }
    },
    onImported(slot) {
      const isNow = slot === clock.slotNow() && chain.head().slot === slot;
      if (isNow) doing("attestation", slot, attest(slot));
    },
  };
}
