import { useCallback } from "react";
import type { HostsAnswer, NetworkView } from "../../../src/serve/views.ts";
import { useCurrentSlot, useMonitor } from "./monitor.tsx";
import { type Stored, useStored } from "./use-stored.ts";

/** Shippers send every ten seconds or so. */
const EVERY_MS = 30_000;
/** So long after a slot its figures and lines may still be on their way. */
const SETTLED_SLOTS = 4;

/** The nodes' servers over the last hour, asked for again every half minute. */
export function useHosts(network: NetworkView): Stored<HostsAnswer> {
  const { api } = useMonitor();
  const currentSlot = useCurrentSlot(network);
  const read = useCallback((signal: AbortSignal) => api.hosts(signal), [api]);
  return useStored(read, Math.floor((currentSlot * network.slot_duration_ms) / EVERY_MS));
}

/** The nodes' servers around a slot that has begun, asked for again until a few slots later. */
export function useSlotHosts(slot: number, currentSlot: number): Stored<HostsAnswer> {
  const { api } = useMonitor();
  const read = useCallback((signal: AbortSignal) => api.slotHosts(slot, signal), [api, slot]);
  return useStored(read, Math.min(currentSlot, slot + SETTLED_SLOTS));
}
