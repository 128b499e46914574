import { monitorEventLoopDelay } from "node:perf_hooks";
import type { HealthReason, HealthView, NodeView } from "../serve/views.ts";
import type { StoreState } from "../store/store.ts";

/** Above this the stamps of arrivals are off by more than clocks are. */
const LOOP_DELAY_LIMIT_MS = 100;

const RESOLUTION_MS = 10;

export type LoopDelay = { read(): HealthView["event_loop_delay_ms"]; close(): void };

/** How late the event loop runs: part of the error of every stamp. Each reading is of the time since the one before. */
export function watchLoopDelay(everyMs: number): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let last = { p50: 0, p99: 0, max: 0 };
  // A delay is what a timer took beyond its interval.
  const toMs = (nanoseconds: number) =>
    Number.isFinite(nanoseconds) ? Math.max(0, Math.round(nanoseconds / 1e4 - RESOLUTION_MS * 100) / 100) : 0;
  const timer = setInterval(() => {
    last = { p50: toMs(histogram.percentile(50)), p99: toMs(histogram.percentile(99)), max: toMs(histogram.max) };
    histogram.reset();
  }, everyMs);
  timer.unref();
  return {
    read: () => last,
    close() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}

/** The health of the monitor itself: `ok` only when every stream is up and what arrives is kept and can be searched. */
export function healthOf(input: {
  startedMs: number;
  nodes: readonly NodeView[];
  store: StoreState | undefined;
  droppedEnvelopes: number;
  quarantined: number;
  loopDelayMs: HealthView["event_loop_delay_ms"];
}): HealthView {
  const { startedMs, nodes, store, droppedEnvelopes, quarantined, loopDelayMs } = input;
  const serious: HealthReason[] = [];
  const lesser: HealthReason[] = [];

  const streaming = nodes.filter(({ state }) => state === "streaming").length;
  if (streaming === 0) {
    serious.push({ code: "no_stream", sentence: "No node's event stream is up: nothing new is seen." });
  }
  for (const { name, state, reason, syncing } of nodes) {
    if (state === "refused") {
      lesser.push({ code: "node_refused", node: name, sentence: `${name} is refused: ${reason ?? "no reason told"}` });
    } else if (state !== "streaming") {
      lesser.push({ code: "node_down", node: name, sentence: `${name} is not streaming: ${reason ?? "connecting"}.` });
    } else if (syncing) {
      lesser.push({
        code: "node_syncing",
        node: name,
        sentence: `${name} is syncing: its events are late for the network.`,
      });
    }
  }
  if (store !== undefined) {
    if (store.journalFailure !== undefined) {
      serious.push({ code: "journal_failing", sentence: `Documents cannot be written: ${store.journalFailure}.` });
    }
    if (store.state === "unavailable") {
      serious.push({ code: "store_unavailable", sentence: store.reason ?? "The database cannot be read." });
    }
    if (store.dropped > 0) {
      lesser.push({ code: "documents_dropped", sentence: `${store.dropped} documents were dropped since the start.` });
    }
  }
  if (droppedEnvelopes > 0) {
    lesser.push({ code: "events_dropped", sentence: `${droppedEnvelopes} events were dropped since the start.` });
  }
  if (loopDelayMs.p99 > LOOP_DELAY_LIMIT_MS) {
    const delay = Math.round(loopDelayMs.p99);
    lesser.push({
      code: "event_loop_slow",
      sentence: `The program runs ${delay} ms late (p99): arrival times are off by that.`,
    });
  }
  return {
    status: serious.length > 0 ? "failing" : lesser.length > 0 ? "degraded" : "ok",
    reasons: [...serious, ...lesser],
    started_ms: startedMs,
    store: {
      state: store?.state ?? "starting",
      journaled: store?.journaled ?? 0,
      loaded: store?.loaded ?? 0,
      queued: store?.queued ?? 0,
      dropped: store?.dropped ?? 0,
      rows: store?.rows ?? 0,
    },
    quarantined,
    event_loop_delay_ms: loopDelayMs,
  };
}
