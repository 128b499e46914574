import type { Severity } from "../events/alert-records.ts";
import type { GapCause } from "../events/envelope.ts";
import type { QueueCounts } from "../lib/queue.ts";
import type { VoteCounts } from "../measure/votes/vote-book.ts";
import type { Store } from "../store/store.ts";
import type { MeasuredSource } from "./source.ts";
import type { StreamCounts } from "./stream/live-stream.ts";
import type { ClockView, HealthView, NodeState, NodeView } from "./views.ts";

/** What the program has counted since its start, by the labels that the metrics have. */
export type Tallies = {
  topics: readonly { node: string; topic: string; events: number; bytes: number }[];
  gaps: readonly { node: string; cause: GapCause; count: number; seconds: number }[];
  /** Undefined until there is a network. */
  votes: VoteCounts | undefined;
  queues: readonly { queue: string; counts: QueueCounts }[];
  /** Undefined until the rules are taken up. */
  alerts?: AlertTallies | undefined;
};

/** How the rules fare, and those who are told. */
export type AlertTallies = {
  rules: number;
  checks: number;
  /** Checks that were left out, since one of the same rule was under way. */
  leftOut: number;
  open: readonly { severity: Severity; count: number }[];
  channels: readonly { channel: string; delivered: number; failed: number; waiting: number }[];
};

type Row = { labels: Readonly<Record<string, string>>; value: number };

/** A metric whose values are read from their owner at each scrape; the name carries the unit. */
export type MetricDefinition = {
  kind: "counter" | "gauge";
  name: string;
  help: string;
  labels: readonly string[];
  read(): readonly Row[];
};

const NODE_STATES: readonly NodeState[] = ["connecting", "streaming", "down", "refused"];
const HEALTH_STATES: readonly HealthView["status"][] = ["ok", "degraded", "failing"];

/** Every metric that is read when it is scraped: nothing is counted twice, nothing is paid for when nobody looks. */
export function metricDefinitions(deps: {
  source: MeasuredSource;
  store: Pick<Store, "state">;
  tallies: () => Tallies;
  streamCounts: () => StreamCounts;
}): readonly MetricDefinition[] {
  const { source, store, tallies, streamCounts } = deps;

  const single = (read: () => number) => ({ labels: [], read: () => [{ labels: {}, value: read() }] });
  const perNode = (read: (node: NodeView) => number | null) => ({
    labels: ["node"],
    read: () =>
      source.nodes().flatMap((node) => {
        const value = read(node);
        return value === null ? [] : [{ labels: { node: node.name }, value }];
      }),
  });
  const perTopic = (key: "events" | "bytes") => ({
    labels: ["node", "topic"],
    read: () => tallies().topics.map(({ node, topic, ...of }) => ({ labels: { node, topic }, value: of[key] })),
  });
  const perGap = (key: "count" | "seconds") => ({
    labels: ["node", "cause"],
    read: () => tallies().gaps.map(({ node, cause, ...of }) => ({ labels: { node, cause }, value: of[key] })),
  });
  const ofAlerts = (read: (alerts: AlertTallies) => number) => ({
    labels: [],
    read: () => {
      const { alerts } = tallies();
      return alerts === undefined ? [] : [{ labels: {}, value: read(alerts) }];
    },
  });
  const perChannel = (key: "delivered" | "failed" | "waiting") => ({
    labels: ["channel"],
    read: () => {
      // Mails to different people are channels of one name.
      const sums = new Map<string, number>();
      for (const { channel, ...of } of tallies().alerts?.channels ?? []) {
        sums.set(channel, (sums.get(channel) ?? 0) + of[key]);
      }
      return [...sums].map(([channel, value]) => ({ labels: { channel }, value }));
    },
  });
  const perQueue = (key: keyof QueueCounts) => ({
    labels: ["queue"],
    read: () => tallies().queues.map(({ queue, counts }) => ({ labels: { queue }, value: counts[key] })),
  });
  const ofVotes = (key: keyof VoteCounts) => ({
    labels: [],
    read: () => {
      const { votes } = tallies();
      return votes === undefined ? [] : [{ labels: {}, value: votes[key] }];
    },
  });
  const perClass = (key: "rows" | "bytes") => ({
    labels: ["keep"],
    read: () => (store.state().classes ?? []).map(({ keep, ...of }) => ({ labels: { keep }, value: of[key] })),
  });
  const diskUse = {
    labels: ["part"],
    read: () => {
      const disk = store.state().retention?.last?.disk;
      if (disk === undefined) return [];
      const { database, free, wal, journal, pending } = disk;
      const parts = { database: database - free, free, wal, journal: journal - pending, pending };
      return Object.entries(parts).map(([part, value]) => ({ labels: { part }, value }));
    },
  };
  const nodeState = {
    labels: ["node", "state"],
    read: () =>
      source
        .nodes()
        .flatMap(({ name: node, state: now }) =>
          NODE_STATES.map((state) => ({ labels: { node, state }, value: Number(state === now) })),
        ),
  };
  const healthState = {
    labels: ["state"],
    read: () => HEALTH_STATES.map((state) => ({ labels: { state }, value: Number(state === source.health().status) })),
  };
  const loopDelay = {
    labels: ["quantile"],
    read: () => {
      const { p50, p99, max } = source.health().event_loop_delay_ms;
      const byQuantile = Object.entries({ "0.5": p50, "0.99": p99, "1": max });
      return byQuantile.map(([quantile, ms]) => ({ labels: { quantile }, value: ms / 1000 }));
    },
  };

  const ofClock = (read: (clock: ClockView) => number | null) => ({
    labels: [],
    read: () => {
      const { clock } = source.health();
      const value = clock === null ? null : read(clock);
      return value === null ? [] : [{ labels: {}, value }];
    },
  });

  type Values = Pick<MetricDefinition, "labels" | "read">;
  const counter = (name: string, help: string, values: Values) => ({ kind: "counter" as const, name, help, ...values });
  const gauge = (name: string, help: string, values: Values) => ({ kind: "gauge" as const, name, help, ...values });

  return [
    counter("ethmon_events_total", "Events received from a node's stream.", perTopic("events")),
    counter("ethmon_event_bytes_total", "Bytes of these events' data.", perTopic("bytes")),
    counter(
      "ethmon_echoes_total",
      "Events that repeat what the node had told before.",
      perNode((node) => node.echoes),
    ),
    counter(
      "ethmon_quarantined_total",
      "Events that did not fit their schema.",
      single(() => source.health().quarantined),
    ),
    counter("ethmon_gaps_total", "Spans for which events of a node are missing.", perGap("count")),
    counter("ethmon_gap_seconds_total", "Length of these spans.", perGap("seconds")),

    gauge("ethmon_node_state", "1 for the state that the node's event stream is in.", nodeState),
    counter(
      "ethmon_node_reconnects_total",
      "Reconnects of the node's stream.",
      perNode((node) => node.reconnects),
    ),
    gauge(
      "ethmon_node_syncing",
      "1 while the node says that it is syncing.",
      perNode((node) => Number(node.syncing)),
    ),
    gauge(
      "ethmon_node_peers",
      "Connected peers, as the node tells.",
      perNode((node) => node.peers),
    ),
    gauge(
      "ethmon_node_head_slot",
      "Slot of the node's head.",
      perNode((node) => node.head?.slot ?? null),
    ),
    gauge(
      "ethmon_node_finalized_epoch",
      "Finalized epoch, as the node tells.",
      perNode((node) => node.finalized_epoch),
    ),
    gauge(
      "ethmon_node_last_event_timestamp_seconds",
      "When the last event of the node arrived, Unix time.",
      perNode((node) => (node.last_event_ms === null ? null : node.last_event_ms / 1000)),
    ),

    gauge(
      "ethmon_store_ready",
      "1 while the store answers searches.",
      single(() => Number(store.state().state === "ready")),
    ),
    gauge(
      "ethmon_store_journaled_position",
      "Journal position that is durable.",
      single(() => store.state().journaled),
    ),
    gauge(
      "ethmon_store_loaded_position",
      "Journal position that can be searched.",
      single(() => store.state().loaded),
    ),
    gauge(
      "ethmon_store_queued_documents",
      "Documents that wait for the journal.",
      single(() => store.state().queued),
    ),
    counter(
      "ethmon_store_dropped_documents_total",
      "Documents lost because that queue, or the journal of a cluster, was full.",
      single(() => store.state().dropped),
    ),
    gauge(
      "ethmon_store_rows",
      "Rows in the store.",
      single(() => store.state().rows),
    ),
    gauge("ethmon_store_class_rows", "Rows by how long they are kept, counted every ten minutes.", perClass("rows")),
    gauge("ethmon_store_class_bytes", "Bytes of their tables, about.", perClass("bytes")),
    gauge(
      "ethmon_store_disk_bytes",
      "Bytes on the disk: the parts add up. free: of the database's file, filled before it grows; pending: of the journal, not loaded.",
      diskUse,
    ),
    gauge(
      "ethmon_store_journal_failing",
      "1 while the journal cannot be written.",
      single(() => Number(store.state().journalFailure !== undefined)),
    ),

    counter("ethmon_votes_unresolved_total", "Votes that no committee of their epoch explains.", ofVotes("unresolved")),
    gauge("ethmon_votes_waiting", "Votes that wait for the committees of their epoch.", ofVotes("waiting")),
    counter("ethmon_votes_forgotten_total", "Votes that waited for committees in vain.", ofVotes("dropped")),

    gauge("ethmon_queue_items", "Items in a queue between two stages.", perQueue("size")),
    gauge("ethmon_queue_limit_items", "The most that it may hold.", perQueue("limit")),
    gauge("ethmon_queue_high_water_items", "The most that it has held.", perQueue("highWater")),
    counter("ethmon_queue_pushed_total", "Items that it has taken.", perQueue("pushed")),
    counter("ethmon_queue_dropped_total", "Items that it has dropped, being full.", perQueue("dropped")),
    gauge(
      "ethmon_alert_rules",
      "Rules that there are.",
      ofAlerts(({ rules }) => rules),
    ),
    counter(
      "ethmon_alert_checks_total",
      "Checks of rules.",
      ofAlerts(({ checks }) => checks),
    ),
    counter(
      "ethmon_alert_checks_left_out_total",
      "Checks that were left out, since one of the same rule was under way.",
      ofAlerts(({ leftOut }) => leftOut),
    ),
    gauge("ethmon_alerts_open", "Alerts that are not over, by severity.", {
      labels: ["severity"],
      read: () => (tallies().alerts?.open ?? []).map(({ severity, count }) => ({ labels: { severity }, value: count })),
    }),
    counter("ethmon_alert_delivered_total", "Messages that a channel delivered.", perChannel("delivered")),
    counter("ethmon_alert_failed_total", "Messages that it could not deliver.", perChannel("failed")),
    gauge("ethmon_alert_waiting", "Messages that wait for it.", perChannel("waiting")),

    gauge(
      "ethmon_stream_readers",
      "Readers of the live stream.",
      single(() => streamCounts().readers),
    ),
    counter(
      "ethmon_stream_readers_dropped_total",
      "Readers dropped for being slow.",
      single(() => streamCounts().dropped),
    ),

    gauge("ethmon_event_loop_delay_seconds", "Delay of the event loop, part of the error of every stamp.", loopDelay),
    gauge(
      "ethmon_clock_offset_seconds",
      "To be added to the machine's clock, by the time servers; positive when it is behind.",
      ofClock(({ offset_ms }) => (offset_ms === null ? null : offset_ms / 1000)),
    ),
    gauge(
      "ethmon_clock_error_seconds",
      "That offset is off by this at most.",
      ofClock(({ error_ms }) => (error_ms === null ? null : error_ms / 1000)),
    ),
    gauge(
      "ethmon_clock_reachable",
      "1 when a time server answered when last asked.",
      ofClock(({ reachable }) => (reachable === null ? null : Number(reachable))),
    ),
    gauge("ethmon_health_state", "1 for the state that the monitor is in.", healthState),
    gauge(
      "ethmon_start_time_seconds",
      "When the process started, Unix time.",
      single(() => source.health().started_ms / 1000),
    ),
  ];
}
