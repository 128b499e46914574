import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { NetworkView } from "../../../src/serve/views.ts";
import type { Api } from "./api.ts";
import type { LiveStore, LiveView } from "./live-store.ts";
import type { ServerClock } from "./server-clock.ts";
import { momentAt, slotStartMs } from "./slot-clock.ts";

/** What every page works with. */
export type Monitor = { api: Api; store: LiveStore; clock: ServerClock };

const MonitorContext = createContext<Monitor | undefined>(undefined);
export const MonitorProvider = MonitorContext.Provider;

export function useMonitor(): Monitor {
  const monitor = useContext(MonitorContext);
  if (monitor === undefined) throw new Error("A page stands outside of the MonitorProvider.");
  return monitor;
}

export function useLive(): LiveView {
  const { store } = useMonitor();
  return useSyncExternalStore(store.subscribe, store.get);
}

/** The server's time, renewed every `intervalMs`. */
export function useNowMs(intervalMs: number): number {
  const { clock } = useMonitor();
  const [nowMs, setNowMs] = useState(clock.nowMs);
  useEffect(() => {
    setNowMs(clock.nowMs());
    const timer = setInterval(() => setNowMs(clock.nowMs()), intervalMs);
    return () => clearInterval(timer);
  }, [clock, intervalMs]);
  return nowMs;
}

/** The running slot, renewed when the next one begins. */
export function useCurrentSlot(network: NetworkView): number {
  const { clock } = useMonitor();
  const [slot, setSlot] = useState(() => momentAt(network, clock.nowMs()).slot);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const renew = () => {
      clearTimeout(timer);
      const current = momentAt(network, clock.nowMs()).slot;
      setSlot(current);
      timer = setTimeout(renew, Math.max(10, slotStartMs(network, current + 1) - clock.nowMs()));
    };
    renew();
    document.addEventListener("visibilitychange", renew);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", renew);
    };
  }, [network, clock]);
  return slot;
}

/** A value that is taken over only once it has stayed the same for `holdMs`; the first one at once. */
export function useSettled<T extends string | number>(value: T, holdMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (value === settled) return;
    const timer = setTimeout(() => setSettled(value), holdMs);
    return () => clearTimeout(timer);
  }, [value, settled, holdMs]);
  return settled;
}
