import { useCallback } from "react";
import type { LatencyView, NetworkView } from "../../../src/serve/views.ts";
import { useCurrentSlot, useMonitor } from "./monitor.tsx";
import { useLocation } from "./router.ts";
import { type Stored, useStored } from "./use-stored.ts";

/** The spans that can be chosen beside the last 256 slots, in hours; part of the address. */
export const LATENCY_HOURS = [6, 24, 168] as const;

/** undefined: the last slots. */
export function useLatencyHours(): number | undefined {
  const chosen = Number(useLocation().query.get("hours"));
  return LATENCY_HOURS.find((hours) => hours === chosen);
}

/** How the nodes compare; asked for again with each slot, and with each epoch where it is over hours. */
export function useLatency(network: NetworkView, hours: number | undefined): Stored<LatencyView> {
  const { api, clock } = useMonitor();
  const slot = useCurrentSlot(network);
  const read = useCallback(
    (signal: AbortSignal) => {
      const toMs = Math.round(clock.nowMs());
      return api.latency(hours === undefined ? undefined : { fromMs: toMs - hours * 3_600_000, toMs }, signal);
    },
    [api, clock, hours],
  );
  return useStored(read, hours === undefined ? slot : Math.floor(slot / network.slots_per_epoch));
}
