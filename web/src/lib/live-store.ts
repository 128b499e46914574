import type { Api } from "./api.ts";
import { ApiFault } from "./ask-json.ts";
import {
  applyItems,
  applySnapshot,
  type Bounds,
  emptyLiveState,
  forgetStream,
  type LiveState,
  type Snapshot,
} from "./live-state.ts";
import type { ServerClock } from "./server-clock.ts";
import { slotAt } from "./slot-clock.ts";
import type { LiveItem, StreamHandlers } from "./stream.ts";

/** Whether there is anything to show: `waiting` when the monitor answers but has not reached a node yet. */
export type Phase =
  | { kind: "loading" }
  | { kind: "waiting"; sentence: string }
  | { kind: "failed"; sentence: string }
  | { kind: "ready" };

/** Whether what is shown follows the stream; `lost` since the server's time `sinceMs`. */
export type Connection = { kind: "connecting" } | { kind: "live" } | { kind: "lost"; sinceMs: number };

export type LiveView = { phase: Phase; connection: Connection; state: LiveState };

export type LiveStore = {
  get(): LiveView;
  subscribe(changed: () => void): () => void;
  /** Takes in what an answer told before the stream does. */
  take(item: LiveItem): void;
  start(): void;
  stop(): void;
};

/** Epochs that the grid shows. */
export const GRID_EPOCHS = 8;
/** Epochs whose votes by slot are fetched at the start: what the status line tells of. */
const VOTE_EPOCHS = 2;
/** Slots of the arrival strip: the running one and those before it. */
export const STRIP_SLOTS = 4;

const RETRY_MS = [1000, 2000, 4000, 8000] as const;
const CLOCK_EVERY_MS = 60_000;
/** The store answers with what was told this long ago or earlier: promised is 1 s. */
const STORE_LAG_MS = 2000;
/** Events between two repaints; more than that are taken in at once. */
const MOST_QUEUED = 5000;
/** Reorgs and gaps that are kept, each. */
const MOST_INCIDENTS = 50;
/** Alerts that are over, fetched beside all that are not; and how many are kept. */
const OVER_ALERTS = 20;
const MOST_ALERTS = 2000;
/** The API's limit of one page. */
const MOST_SLOTS = 1000;

/**
 * The state of the monitor as the stream tells it. Events are gathered and taken in once a frame (`schedule`). At the
 * start and after a `reset` everything is fetched; the stream is open before the fetch, so that nothing falls between.
 */
export function createLiveStore(input: {
  api: Api;
  openStream: (handlers: StreamHandlers) => { close(): void };
  /** Whether the monitor tells what is for those who run it. */
  isOwn: () => Promise<boolean>;
  clock: ServerClock;
  browserNowMs: () => number;
  schedule: (flush: () => void) => void;
}): LiveStore {
  const { api, isOwn, clock, browserNowMs, schedule } = input;
  const listeners = new Set<() => void>();
  let view: LiveView = { phase: { kind: "loading" }, connection: { kind: "connecting" }, state: emptyLiveState };
  let queue: LiveItem[] = [];
  let scheduled = false;
  let caughtUp = false;
  let running: AbortController | undefined;
  let fetching: AbortController | undefined;
  let stream: { close(): void } | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let clockTimer: ReturnType<typeof setInterval> | undefined;

  const publish = (next: Partial<LiveView>) => {
    view = { ...view, ...next };
    for (const listener of listeners) listener();
  };

  const flush = () => {
    scheduled = false;
    if (queue.length === 0) return;
    const items = queue;
    queue = [];
    publish({ state: applyItems(view.state, items, { bounds: boundsOf(view.state), nowMs: browserNowMs() }) });
  };

  const readNetwork = async (signal: AbortSignal) => {
    const sentMs = browserNowMs();
    const network = await api.network(signal);
    clock.observe({ sentMs, receivedMs: browserNowMs(), serverMs: network.now_ms });
    return network;
  };

  const readSnapshot = async (signal: AbortSignal): Promise<Snapshot> => {
    const network = await readNetwork(signal);
    const current = slotAt(network, clock.nowMs());
    const limit = Math.min(MOST_SLOTS, (GRID_EPOCHS + 1) * network.slots_per_epoch);
    const [health, { nodes }, { slots }, { votes }, { epochs }, { reorgs }, { gaps }, alerts] = await Promise.all([
      api.health(signal),
      api.nodes(signal),
      api.slots({ limit, signal }),
      api.votes({ limit: Math.min(MOST_SLOTS, VOTE_EPOCHS * network.slots_per_epoch), signal }),
      api.epochs({ limit: GRID_EPOCHS, signal }),
      api.reorgs(MOST_INCIDENTS, signal),
      api.gaps(MOST_INCIDENTS, signal),
      isOwn().then(async (own) => (own ? (await api.alerts(OVER_ALERTS, signal)).alerts : [])),
    ]);
    const shown = slots.filter(({ slot }) => slot <= current && slot > current - STRIP_SLOTS);
    const answers = await Promise.all(shown.map(({ slot }) => api.slot(slot, signal)));
    return {
      network,
      health,
      nodes,
      slots,
      votes,
      epochs,
      reorgs,
      gaps,
      alerts,
      nodeSlots: answers.flatMap((answer) => answer.node_slots),
    };
  };

  /**
   * What is known without the store: while no network is, the monitor's health and its nodes say why; while the store
   * cannot be read, the pages show what arrives.
   */
  const readBefore = async (signal: AbortSignal): Promise<LiveState> => {
    const [health, answer, network] = await Promise.all([
      api.health(signal).catch(() => undefined),
      api.nodes(signal).catch(() => undefined),
      api.network(signal).catch(() => undefined),
    ]);
    const nodes = new Map(answer?.nodes.map((node) => [node.name, node]));
    return {
      ...view.state,
      health: health ?? view.state.health,
      nodes: new Map([...view.state.nodes, ...nodes]),
      network: network ?? view.state.network,
    };
  };

  /** Fetches everything; the first time once more, for what was told just before the stream and not stored yet. */
  const refresh = async (attempt = 0) => {
    fetching?.abort();
    clearTimeout(retryTimer);
    const mine = new AbortController();
    fetching = mine;
    const asOfMs = browserNowMs() - STORE_LAG_MS;
    try {
      const snapshot = await readSnapshot(mine.signal);
      flush();
      publish({ phase: { kind: "ready" }, state: applySnapshot(view.state, snapshot, asOfMs) });
      if (!caughtUp) retryTimer = setTimeout(() => void refresh(), STORE_LAG_MS);
      caughtUp = true;
    } catch (error) {
      if (mine.signal.aborted) return;
      if (view.phase.kind !== "ready") {
        const state = await readBefore(mine.signal);
        if (mine.signal.aborted) return;
        publish({ phase: phaseOf(error), state });
      }
      retryTimer = setTimeout(() => void refresh(attempt + 1), RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]);
    }
  };

  const handlers: StreamHandlers = {
    onOpen(resumed) {
      publish({ connection: { kind: "live" } });
      if (resumed) return;
      caughtUp = false;
      void refresh();
    },
    onItem(item) {
      if (item.event === "reset") {
        queue = [];
        caughtUp = false;
        publish({ state: forgetStream(view.state) });
        void refresh();
        return;
      }
      queue.push(item);
      if (queue.length > MOST_QUEUED) flush();
      if (scheduled) return;
      scheduled = true;
      schedule(flush);
    },
    onDown() {
      if (view.connection.kind !== "lost") publish({ connection: { kind: "lost", sinceMs: clock.nowMs() } });
      if (view.phase.kind === "loading") void refresh();
    },
  };

  return {
    take: handlers.onItem,
    get: () => view,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    start() {
      running = new AbortController();
      const { signal } = running;
      stream = input.openStream(handlers);
      clockTimer = setInterval(() => void readNetwork(signal).catch(() => undefined), CLOCK_EVERY_MS);
    },
    stop() {
      running?.abort();
      fetching?.abort();
      stream?.close();
      clearTimeout(retryTimer);
      clearInterval(clockTimer);
    },
  };
}

function boundsOf(state: LiveState): Bounds {
  const slotsPerEpoch = state.network?.slots_per_epoch ?? 32;
  return {
    slots: (GRID_EPOCHS + 1) * slotsPerEpoch,
    nodeSlots: STRIP_SLOTS + 2,
    votes: (GRID_EPOCHS + 1) * slotsPerEpoch,
    // Some slots have two blocks.
    blocks: (GRID_EPOCHS + 2) * slotsPerEpoch,
    epochs: GRID_EPOCHS + 1,
    reorgs: MOST_INCIDENTS,
    gaps: MOST_INCIDENTS,
    alerts: MOST_ALERTS,
  };
}

function phaseOf(error: unknown): Phase {
  const sentence = error instanceof Error ? error.message : "The monitor's answer could not be read.";
  const answered = error instanceof ApiFault && error.status !== 0 && error.retry;
  return { kind: answered ? "waiting" : "failed", sentence };
}
