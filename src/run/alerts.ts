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
import { usOfIso } from "../events/record.ts";
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
import { readAlert, readKeptAlerts, readNewest, SERVICE, serviceDocument } from "./kept-alerts.ts";
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
/** Of what waited so much is judged in one go. */
const EARLY_AT_ONCE = 200;
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
  const keeper = createAlertKeeper({ store, log, signal });
  const ports = watchPorts(store, signal);
  const over = new Map<string, AlertRecord>();
  let isRunning = true;
  let desk: AlertDesk | undefined;
  let waiting: Document[] = [];
  const primed: Document[] = [];
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
    fill: fillWindow,
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
      // Most of what comes matters to no rule: it is not even made a document.
      const matters = ({ dataset }: { dataset: string }) => desk === undefined || engine.wants(dataset);
      const observed: Document[] = [];
      for (const one of documents) if (!isBlock(one) && matters(one)) observed.push(one);
      for (const update of updates) if (matters(update)) observed.push(documentOfUpdate(chain, update));
      if (observed.length === 0) return;
      if (desk !== undefined) take(observed);
      else if (waiting.length + observed.length <= MOST_WAITING) waiting.push(...observed);
      else missed += observed.length;
    },
    prime(updates) {
      primed.push(...updates.map((update) => documentOfUpdate(chain, update)));
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
      // What goes on is known to the next run as it stood.
      for (const alert of engine.book.open()) keeper.put(alertDocument(alert));
      ending.abort(new Fault("closing", "The program ends."));
      await loaded;
      await sent;
      await keeper.idle();
    },
  };

  /** While the rules are stopped what they rest on is noted all the same. */
  function take(documents: readonly Document[]): void {
    if (isRunning) engine.observe(documents);
    else engine.note(documents);
  }

  /** Takes up what is kept as soon as the store can be read; whatever fails is tried again until the program ends. */
  async function load(): Promise<void> {
    for (let tries = 0; !signal.aborted; tries += 1) {
      try {
        await takeUp();
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (tries === 0) log.warn({ error: messageOf(error) }, "What is kept of alerts could not be read yet");
        await sleep(1_000, signal);
      }
    }
  }

  async function takeUp(): Promise<void> {
    await store.settled(signal);
    const kept = await readKeptAlerts({ store, network: chain.network, signal });
    isRunning = kept.states.get(SERVICE)?.active ?? true;
    await rules.load({ states: kept.states, signal });
    await silences.load(signal);
    for (const { watch } of engine.watches()) await fillWindow(watch.id, signal);
    engine.book.restore(kept.alerts, (id) => {
      const watch = engine.get(id)?.watch;
      return watch === undefined ? undefined : lifeOf(watch);
    });
    const orphaned = kept.alerts.filter(({ rule }) => engine.get(rule) === undefined);
    for (const alert of orphaned) {
      const ended = { ...alert, state: "over" as const, until_ms: alert.last_ms };
      decide({ documents: [alertDocument(ended)], deliveries: [], alerts: [ended] });
    }
    // What an earlier run judged is known before what came meanwhile is judged.
    engine.prime(primed.splice(0));
    desk = makeDesk();
    log.info(
      { rules: engine.watches().length, alerts: kept.alerts.length - orphaned.length, missed },
      "The rules were taken up",
    );
    const early = waiting.filter(({ dataset }) => engine.wants(dataset));
    waiting = [];
    for (let from = 0; from < early.length; from += EARLY_AT_ONCE) {
      take(early.slice(from, from + EARLY_AT_ONCE));
      await engine.idle();
    }
  }

  function makeDesk(): AlertDesk {
    const execute = createExecute({
      read: parseWatch,
      kept: rules.get,
      newest: async (asked, within) => (await newest(asked, within)).map(({ source }) => source),
      ports,
      decide,
      nowMs,
    });
    return createAlertDesk({
      engine,
      rules,
      silences,
      execute,
      backtest: (asked, within) => backtests(asked, AbortSignal.any([within, signal])),
      channels: () => outbox.state().channels,
      running: {
        get: () => isRunning,
        set(running) {
          isRunning = running;
          keeper.put(serviceDocument(running, nowMs()));
        },
      },
      decide,
      settled: async (within) => {
        await keeper.idle();
        await store.settled(within);
      },
      nowMs,
    });
  }

  /** A window that begins empty would say of the first slots what is true of few. */
  async function fillWindow(id: string, within: AbortSignal): Promise<void> {
    const kept = engine.get(id);
    if (kept?.window === undefined || kept.window.sources().length > 0) return;
    const { trigger } = kept.watch;
    if (trigger.kind !== "stream") return;
    for (const { id: document, source } of await newest({ dataset: trigger.dataset, count: trigger.last }, within)) {
      if (!trigger.takes(source)) continue;
      kept.window.put({ id: document, timestampUs: usOfIso(String(source["@timestamp"])), source });
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
    const { alert: id, status } = record;
    if (id === null || status === "pending") return;
    const change = (alert: AlertRecord) => withOutcome(alert, record);
    const put = (changed: AlertRecord) => {
      keeper.put(alertDocument(changed));
      tell(changed);
    };
    const ended = over.get(id);
    const changed = ended === undefined ? engine.book.update(id, change) : change(ended);
    if (changed !== undefined) {
      put(changed);
      return;
    }
    // It was over before this run began.
    void readAlert({ store, network: chain.network, signal }, id).then(
      (alert) => alert === undefined || put(change(alert)),
      (error: unknown) => {
        if (!signal.aborted) log.warn({ alert: id, error: messageOf(error) }, "The outcome of a message was not noted");
      },
    );
  }
}

function withOutcome(alert: AlertRecord, { id, status, done_ms, reason }: DeliveryRecord): AlertRecord {
  const outcome = { status, delivered_ms: done_ms ?? undefined, reason: reason ?? undefined };
  return { ...alert, told: alert.told.map((told) => (told.delivery === id ? { ...told, ...outcome } : told)) };
}

function talliesOf(engine: AlertEngine, channels: readonly ChannelView[]): AlertTallies {
  const bySeverity = Map.groupBy(engine.book.open(), ({ severity }) => severity);
  return {
    rules: engine.watches().length,
    ...engine.counts(),
    open: SEVERITIES.map((severity) => ({ severity, count: bySeverity.get(severity)?.length ?? 0 })),
    channels: channels.map(({ name, delivered, failed, waiting }) => ({ channel: name, delivered, failed, waiting })),
  };
}
