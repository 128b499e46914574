import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readWatchFiles } from "./alert/shipped.ts";
import type { ValidatorLabels } from "./chain/validator-labels.ts";
import { createCollector } from "./collect/collector.ts";
import { defaultDataDirectory } from "./config/load.ts";
import { limitsOf } from "./config/retention-limits.ts";
import type { Config } from "./config/schema.ts";
import { topicDatasets } from "./events/catalogue.ts";
import { createBroadcaster } from "./lib/broadcast.ts";
import type { Clock } from "./lib/clock.ts";
import { Fault } from "./lib/fault.ts";
import type { Log } from "./lib/log.ts";
import { once } from "./lib/once.ts";
import { startAlerts } from "./run/alerts.ts";
import { watchClock } from "./run/clock-watch.ts";
import { createDoctor } from "./run/doctor.ts";
import { healthOf, watchLoopDelay } from "./run/health.ts";
import { createIntake } from "./run/intake.ts";
import { readLabelFile } from "./run/label-file.ts";
import { watchMonitor } from "./run/monitor-watch.ts";
import { createFactsBook } from "./run/node-facts.ts";
import { openServers } from "./run/open-servers.ts";
import { type ForeignRoom, type Others, openForeignRoom, openOthers } from "./run/others.ts";
import { createRecordingWriter } from "./run/recording-writer.ts";
import { servedDesk } from "./run/served-desk.ts";
import { servedStore } from "./run/served-store.ts";
import { tellNodes } from "./run/tell-nodes.ts";
import { networkView, nodeView } from "./run/views.ts";
import { startWatch, type Watch } from "./run/watch.ts";
import { createMetrics } from "./serve/metrics.ts";
import type { LiveItem, Source } from "./serve/source.ts";
import { startDemo } from "./simulate/demo.ts";

export type App = {
  url: string;
  /** What the user is told on the terminal. */
  greeting: string;
  /** Settles when everything has ended in order; rejects with what made it impossible to go on. */
  stopped: Promise<void>;
};

const LOOP_DELAY_EVERY_MS = 10_000;

/**
 * The program: nodes (or the demo's) -> collect -> enrich -> measure -> store and live readers, served over HTTP.
 * Runs until `signal` aborts. Throws what can only be wrong at the start: a port or a data directory in use, nodes of
 * two networks, a wrong address.
 */
export async function startApp(input: {
  config: Config;
  /** Where to record what the nodes say. */
  recordingDirectory?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  packageDirectory: string;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}): Promise<App> {
  const { config, env, packageDirectory, clock, log } = input;
  const ending = new AbortController();
  const signal = AbortSignal.any([input.signal, ending.signal]);
  const startedMs = clock.nowUs() / 1000;
  const undo: (() => Promise<unknown>)[] = [];
  const undoAll = async () => {
    ending.abort();
    for (const step of undo.reverse()) await step();
  };

  try {
    const isDemo = config.nodes.length === 0;
    if (isDemo && config.store.elasticsearch !== undefined) {
      throw new Fault("config_invalid", "The recording is never stored in a cluster: --store needs a --node to watch.");
    }
    const demo = isDemo ? await openDemo() : undefined;
    const nodes = demo?.nodes ?? config.nodes;
    const labels = (await ownLabels(config)) ?? demo?.labels;
    const directory = isDemo ? await temporaryDirectory() : (config.data_directory ?? defaultDataDirectory(env));

    const live = createBroadcaster<LiveItem>();
    const facts = createFactsBook();
    const intake = createIntake(clock);
    const loopDelay = watchLoopDelay(LOOP_DELAY_EVERY_MS);
    undo.push(async () => loopDelay.close());
    // The demo's nodes live on this machine's clock: there is nothing to compare it with.
    const clockWatch = watchClock({ servers: isDemo ? [] : config.clock.ntp_servers, clock, log, signal });
    undo.push(() => clockWatch.stopped);
    const doctor = createDoctor({ nodes, clock, log, signal });
    undo.push(doctor.idle);

    const { recordingDirectory } = input;
    const recording =
      recordingDirectory === undefined
        ? undefined
        : await createRecordingWriter({ directory: recordingDirectory, log });
    undo.push(async () => recording?.close());

    const rules = readWatchFiles(join(packageDirectory, "watches"));
    let room = (): Promise<ForeignRoom> =>
      Promise.reject(new Fault("store_unavailable", "No node has told its network yet."));
    let watch: Watch | undefined;
    let others: Others | undefined;
    let opening: Promise<void> | undefined;
    const failed = Promise.withResolvers<never>();
    const listening = Promise.withResolvers<string>();

    const collector = createCollector({
      nodes,
      topics: topicDatasets.map(({ topic }) => topic),
      clock,
      log,
      emit: intake.emit,
      signal,
      // A recording holds the texts.
      gatherVotes: recording === undefined,
      // The demo's nodes answer neither: they were not recorded.
      syncCommittees: labels !== undefined && !isDemo,
      validatorSet: {
        everyEpochs: isDemo ? 0 : config.validators.set_every_epochs,
        pubkeys: new Set(labels?.pubkeys.keys()),
      },
      onChain(chain, spec) {
        log.info({ network: chain.network, root: chain.genesisValidatorsRoot }, "The network was learned");
        const names = collector.nodes().map(({ name }) => name);
        recording?.begin({ chain, spec, nodes: names });
        const started = startWatch({
          chain,
          directory,
          cluster: config.store.elasticsearch,
          retention: limitsOf(config.retention),
          nodes: names,
          labels,
          intake,
          facts,
          live,
          requestBlock: collector.requestBlock,
          recording,
          openAlerts: ({ chain: named, store }) => {
            room = once(() => openForeignRoom({ config, names, directory, store, chain: named, clock, log }));
            return startAlerts({
              chain: named,
              nodes: names,
              settings: config.alerts,
              dataDirectory: directory,
              store,
              shipped: rules,
              write: async (items) => (await room()).sink.write(items),
              live,
              clock,
              log,
            });
          },
          clock,
          log,
          signal,
        });
        opening = started.then(async (begun) => {
          watch = begun;
          clockWatch.onDocument(begun.keep);
          monitorWatch.onDocument(begun.keep);
          const desk = servedDesk(() => begun.alerts?.desk());
          others = await openOthers({
            config,
            room,
            desk,
            directory,
            store: begun.store,
            chain: begun.chain,
            clock,
            log,
          });
          return watch.store.setUrl(await listening.promise);
        });
        opening.catch(failed.reject);
        return started.then(() => undefined);
      },
    });

    const views = () => collector.nodes().map((status) => nodeView(status, facts.of(status.name)));
    const source: Source = {
      network: () => watch && networkView({ chain: watch.chain, demo: isDemo, nowUs: clock.nowUs() }),
      nodes: views,
      labels: () => labels?.groups,
      health: () =>
        healthOf({
          startedMs,
          nodes: views(),
          store: watch?.store.state(),
          droppedEnvelopes: intake.counts().dropped,
          quarantined: facts.quarantined,
          loopDelayMs: loopDelay.read(),
          clock: clockWatch.view(),
          channels: watch?.alerts?.channels(),
        }),
      check: doctor.told,
      beginCheck: doctor.begin,
    };
    const store = servedStore({
      opened: () => watch?.store,
      hasSql: config.store.elasticsearch === undefined,
    });
    const tallies = () => ({
      topics: facts.topics(),
      gaps: facts.gaps(),
      votes: watch?.voteCounts(),
      alerts: watch?.alerts?.tallies(),
      queues: [
        { queue: "intake", counts: intake.counts() },
        ...Object.entries(collector.requests() ?? {}).map(([part, counts]) => ({ queue: `${part}_requests`, counts })),
      ],
    });
    const monitorWatch = watchMonitor({
      read: () => ({
        ...tallies(),
        nodes: views(),
        quarantined: facts.quarantined,
        store: store.state(),
        loopDelayP99Ms: loopDelay.read().p99,
        usage: usageOfProcess(),
      }),
      clock,
      signal,
    });
    undo.push(() => monitorWatch.stopped);
    const servers = await openServers({
      config,
      packageDirectory,
      dataDirectory: directory,
      store,
      source,
      desk: () => watch?.alerts?.desk(),
      links: () => watch?.alerts?.links,
      live,
      metrics: createMetrics({ source, store, tallies }),
      clock,
      log,
    });
    const { url } = servers;
    listening.resolve(url);
    undo.push(servers.close);
    undo.push(tellNodes({ source, live }));
    // Sources first, then what is on its way, then the store: an orderly stop loses nothing.
    undo.push(async () => {
      collector.stop();
      await collector.stopped;
      intake.close();
      await opening?.catch(() => undefined);
      await others?.close();
      await watch?.done;
      await watch?.store.close();
    });

    // With a node there is a store to open, which another program may hold; without one there is none yet.
    await Promise.race([collector.started.then(() => opening), failed.promise]);
    const open = servers.publicUrl === undefined ? [] : [`Public dashboards: ${servers.publicUrl}`];
    const greeting = [greetingOf(url, isDemo), ...open, ...(others?.lines ?? [])].join("\n");
    return { url, greeting, stopped: untilAborted().finally(undoAll) };

    async function untilAborted(): Promise<void> {
      const aborted = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => aborted.resolve(), { once: true });
      if (signal.aborted) aborted.resolve();
      await Promise.race([aborted.promise, failed.promise]);
    }
  } catch (error) {
    await undoAll();
    throw error;
  }

  async function openDemo() {
    const recordingDirectory = join(packageDirectory, "demo", "devnet3-fulu-faults");
    const demo = await startDemo({ recordingDirectory, clock, log, signal });
    undo.push(demo.close);
    return demo;
  }

  async function temporaryDirectory(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "ethmon-demo-"));
    undo.push(() => rm(directory, { recursive: true, force: true }));
    return directory;
  }
}

function usageOfProcess(): { rssBytes: number; cpuUs: number } {
  const { user, system } = process.cpuUsage();
  return { rssBytes: process.memoryUsage.rss(), cpuUs: user + system };
}

/** The labels of the configuration. Throws what `readLabelFile` throws, and `config_invalid` for keys without a set. */
async function ownLabels({ validators }: Config): Promise<ValidatorLabels | undefined> {
  if (validators.labels === undefined) return undefined;
  const labels = await readLabelFile(validators.labels);
  if (labels.pubkeys.size === 0 || validators.set_every_epochs > 0) return labels;
  throw new Fault(
    "config_invalid",
    `${validators.labels} labels public keys, whose indices stand in the validator set: validators.set_every_epochs must not be 0.`,
  );
}

function greetingOf(url: string, isDemo: boolean): string {
  const watched = isDemo
    ? "a recording, since no node was given (npm start -- --node URL watches yours)"
    : "your nodes";
  return `Ethereum Monitor watches ${watched}.\nOpen ${url}`;
}
