import { useCallback, useMemo } from "react";
import type { NetworkView } from "../../../src/serve/views.ts";
import { type GapLane, gapLanes } from "./gap-lanes.ts";
import type { LiveState } from "./live-state.ts";
import { useMonitor, useNowMs } from "./monitor.tsx";
import { useLocation } from "./router.ts";
import { useStored } from "./use-stored.ts";

/** The spans that can be chosen, in hours; part of the address. */
export const GAP_HOURS = [1, 6, 24, 168] as const;
const USUAL_HOURS = 6;
export const HOUR_MS = 3_600_000;
/** The API's limit of one page. */
const MOST = 1000;
const RENEW_MS = 5000;

/** The gaps of all nodes over the chosen hours up to now. */
export type GapView = {
  hours: number;
  fromMs: number;
  nowMs: number;
  lanes: readonly GapLane[];
  /** The page of gaps was full: those from before this moment are not in it. */
  cutMs: number | undefined;
};

export type GapLoad = { kind: "loading" } | { kind: "failed"; sentence: string } | { kind: "ready"; view: GapView };

export function useGapLanes(state: LiveState, network: NetworkView): GapLoad {
  const { api } = useMonitor();
  const nowMs = useNowMs(RENEW_MS);
  const startedMs = state.health?.started_ms ?? nowMs;
  const chosen = Number(useLocation().query.get("hours"));
  const hours = GAP_HOURS.find((choice) => choice === chosen) ?? usualHours({ gaps: state.gaps, startedMs, nowMs });
  const spanMs = hours * HOUR_MS;
  const epochs = Math.min(MOST, Math.ceil(spanMs / (network.slot_duration_ms * network.slots_per_epoch)) + 1);
  const read = useCallback(
    async (signal: AbortSignal) => {
      const [gaps, stored] = await Promise.all([api.gaps(MOST, signal), api.epochs({ limit: epochs, signal })]);
      return {
        gaps: gaps.gaps,
        cutMs: gaps.next_before ?? undefined,
        storedSinceMs: Math.min(...stored.epochs.map(({ start_ms }) => start_ms)),
      };
    },
    [api, epochs],
  );
  const stored = useStored(read, state.gaps);
  const lanes = useMemo(() => {
    if (stored.kind !== "ready") return [];
    const { gaps, storedSinceMs } = stored.answer;
    const byKey = new Map([...gaps, ...state.gaps.values()].map((gap) => [`${gap.node} ${gap.from_ms}`, gap]));
    const nodes = [...state.nodes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return gapLanes({ nodes, gaps: byKey.values(), fromMs: nowMs - spanMs, nowMs, startedMs, storedSinceMs });
  }, [stored, state.gaps, state.nodes, nowMs, spanMs, startedMs]);
  return useMemo(() => {
    if (stored.kind !== "ready") return stored;
    return { kind: "ready", view: { hours, fromMs: nowMs - spanMs, nowMs, lanes, cutMs: stored.answer.cutMs } };
  }, [stored, hours, nowMs, spanMs, lanes]);
}

/** A monitor that has just begun for the first time has nothing to show of the hours before. */
function usualHours(input: { gaps: LiveState["gaps"]; startedMs: number; nowMs: number }): number {
  const { gaps, startedMs, nowMs } = input;
  const earlierRun = [...gaps.values()].some(({ from_ms }) => from_ms < startedMs);
  return earlierRun || nowMs - startedMs > HOUR_MS ? USUAL_HOURS : 1;
}
