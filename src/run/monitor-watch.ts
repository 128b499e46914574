import type { Document } from "../events/document.ts";
import { type MonitorPart, type MonitorRecord, monitorDataset } from "../events/monitor.ts";
import { documentOf } from "../events/record.ts";
import type { Clock } from "../lib/clock.ts";
import type { QueueCounts } from "../lib/queue.ts";
import { sleep } from "../lib/sleep.ts";
import type { StoreState } from "../store/store.ts";

/** What is counted since the start of the program, read from its owners. */
export type MonitorTallies = {
  nodes: readonly { name: string; state: string; reconnects: number; last_event_ms: number | null }[];
  topics: readonly { node: string; events: number; bytes: number }[];
  queues: readonly { queue: string; counts: QueueCounts }[];
  quarantined: number;
  store: StoreState;
  loopDelayP99Ms: number;
  usage: { rssBytes: number; cpuUs: number };
};

export type MonitorWatch = {
  /** Hands on each look as documents. */
  onDocument(take: (document: Document) => void): void;
  stopped: Promise<void>;
};

/** As often as Metricbeat tells of slow things; a day is 2880 looks. */
const EVERY_MS = 30_000;

/** Looks every half minute at how the monitor itself fares. */
export function watchMonitor(options: {
  read(): MonitorTallies;
  clock: Clock;
  signal: AbortSignal;
  everyMs?: number;
}): MonitorWatch {
  const { read, clock, signal, everyMs = EVERY_MS } = options;
  const records = createMonitorRecords(read(), clock.monoUs() / 1000);
  let take: (document: Document) => void = () => undefined;

  const run = async () => {
    for (;;) {
      await sleep(everyMs, signal);
      if (signal.aborted) return;
      const timestampUs = clock.nowUs();
      for (const record of records.since({
        tallies: read(),
        nowMs: timestampUs / 1000,
        monoMs: clock.monoUs() / 1000,
      })) {
        take(documentOf({ dataset: monitorDataset, record, timestampUs }));
      }
    }
  };

  return {
    onDocument(taker) {
      take = taker;
    },
    stopped: run(),
  };
}

/** The records of one look after another; counts are those since the look before. */
function createMonitorRecords(first: MonitorTallies, firstMs: number) {
  let before = first;
  let beforeMs = firstMs;

  return {
    since({ tallies, nowMs, monoMs }: { tallies: MonitorTallies; nowMs: number; monoMs: number }): MonitorRecord[] {
      const spanMs = Math.max(1, monoMs - beforeMs);
      const of = (part: MonitorPart) => ({ part, span_ms: spanMs });
      const perSecond = (count: number) => (count * 1000) / spanMs;
      const [now, then] = [byNode(tallies.topics), byNode(before.topics)];
      const nodes = tallies.nodes.map((node): MonitorRecord => {
        const told = grown(now.get(node.name), then.get(node.name));
        const reconnects = before.nodes.find(({ name }) => name === node.name)?.reconnects ?? 0;
        return {
          ...of("node"),
          node: node.name,
          state: node.state,
          ...told,
          events_per_s: perSecond(told.events),
          silent_ms: node.last_event_ms === null ? null : Math.max(0, nowMs - node.last_event_ms),
          reconnects: Math.max(0, node.reconnects - reconnects),
        };
      });
      const queues = tallies.queues.map(({ queue, counts: { size, limit, pushed, dropped } }): MonitorRecord => {
        const earlier = before.queues.find((one) => one.queue === queue)?.counts;
        return {
          ...of("queue"),
          queue,
          items: size,
          limit,
          fullness: size / limit,
          pushed: pushed - (earlier?.pushed ?? 0),
          dropped: dropped - (earlier?.dropped ?? 0),
        };
      });
      const { store, usage } = tallies;
      const events = nodes.reduce((sum, node) => sum + (node.events ?? 0), 0);
      const program: MonitorRecord = {
        ...of("program"),
        events,
        bytes: nodes.reduce((sum, node) => sum + (node.bytes ?? 0), 0),
        events_per_s: perSecond(events),
        dropped: Math.max(0, store.dropped - before.store.dropped),
        quarantined: tallies.quarantined - before.quarantined,
        unsearchable: Math.max(0, store.journaled - store.loaded),
        unjournaled: store.queued,
        rows: store.rows,
        disk_bytes: diskBytes(store),
        rss_bytes: usage.rssBytes,
        cpu_share: (usage.cpuUs - before.usage.cpuUs) / 1000 / spanMs,
        loop_delay_p99_ms: tallies.loopDelayP99Ms,
      };
      before = tallies;
      beforeMs = monoMs;
      return [program, ...nodes, ...queues];
    },
  };
}

type Told = { events: number; bytes: number };

function byNode(topics: MonitorTallies["topics"]): Map<string, Told> {
  const sums = new Map<string, Told>();
  for (const { node, events, bytes } of topics) {
    const sum = sums.get(node) ?? { events: 0, bytes: 0 };
    sums.set(node, { events: sum.events + events, bytes: sum.bytes + bytes });
  }
  return sums;
}

function grown(now: Told = { events: 0, bytes: 0 }, then: Told = { events: 0, bytes: 0 }): Told {
  return { events: now.events - then.events, bytes: now.bytes - then.bytes };
}

function diskBytes({ retention }: StoreState): number | null {
  const disk = retention?.last?.disk;
  return disk === undefined ? null : disk.database + disk.wal + disk.journal;
}
