import { useEffect, useState } from "react";
import type { NodeSlotRecord } from "../../../src/events/derived.ts";
import type { SlotAnswer } from "../../../src/serve/views.ts";
import { ApiFault } from "./ask-json.ts";
import type { LiveState } from "./live-state.ts";
import { useMonitor } from "./monitor.tsx";
import { BASELINE_SLOTS, usualDelay } from "./network-state.ts";
import type { Baseline } from "./statistics.ts";

/** What is known of the slot: the last answer stays while the next one is on its way. */
export type SlotLoad =
  | { kind: "loading" }
  | { kind: "ready"; answer: SlotAnswer; baseline: Baseline | undefined; stale: boolean }
  | { kind: "absent"; sentence: string }
  | { kind: "failed"; sentence: string };

type Outcome = { slot: number } & (
  | { kind: "ready"; answer: SlotAnswer; baseline: Baseline | undefined }
  | { kind: "absent" | "failed"; sentence: string }
);

const RETRY_MS = 3000;
/** While a slot runs its records change often; its events are fetched again at most this often. */
const REFETCH_MS = 800;
/** A slot this young may be stored any moment; an older one that has no record gets none. */
const RECENT_SLOTS = 4;

/** One slot from the API, fetched again while the stream tells of changes, with the stream's newer records laid over. */
export function useSlotAnswer(input: { slot: number; currentSlot: number; state: LiveState }): SlotLoad {
  const { slot, currentSlot, state } = input;
  const { api } = useMonitor();
  const [outcome, setOutcome] = useState<Outcome>();
  const [attempt, setAttempt] = useState(0);
  const liveSlot = state.slots.get(slot);
  const begun = slot <= currentSlot;
  const recent = slot >= currentSlot - RECENT_SLOTS;
  const liveNodeSlots = state.nodeSlots.get(slot);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the slot's live record is the reason to fetch again
  useEffect(() => {
    if (!begun) return;
    const abort = new AbortController();
    const { signal } = abort;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const load = async () => {
      try {
        const [answer, before] = await Promise.all([
          api.slot(slot, signal),
          api.slots({ limit: BASELINE_SLOTS + 16, before: slot, signal }),
        ]);
        setOutcome({ slot, kind: "ready", answer, baseline: usualDelay(before.slots, slot) });
      } catch (error) {
        if (signal.aborted) return;
        const absent = error instanceof ApiFault && error.status === 404;
        const sentence = error instanceof Error ? error.message : "The answer could not be read.";
        setOutcome({ slot, kind: absent ? "absent" : "failed", sentence });
        if (!absent || recent) retry = setTimeout(() => setAttempt((count) => count + 1), RETRY_MS);
      }
    };
    const wait = setTimeout(() => void load(), outcome?.slot === slot && outcome.kind === "ready" ? REFETCH_MS : 0);
    return () => {
      clearTimeout(wait);
      clearTimeout(retry);
      abort.abort();
    };
  }, [api, slot, begun, attempt, liveSlot]);

  if (!begun) return { kind: "absent", sentence: `Slot ${slot} has not begun.` };
  if (outcome === undefined) return { kind: "loading" };
  const stale = outcome.slot !== slot;
  if (outcome.kind === "ready") {
    const answer = stale ? outcome.answer : overlaid(outcome.answer, liveSlot, liveNodeSlots);
    return { kind: "ready", answer, baseline: outcome.baseline, stale };
  }
  return stale ? { kind: "loading" } : { kind: outcome.kind, sentence: outcome.sentence };
}

function overlaid(
  answer: SlotAnswer,
  slot: SlotAnswer["slot"] | undefined,
  nodeSlots: ReadonlyMap<string, NodeSlotRecord> | undefined,
): SlotAnswer {
  if (slot === undefined && nodeSlots === undefined) return answer;
  const byNode = new Map(answer.node_slots.map((record) => [record.node, record]));
  for (const [node, record] of nodeSlots ?? []) byNode.set(node, record);
  return {
    ...answer,
    slot: slot ?? answer.slot,
    node_slots: [...byNode.values()].sort((a, b) => (a.node < b.node ? -1 : 1)),
  };
}
