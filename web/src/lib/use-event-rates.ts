import { useEffect, useRef, useState } from "react";
import type { NodeView } from "../../../src/serve/views.ts";
import { createRateMeter } from "./event-rate.ts";
import { useMonitor } from "./monitor.tsx";

const EVERY_MS = 1000;
const WINDOW_MS = 20_000;

/** Events a second of each node since the page was opened, at most over the last 20 s; renewed each second. */
export function useEventRates(nodes: ReadonlyMap<string, NodeView>): ReadonlyMap<string, number> {
  const { clock } = useMonitor();
  const latest = useRef(nodes);
  const [rates, setRates] = useState<ReadonlyMap<string, number>>(new Map());
  useEffect(() => {
    latest.current = nodes;
  }, [nodes]);
  useEffect(() => {
    const meter = createRateMeter(WINDOW_MS);
    const measure = () => {
      const measured = new Map<string, number>();
      for (const { name, events } of latest.current.values()) {
        meter.note({ node: name, events, nowMs: clock.nowMs() });
        const rate = meter.perSecond(name);
        if (rate !== undefined) measured.set(name, rate);
      }
      setRates(measured);
    };
    measure();
    const timer = setInterval(measure, EVERY_MS);
    return () => clearInterval(timer);
  }, [clock]);
  return rates;
}
