import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAlertEngine } from "../alert/engine/engine.ts";
import type { Watch, WatchPorts } from "../alert/watch.ts";
import type { Chain } from "../chain/chain.ts";
import type { AlertRecord } from "../events/alert-records.ts";
import { catalogue } from "../events/catalogue.ts";
import { type Document, isBlock, type Storable } from "../events/document.ts";
import { systemClock } from "../lib/clock.ts";
import { compareTexts } from "../lib/compare-texts.ts";
import { Fault } from "../lib/fault.ts";
import { silentLog } from "../lib/log.ts";
import type { ReplayedAlert } from "../measure/report.ts";
import type { Step } from "../pipeline.ts";
import { createEmbeddedStore } from "../store/embedded/embedded-store.ts";
import type { Store } from "../store/store.ts";
import { documentOfUpdate } from "./coalescer.ts";

/** Watches over a replay: what they would have told, and when, by the recording's clock. */
export type ReplayedAlerts = {
  /** The recording's clock stands at `atUs`. */
  setTime(atUs: number): void;
  /** Schedules and what ends by time alone. */
  advance(): Promise<void>;
  take(step: Pick<Step, "documents" | "updates">): Promise<void>;
  alerts(): ReplayedAlert[];
  close(): Promise<void>;
};

const AT_ONCE = 5_000;
/** So many documents wait for a search at most. */
const MOST_WAITING = 100_000;

/**
 * Nobody is told: each message counts as told when it was decided. Searches go to a store of its own below the machine's
 * temporary directory, opened with the first one, which holds what the recording brought so far.
 */
export function createReplayedAlerts(input: {
  chain: Chain;
  nodes: readonly string[];
  watches: readonly Watch[];
  signal: AbortSignal;
}): ReplayedAlerts {
  const { chain, nodes, watches, signal } = input;
  const alerts = new Map<string, AlertRecord>();
  let nowUs = 0;
  const searched = createSearchedStore({ network: chain.network, nowUs: () => nowUs });
  // What is checked by schedule alone searches, but for what asks over HTTP.
  const mayBeSearched = watches.some(({ trigger }) => trigger.kind === "schedule");

  const search: WatchPorts["search"] = async ({ indices, body }) => {
    const store = await searched.open();
    return store.search(indices.join(","), body, { signal, params: { ignoreMissing: true } });
  };
  const engine = createAlertEngine({
    chain,
    nodes,
    datasets: catalogue,
    ports: {
      search,
      fetch: () => Promise.reject(new Fault("http_not_replayed", "A replay asks nobody over HTTP.")),
    },
    decide: (decision) => {
      for (const alert of decision.alerts) alerts.set(alert.id, alert);
    },
    nowMs: () => nowUs / 1000,
    signal,
  });
  let isBegun = false;
  const settle = async (): Promise<void> => {
    if (engine.running() > 0) await engine.idle();
  };

  return {
    setTime(atUs) {
      nowUs = Math.max(nowUs, atUs);
      if (isBegun) return;
      isBegun = true;
      // Schedules count from the recording's first moment.
      for (const watch of watches) engine.set(watch, { active: true, version: 1 });
    },
    async advance() {
      engine.advance();
      await settle();
    },
    async take({ documents, updates }) {
      const derived = updates.map((update) => documentOfUpdate(chain, update));
      if (mayBeSearched) await searched.add(documents, derived);
      const observed = [...documents.filter(isDocument), ...derived].filter(({ dataset }) => engine.wants(dataset));
      if (observed.length === 0) return;
      engine.observe(observed);
      await settle();
    },
    alerts() {
      for (const alert of engine.book.open()) alerts.set(alert.id, alert);
      return [...alerts.values()]
        .sort((a, b) => a.since_ms - b.since_ms || compareTexts(a.rule, b.rule) || compareTexts(a.about, b.about))
        .map(replayed);
    },
    close: searched.close,
  };
}

function isDocument(storable: Storable): storable is Document {
  return !isBlock(storable);
}

function replayed(alert: AlertRecord): ReplayedAlert {
  const { rule, about, state, severity, since_ms, until_ms, slot, nodes, title, told } = alert;
  return {
    rule,
    about,
    state,
    severity,
    since: since_ms,
    until: until_ms,
    slot,
    nodes,
    title,
    told: told.map(({ action, stage, at_ms }) => ({ action, stage, at_ms })),
  };
}

/** A store that is filled only when somebody searches it. */
function createSearchedStore({ network, nowUs }: { network: string; nowUs: () => number }) {
  const { monoUs } = systemClock();
  let appended: Storable[] = [];
  // Of a derived document the newest alone is stored.
  let derived = new Map<string, Document>();
  let opened: Promise<{ store: Store; directory: string }> | undefined;

  const open = async () => {
    const directory = await mkdtemp(join(tmpdir(), "ethmon-replay-"));
    const store = await createEmbeddedStore({
      directory,
      network,
      datasets: catalogue,
      clock: { nowUs, monoUs },
      log: silentLog,
    });
    return { store, directory };
  };

  const fill = async (): Promise<Store> => {
    opened ??= open();
    const { store } = await opened;
    const documents = [...appended, ...derived.values()];
    appended = [];
    derived = new Map();
    for (let from = 0; from < documents.length; from += AT_ONCE) {
      await store.append(documents.slice(from, from + AT_ONCE));
    }
    return store;
  };

  return {
    async add(documents: readonly Storable[], changed: readonly Document[]): Promise<void> {
      for (const document of documents) appended.push(document);
      for (const document of changed) {
        if (document.id === undefined) appended.push(document);
        else derived.set(`${document.dataset}/${document.id}`, document);
      }
      if (appended.length >= MOST_WAITING) await fill();
    },
    async open(): Promise<Store> {
      const store = await fill();
      await store.settled();
      return store;
    },
    async close(): Promise<void> {
      if (opened === undefined) return;
      const { store, directory } = await opened;
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
