import { randomBytes } from "node:crypto";
import { createBacktests } from "../alert/backtest/backtests.ts";
import { createAlertDesk } from "../alert/desk/alert-desk.ts";
import { createExecute } from "../alert/desk/execute.ts";
import { createRuleBook } from "../alert/desk/rule-book.ts";
import { createSilenceBook } from "../alert/desk/silence-book.ts";
import type { AlertDesk, ChannelView } from "../alert/desk.ts";
import { alertDocument, type Decision } from "../alert/engine/decisions.ts";
import { type AlertEngine, createAlertEngine } from "../alert/engine/engine.ts";
import { lifeOf } from "../alert/engine/findings.ts";
import { routedAction } from "../alert/engine/telling-actions.ts";
import type { AlertSettings } from "../alert/schema.ts";
import { readLink } from "../alert/send/links.ts";
import { openSending } from "../alert/send/sending.ts";
import { compileAction } from "../alert/watch/compile-action.ts";
import { parseWatch } from "../alert/watch/parse-watch.ts";
import type { Watch } from "../alert/watch.ts";
import type { Chain } from "../chain/chain.ts";
import { type AlertRecord, type DeliveryRecord, SEVERITIES } from "../events/alert-records.ts";
import { catalogue } from "../events/catalogue.ts";
import { type Document, isBlock, type Storable } from "../events/document.ts";
import type { ForeignSink } from "../events/foreign.ts";
import type { Broadcaster } from "../lib/broadcast.ts";
import type { Clock } from "../lib/clock.ts";
import { Fault, messageOf } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/sleep.ts";
import type { MeasureUpdate } from "../measure/measure-update.ts";
import type { AlertLinks } from "../serve/alert-links/link-port.ts";
import { createSavedObjects } from "../serve/dashboards/saved-objects.ts";
import type { AlertTallies } from "../serve/metric-definitions.ts";
import type { LiveItem } from "../serve/source.ts";
import type { Store } from "../store/store.ts";
import { createAlertKeeper } from "./alert-keeper.ts";
import { alertShelf } from "./alert-shelf.ts";
import { documentOfUpdate } from "./coalescer.ts";
import { type KeptAlerts, readKeptAlerts, readNewest } from "./kept-alerts.ts";
import { watchPorts } from "./watch-ports.ts";

/** The rules of a running program: fed with what the pipeline gives, asked by API and screens. */
export type RunningAlerts = {
  /** What is new or changed. Never waits. */
  observe(documents: readonly Storable[], updates: readonly MeasureUpdate[]): void;
  /** What an earlier run measured: known, and told to nobody. */
  prime(updates: readonly MeasureUpdate[]): void;
  /** Undefined until what earlier runs left is read. */
  desk(): AlertDesk | undefined;
  links: AlertLinks;
  channels(): readonly ChannelView[];
  tallies(): AlertTallies;
  /** Messages that are not sent yet stay durable for the next run. */
  close(): Promise<void>;
};

const TICK_MS = 100;
/** What comes before the rules are there waits, so many documents. */
const MOST_WAITING = 20_000;
/** Alerts that are over get the outcome of their last messages, too: so many are remembered for it. */
const MOST_OVER = 1_000;

/**
 * Opens what sends, and takes up the rules as soon as the store can be read; what comes until then waits. Throws what
 * `openSending` throws.
 */
export async function startAlerts(deps: {
  chain: Chain;
  nodes: readonly string[];
  settings: AlertSettings | undefined;
  dataDirectory: string;
  store: Store;
  shipped: readonly Watch[];
  /** Takes documents of actions `index`, as `_bulk` does. */
  write: ForeignSink["write"];
  live: Broadcaster<LiveItem>;
  clock: Clock;
  log: Log;
}): Promise<RunningAlerts> {
  const { chain, nodes, settings, dataDirectory, store, shipped, write, live, clock, log } = deps;
  const ending = new AbortController();
  const { signal } = ending;
  const nowMs = () => clock.nowUs() / 1000;
  const keeper = createAlertKeeper({ store, log });
  const ports = watchPorts(store, signal);
  const over = new Map<string, AlertRecord>();
  let isRunning = true;
  let desk: AlertDesk | undefined;
  let waiting: Document[] = [];
  let missed = 0;

  const sending = await openSending({
    settings,
    dataDirectory,
    store,
    write,
    network: chain.network,
    compile: compileAction,
    watchSource: (id) => engine.get(id)?.watch.source,
    onOutcome: noteOutcome,
    clock,
    log,
    signal,
  });
  const { outbox, routes } = sending;
  const saved = createSavedObjects({ store, network: () => chain.network, clock });
  const shelf = alertShelf({ store, saved, network: chain.network });
  const silences = createSilenceBook({ shelf, newId: () => randomBytes(8).toString("hex") });
  const decide = (decision: Decision): void => {
    for (const alert of decision.alerts) tell(alert);
    keeper.keep(decision, outbox.take);
  };
  const engine = createAlertEngine({
    chain,
    nodes,
    datasets: catalogue,
    ports,
    routed: ({ told: _, ...alert }) => routes.matching(alert).map(routedAction),
    silencedBy: silences.covering,
    decide,
    nowMs,
    signal,
  });
  const rules = createRuleBook({
    engine,
    shelf,
    shipped,
    read: parseWatch,
    onUnreadable: (id, error) => log.error({ watch: id, error: messageOf(error) }, "A saved rule could not be read"),
  });
  const backtests = createBacktests({ store, chain, nodes, datasets: catalogue, read: parseWatch, clock });
  const newest = async ({ dataset, count }: { dataset: string; count: number }, within: AbortSignal) => {
    const described = catalogue.find(({ name }) => name === dataset);
    if (described === undefined) throw new Fault("dataset_unknown", `There is no dataset '${dataset}'.`);
    return readNewest({ store, network: chain.network, signal: within }, { dataset: described, count });
  };

  const loaded = load();
  const timer = setInterval(() => {
    if (desk === undefined || !isRunning) return;
    engine.advance();
  }, TICK_MS);
  const sent = loaded.then(() => (signal.aborted ? undefined : sending.run()));

  return {
    observe(documents, updates) {
      if (!isRunning) return;
      // Most of what comes matters to no rule: it is not even made a document.
      const matters = ({ dataset }: { dataset: string }) => desk === undefined || engine.wants(dataset);
      const observed: Document[] = [];
      for (const one of documents) if (!isBlock(one) && matters(one)) observed.push(one);
      for (const update of updates) if (matters(update)) observed.push(documentOfUpdate(chain, update));
      if (observed.length === 0) return;
      if (desk !== undefined) engine.observe(observed);
      else if (waiting.length + observed.length <= MOST_WAITING) waiting.push(...observed);
      else missed += observed.length;
    },
    prime(updates) {
      const documents = updates.map((update) => documentOfUpdate(chain, update));
      void loaded.then(() => engine.prime(documents));
    },
    desk: () => desk,
    links: {
      read: (token) => readLink({ key: sending.linkKey, token, nowMs: nowMs() }),
      unsubscribe: (entry) => sending.unsubscribed.add(entry),
    },
    channels: () => outbox.state().channels,
    tallies: () => talliesOf(engine, outbox.state().channels),
    async close() {
      clearInterval(timer);
      await Promise.race([engine.idle(), sleep(1_000)]);
      ending.abort(new Fault("closing", "The program ends."));
      await loaded;
      await sent;
      await keeper.idle();
    },
  };

  async function load(): Promise<void> {
    const kept = await untilRead();
    if (kept === undefined) return;
    await rules.load({ states: kept.states, signal });
    await silences.load(signal);
    engine.book.restore(kept.alerts, (id) => {
      const watch = engine.get(id)?.watch;
      return watch === undefined ? undefined : lifeOf(watch);
    });
    await fillWindows();
    desk = createAlertDesk({
      engine,
      rules,
      silences,
      execute: createExecute({
        read: parseWatch,
        kept: (id) => {
          rules.get(id);
          const found = engine.get(id);
          if (found === undefined) throw new Fault("watch_unknown", `There is no watch '${id}'.`);
          return found;
        },
        newest: async (asked, within) => (await newest(asked, within)).map(({ source }) => source),
        ports,
        decide,
        nowMs,
      }),
      backtest: (asked, within) => backtests(asked, AbortSignal.any([within, signal])),
      channels: () => outbox.state().channels,
      running: {
        get: () => isRunning,
        set: (running) => {
          isRunning = running;
        },
      },
      decide,
      settled: async (within) => {
        await keeper.idle();
        await store.settled(within);
      },
      nowMs,
    });
    log.info({ rules: engine.watches().length, alerts: kept.alerts.length, missed }, "The rules were taken up");
    const early = waiting;
    waiting = [];
    engine.observe(early.filter(({ dataset }) => engine.wants(dataset)));
  }

  /** A store that cannot answer yet is asked again; undefined when the program ends first. */
  async function untilRead(): Promise<KeptAlerts | undefined> {
    for (let tries = 0; !signal.aborted; tries += 1) {
      try {
        await store.settled(signal);
        return await readKeptAlerts({ store, network: chain.network, signal });
      } catch (error) {
        if (signal.aborted) return undefined;
        if (tries === 0) log.warn({ error: messageOf(error) }, "What is kept of alerts could not be read yet");
        await sleep(1_000, signal);
      }
    }
    return undefined;
  }

  /** A window that begins empty would say of the first slots what is true of few. */
  async function fillWindows(): Promise<void> {
    for (const { watch, window } of engine.watches()) {
      const { trigger } = watch;
      if (window === undefined || trigger.kind !== "stream") continue;
      try {
        for (const { id, source } of await newest({ dataset: trigger.dataset, count: trigger.last }, signal)) {
          if (!trigger.takes(source)) continue;
          window.put({ id, timestampUs: Math.round(Date.parse(String(source["@timestamp"])) * 1000), source });
        }
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ watch: watch.id, error: messageOf(error) }, "A rule began without what was stored before");
      }
    }
  }

  function tell(alert: AlertRecord): void {
    if (alert.state === "over") {
      over.set(alert.id, alert);
      if (over.size > MOST_OVER) over.delete(over.keys().next().value ?? "");
    }
    live.publish({ event: "alert", data: alert });
  }

  /** What became of a message stands in its alert, too. */
  function noteOutcome(record: DeliveryRecord): void {
    const { alert: id, action, stage, decided_ms, status, done_ms, reason } = record;
    if (id === null || status === "pending") return;
    const change = (alert: AlertRecord): AlertRecord => ({
      ...alert,
      told: alert.told.map((told) =>
        told.action === action && told.stage === stage && told.at_ms === decided_ms
          ? { ...told, status, delivered_ms: done_ms ?? undefined, reason: reason ?? undefined }
          : told,
      ),
    });
    const ended = over.get(id);
    const changed = ended === undefined ? engine.book.update(id, change) : change(ended);
    if (changed === undefined) return;
    keeper.put(alertDocument(changed));
    tell(changed);
  }
}

function talliesOf(engine: AlertEngine, channels: readonly ChannelView[]): AlertTallies {
  const watches = engine.watches();
  const bySeverity = Map.groupBy(engine.book.open(), ({ severity }) => severity);
  return {
    rules: watches.length,
    checks: watches.reduce((sum, { checks }) => sum + checks, 0),
    leftOut: watches.reduce((sum, { leftOut }) => sum + leftOut, 0),
    open: SEVERITIES.map((severity) => ({ severity, count: bySeverity.get(severity)?.length ?? 0 })),
    channels: channels.map(({ name, delivered, failed, waiting }) => ({ channel: name, delivered, failed, waiting })),
  };
}
