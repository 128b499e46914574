import type { RecordColumn, RecordDataset } from "./record.ts";

/** What a document is about: the program as a whole, one node's stream, or one queue between two stages. */
export type MonitorPart = "program" | "node" | "queue";

/** How the monitor itself fares; what is counted is counted since the record of the same part before. */
export type MonitorRecord = {
  part: MonitorPart;
  /** Since the record before, or since the start. */
  span_ms: number;
  node?: string;
  state?: string;
  events?: number;
  bytes?: number;
  events_per_s?: number;
  silent_ms?: number | null;
  reconnects?: number;
  queue?: string;
  items?: number;
  limit?: number;
  fullness?: number;
  pushed?: number;
  dropped?: number;
  quarantined?: number;
  unsearchable?: number;
  unjournaled?: number;
  rows?: number;
  disk_bytes?: number | null;
  rss_bytes?: number;
  cpu_share?: number;
  loop_delay_p99_ms?: number;
};

const column = (key: keyof MonitorRecord, type: RecordColumn["type"], words: string): RecordColumn => ({
  key,
  name: `ethereum.monitor.${key}`,
  type,
  words,
});

export const monitorDataset: RecordDataset = {
  kind: "stream",
  source: "own",
  name: "ethereum.monitor",
  title: "The monitor itself",
  keep: "raw",
  words:
    "Every half minute one document of the program, one of each node's stream and one of each queue: rates, what waits " +
    "and what was dropped. What is counted is counted since the document of the same part before.",
  columns: [
    column("part", "keyword", "program, node or queue."),
    column("span_ms", "double", "Since the document before, ms."),
    { key: "node", name: "observer.name", type: "keyword", words: "Name of the node; of a node alone." },
    column("state", "keyword", "State of the node's stream: connecting, streaming, down or refused."),
    column("events", "long", "Events received, of the node or of all nodes."),
    column("bytes", "long", "Bytes of these events' data."),
    column("events_per_s", "double", "Events a second."),
    column("silent_ms", "double", "Since the node's last event, ms."),
    column("reconnects", "long", "Reconnects of the node's stream."),
    column("queue", "keyword", "Name of the queue; of a queue alone."),
    column("items", "long", "Items in the queue."),
    column("limit", "long", "The most that it may hold."),
    column("fullness", "double", "Items / limit, from 0 to 1."),
    column("pushed", "long", "Items that it took."),
    column(
      "dropped",
      "long",
      "Of a queue, items dropped, being full; of the program, documents that the store dropped.",
    ),
    column("quarantined", "long", "Events that did not fit their schema."),
    column("unsearchable", "long", "Documents that are durable and cannot be searched yet."),
    column("unjournaled", "long", "Documents that wait for the journal."),
    column("rows", "long", "Rows in the store."),
    column("disk_bytes", "long", "Bytes of database and journal on the disk."),
    column("rss_bytes", "long", "Resident memory of the program, without its database's process, bytes."),
    column("cpu_share", "double", "Processor time of the program; 1 is one core."),
    column(
      "loop_delay_p99_ms",
      "double",
      "Delay of the program's event loop, p99, ms: part of the error of every stamp.",
    ),
  ],
};
