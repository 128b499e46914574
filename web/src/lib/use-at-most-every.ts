import { useEffect, useRef, useState } from "react";
import { useMonitor } from "./monitor.tsx";

/** A value that is taken over at most every `everyMs`, the last one always: for what costs much to draw. */
export function useAtMostEvery<T>(value: T, everyMs: number): T {
  const { clock } = useMonitor();
  const [held, setHeld] = useState(value);
  const takenMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const take = () => {
      takenMs.current = clock.nowMs();
      setHeld(value);
    };
    const waitMs = Math.min(everyMs, takenMs.current + everyMs - clock.nowMs());
    if (waitMs <= 0) {
      take();
      return;
    }
    const timer = setTimeout(take, waitMs);
    return () => clearTimeout(timer);
  }, [clock, value, everyMs]);
  return held;
}
