import { useEffect, useState } from "react";

/** Counts up every `everyMs` while somebody looks, and when `again` is called. */
export function useEvery(everyMs: number): { tick: number; again(): void } {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setTick((count) => count + 1);
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return { tick, again: () => setTick((count) => count + 1) };
}
