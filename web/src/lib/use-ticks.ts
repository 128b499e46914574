import { useEffect, useRef, useState } from "react";
import type { TimeRange } from "../../../src/panels/panel.ts";
import { useLive, useMonitor } from "./monitor.tsx";
import { endsNow, resolved } from "./time-words.ts";

/** What the stream tells can be searched a second later. */
const STORED_MS = 2000;
/** A range has about so many places: a new slot within one of them is not seen. */
const PLACES = 500;

/**
 * Counts the reasons to ask again: every `refreshS` seconds, and when the stream told of a new slot, as soon as it moves
 * the charts. Not while it is paused, while nobody looks, or where the range does not end now.
 */
export function useTicks(input: { time: TimeRange; refreshS: number; paused: boolean }): {
  tick: number;
  tickedMs: number;
  now(): void;
} {
  const { time, refreshS, paused } = input;
  const { clock } = useMonitor();
  const { state } = useLive();
  const [ticked, setTicked] = useState(() => ({ tick: 0, tickedMs: clock.nowMs() }));
  const at = useRef(ticked.tickedMs);
  const runs = refreshS > 0 && !paused && endsNow(time);
  const newest = runs ? newestSlot(state.slots) : undefined;
  const span = resolved(time, clock.nowMs());
  const placeMs = "time" in span ? (span.time.toMs - span.time.fromMs) / PLACES : Number.POSITIVE_INFINITY;
  const leastMs = Math.min(placeMs, refreshS * 1000);

  const advance = useRef(() => {
    at.current = clock.nowMs();
    setTicked(({ tick }) => ({ tick: tick + 1, tickedMs: at.current }));
  });

  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => {
      if (!document.hidden) advance.current();
    }, refreshS * 1000);
    return () => clearInterval(timer);
  }, [runs, refreshS]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new slot is the reason
  useEffect(() => {
    if (newest === undefined) return;
    const timer = setTimeout(() => {
      if (!document.hidden && clock.nowMs() - at.current >= leastMs) advance.current();
    }, STORED_MS);
    return () => clearTimeout(timer);
  }, [newest]);

  return { ...ticked, now: advance.current };
}

function newestSlot(slots: ReadonlyMap<number, unknown>): number | undefined {
  let newest: number | undefined;
  for (const slot of slots.keys()) if (newest === undefined || slot > newest) newest = slot;
  return newest;
}
