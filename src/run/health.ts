import { monitorEventLoopDelay } from "node:perf_hooks";
import type { ChannelView } from "../alert/desk.ts";
import { utcWords } from "../lib/moment-words.ts";
import type { ClockView, HealthReason, HealthView, NodeView } from "../serve/views.ts";
import type { RefusedIndex, StoreState } from "../store/store.ts";

/** Above this the stamps of arrivals are off by more than clocks are. */
const LOOP_DELAY_LIMIT_MS = 100;

const RESOLUTION_MS = 10;

/** How late the event loop runs, milliseconds: part of the error of every stamp. */
type LoopDelays = HealthView["event_loop_delay_ms"];

/** `take` gives the delays since it was called before. */
export function measureLoopDelay(): { take(): LoopDelays; close(): void } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // A delay is what a timer took beyond its interval.
  const toMs = (nanoseconds: number) =>
    Number.isFinite(nanoseconds) ? Math.max(0, Math.round(nanoseconds / 1e4 - RESOLUTION_MS * 100) / 100) : 0;
  return {
    take() {
      const { max } = histogram;
      const delays = { p50: toMs(histogram.percentile(50)), p99: toMs(histogram.percentile(99)), max: toMs(max) };
      histogram.reset();
      return delays;
    },
    close: () => void histogram.disable(),
  };
}

/** The delays of the last whole span of `everyMs`. */
export function watchLoopDelay(everyMs: number): { read(): LoopDelays; close(): void } {
  const delays = measureLoopDelay();
  let last: LoopDelays = { p50: 0, p99: 0, max: 0 };
  const timer = setInterval(() => {
    last = delays.take();
  }, everyMs);
  timer.unref();
  return {
    read: () => last,
    close() {
      clearInterval(timer);
      delays.close();
    },
  };
}

/** Beyond this every delay is wrong by more than the nodes differ. */
const CLOCK_LIMIT_MS = 100;

/** What is wrong with the machine's clock, or with what is known of it. */
function clockReason({ offset_ms, error_ms, server, reachable }: ClockView): HealthReason | undefined {
  const round = (ms: number) => (Math.abs(ms) < 10 ? Math.round(ms * 10) / 10 : Math.round(ms));
  if (offset_ms === null || error_ms === null) {
    const sentence =
      "How far this machine's clock is off is not known, since no time server answered (clock.ntp_servers: [] asks none).";
    return reachable === false ? { code: "clock_unknown", sentence } : undefined;
  }
  if (Math.abs(offset_ms) > CLOCK_LIMIT_MS) {
    const side = offset_ms > 0 ? "behind" : "ahead";
    const sentence =
      `This machine's clock is ${round(Math.abs(offset_ms))} ms ${side} (± ${round(error_ms)} ms, by ${server}): ` +
      "every delay is off by that.";
    return { code: "clock_off", sentence };
  }
  if (error_ms > CLOCK_LIMIT_MS) {
    const sentence = `How far this machine's clock is off is known to ± ${round(error_ms)} ms alone.`;
    return { code: "clock_uncertain", sentence };
  }
  return undefined;
}

/** Named one by one at most. */
const MAX_REFUSED = 3;

function refusedReasons(refused: readonly RefusedIndex[]): HealthReason[] {
  const latest = refused.toReversed();
  const more = latest.length - MAX_REFUSED;
  const sentence = `The cluster refuses ${more} more ${more === 1 ? "index" : "indices"} of others, too.`;
  return [
    ...latest.slice(0, MAX_REFUSED).map(refusedReason),
    ...(more > 0 ? [{ code: "index_refused", sentence }] : []),
  ];
}

function refusedReason({ index, reason, sinceUs, documents }: RefusedIndex): HealthReason {
  const kept = documents === 1 ? "1 document of it is" : `${documents} documents of it are`;
  const sentence = `The cluster has not taken documents of ${index} since ${utcWords(sinceUs / 1000)}: ${reason.replace(/\.$/, "")}. ${kept} in quarantine; all else goes on.`;
  return { code: "index_refused", sentence };
}

/** Who waits for a message that does not come should not take silence for good news. */
function channelReason({ name, failing_since_ms, waiting, last_failure }: ChannelView): HealthReason[] {
  if (failing_since_ms === null) return [];
  const why = last_failure === null ? "" : `: ${last_failure.replace(/\.$/, "")}`;
  const sentence = `Alerts have not been delivered by ${name} since ${utcWords(failing_since_ms)}${why}. ${waiting} wait.`;
  return [{ code: "alerts_undelivered", sentence }];
}

/** The health of the monitor itself: `ok` only when every stream is up and what arrives is kept and can be searched. */
export function healthOf(input: {
  startedMs: number;
  nodes: readonly NodeView[];
  store: StoreState | undefined;
  droppedEnvelopes: number;
  quarantined: number;
  loopDelayMs: LoopDelays;
  /** Null where no time server is asked. */
  clock: ClockView | null;
  /** Where messages of alerts go. */
  channels?: readonly ChannelView[] | undefined;
}): HealthView {
  const { startedMs, nodes, store, droppedEnvelopes, quarantined, loopDelayMs, clock, channels = [] } = input;
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
    lesser.push(...refusedReasons(store.refusedIndices ?? []));
    const overCap = store.retention?.last?.overCap;
    if (overCap !== undefined) lesser.push({ code: "disk_cap_exceeded", sentence: `${overCap}.` });
  }
  lesser.push(...channels.flatMap(channelReason));
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
  const ofClock = clock === null ? undefined : clockReason(clock);
  if (ofClock !== undefined) lesser.push(ofClock);
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
    clock,
  };
}
