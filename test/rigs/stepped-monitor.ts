import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createCollector } from "../../src/collect/collector.ts";
import type { NodeStatus } from "../../src/collect/node-status.ts";
import { createBroadcaster } from "../../src/lib/broadcast.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { createLog } from "../../src/lib/log.ts";
import { watchClock } from "../../src/run/clock-watch.ts";
import { createIntake } from "../../src/run/intake.ts";
import { createFactsBook } from "../../src/run/node-facts.ts";
import { startWatch, type Watch } from "../../src/run/watch.ts";
import type { LiveItem } from "../../src/serve/source.ts";
import { until } from "./until.ts";

/**
 * Collector, pipeline and store over real sockets and a real disk, by a clock that stands still until the test moves it:
 * what a node sends is stamped with the moment that the test has set, so that hours pass in seconds.
 */
export type SteppedMonitor = {
  directory: string;
  nodes(): readonly NodeStatus[];
  node(name: string): NodeStatus;
  nowUs(): number;
  /** Time passes until this moment, by both clocks. */
  passTo(atUs: number): void;
  /** The machine's clock is set: by the monotonic clock no time passes. */
  setBy(stepUs: number): void;
  /** Sends, and waits until so many more records of a node were received and went through the pipeline. */
  receive(name: string, records: number, send: () => void): Promise<void>;
  /** Sends, and waits until so many more bytes of a node's stream were received. */
  receiveBytes(name: string, bytes: number, send: () => void): Promise<void>;
  /** Waits until all that was received went through the pipeline, and the headers that it wanted came. */
  settled(): Promise<void>;
  /** What was told live since the start. */
  live: readonly LiveItem[];
  log: readonly string[];
  /** Stops in order; what was watched is in the store. */
  stop(): Promise<void>;
  remove(): Promise<void>;
};

const QUICK = { firstMs: 5, maxMs: 20 };
const FOREVER = Number.MAX_SAFE_INTEGER;

/** Starts and waits until every node streams. */
export async function startSteppedMonitor(input: {
  nodes: readonly { name: string; url: string }[];
  topics: readonly string[];
  nowUs: number;
  directory?: string;
}): Promise<SteppedMonitor> {
  const directory = input.directory ?? (await mkdtemp(join(tmpdir(), "ethmon-stepped-")));
  const ending = new AbortController();
  const { signal } = ending;
  let wallUs = input.nowUs;
  let monoUs = 0;
  const clock: Clock = { nowUs: () => wallUs, monoUs: () => monoUs };
  const lines: string[] = [];
  const log = createLog({
    level: "info",
    stream: new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    }),
  });
  const live = createBroadcaster<LiveItem>();
  const told: LiveItem[] = [];
  const subscription = live.subscribe(FOREVER);
  const listening = (async () => {
    for await (const item of subscription.queue) told.push(item);
  })();
  const intake = createIntake(clock);
  const heard = new Map<string, number>();
  const clockWatch = watchClock({ servers: [], clock, log, signal, limits: { stepCheckMs: 5 } });
  const opened = Promise.withResolvers<Watch>();
  const collector = createCollector({
    nodes: input.nodes,
    topics: input.topics,
    clock,
    log,
    emit(envelope) {
      intake.emit(envelope);
      if (envelope.kind === "event") heard.set(envelope.node, (heard.get(envelope.node) ?? 0) + 1);
    },
    startMs: QUICK,
    streamLimits: { failedMs: QUICK, deliveredMs: QUICK },
    async onChain(chain) {
      const watch = startWatch({
        chain,
        directory,
        retention: { votesMs: FOREVER, rawMs: FOREVER, diskBytes: FOREVER },
        nodes: input.nodes.map(({ name }) => name),
        intake,
        facts: createFactsBook(),
        live,
        requestBlock: (block) => collector.requestBlock(block),
        clock,
        log,
        signal,
      });
      watch.then(opened.resolve, opened.reject);
      await watch;
    },
  });
  await collector.started;
  const watch = await opened.promise;
  const nodes = () => collector.nodes();
  await until("every node streams", () => nodes().every(({ state }) => state === "streaming"));

  const node = (name: string): NodeStatus => {
    const found = nodes().find((status) => status.name === name);
    if (found === undefined) throw new Error(`There is no node ${name}.`);
    return found;
  };
  const isAsking = () => Object.values(collector.requests() ?? {}).some(({ waiting }) => waiting > 0);
  const turnsUntil = async (what: string, holds: () => boolean) => {
    for (let turn = 0; turn < 1000; turn += 1) {
      if (holds()) return;
      await nextTurn();
    }
    await until(what, holds);
  };
  const settled = () => turnsUntil("what was received went through", () => intake.counts().size === 0 && !isAsking());

  return {
    directory,
    nodes,
    node,
    nowUs: () => wallUs,
    passTo(atUs) {
      if (atUs < wallUs) throw new Error(`Time does not pass backwards, from ${wallUs} to ${atUs}.`);
      monoUs += atUs - wallUs;
      wallUs = atUs;
    },
    setBy(stepUs) {
      wallUs += stepUs;
    },
    async receive(name, records, send) {
      const wanted = (heard.get(name) ?? 0) + records;
      send();
      await turnsUntil(`${name} was heard`, () => (heard.get(name) ?? 0) >= wanted);
      await settled();
    },
    async receiveBytes(name, bytes, send) {
      const wanted = node(name).bytes + bytes;
      send();
      await turnsUntil(`${name} was heard in part`, () => node(name).bytes >= wanted);
    },
    settled,
    live: told,
    log: lines,
    async stop() {
      collector.stop();
      await collector.stopped;
      intake.close();
      await watch.done;
      ending.abort();
      await clockWatch.stopped;
      await watch.store.close();
      subscription.close();
      await listening;
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
