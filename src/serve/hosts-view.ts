/** What the servers of the nodes did, by what Beats, Telegraf or rsyslog sent of them. Shares are 0 to 1. */

/** Means over the samples of one step; null where there is none. */
export type HostPoint = {
  /** Start of the step. */
  at_ms: number;
  /** The slot that the step begins in; null before genesis. */
  slot: number | null;
  /** Of all cores, without waiting for disks. */
  cpu_share: number | null;
  iowait_share: number | null;
  /** Without caches that can be given up. */
  memory_share: number | null;
  load_1: number | null;
  /** Over all network interfaces that are no loopback, bridge or tunnel, bytes a second. */
  in_bytes_per_s: number | null;
  out_bytes_per_s: number | null;
};

export type HostFigure = Exclude<keyof HostPoint, "at_ms" | "slot">;

/** The newest value of a figure. */
export type HostReading = { value: number; at_ms: number };

export type HostFilesystem = {
  mount: string;
  used_share: number;
  total_bytes: number | null;
};

export type HostProcess = {
  name: string;
  /** 1 is one core in full use. */
  cpu_cores: number | null;
  /** Resident. */
  memory_bytes: number | null;
};

/** One server, as one shipper tells of it. */
export type HostView = {
  host: string;
  shipper: "metricbeat" | "telegraf";
  cores: number | null;
  /** The newest value of each figure in the span. */
  now: Readonly<Record<HostFigure, HostReading | null>>;
  /** By time; a step without a sample is left out. */
  points: readonly HostPoint[];
  /** The fullest first. */
  filesystems: readonly HostFilesystem[];
  /** Those that used the most processor time first. */
  processes: readonly HostProcess[];
};

export type PacketProtocol = "dns" | "http" | "icmp";

/** A request and its answer, as they went over the wire. */
export type Exchange = {
  at_ms: number;
  protocol: PacketProtocol | null;
  query: string | null;
  server: string | null;
  /** Null where no answer came. */
  duration_ms: number | null;
  /** The code of the answer in its protocol: `NXDOMAIN`, `503`. */
  code: string | null;
  failed: boolean;
};

export type ExchangeCounts = {
  count: number;
  failed: number;
  mean_ms: number | null;
  max_ms: number | null;
};

export type PacketsView = {
  /** Connections that came to their end. */
  flows: {
    count: number;
    bytes: number;
    packets: number;
    /** The other ends with the most bytes. */
    peers: readonly { ip: string; flows: number; bytes: number }[];
  };
  dns: ExchangeCounts;
  http: ExchangeCounts;
  icmp: ExchangeCounts;
  /** The slowest first. */
  slowest: readonly Exchange[];
  /** The newest first. */
  failed: readonly Exchange[];
};

/** A line from `warn` on, or one that tells an error. */
export type LogLine = {
  at_ms: number;
  client: string | null;
  level: string | null;
  /** Class of the error (docs/pipelines.md). */
  error_type: string | null;
  /** The slot that the line names, else the one it was written in. */
  slot: number | null;
  message: string;
};

export type LinesView = {
  /** Lines of any level: what tells silence from health. */
  seen: number;
  errors: number;
  warnings: number;
  by_class: readonly { client: string | null; error_type: string | null; count: number }[];
  /** The newest first. */
  newest: readonly LogLine[];
};

/** What is there of one node's servers; a part of which nothing came is empty or null. */
export type NodeHosts = {
  node: string;
  hosts: readonly HostView[];
  /** Null where no packet document came. */
  packets: PacketsView | null;
  /** Null where no log line came. */
  lines: LinesView | null;
};

export type HostsAnswer = {
  from_ms: number;
  to_ms: number;
  /** Length of the steps of `points`; they are even within a slot, or each of whole slots. */
  step_ms: number;
  nodes: readonly NodeHosts[];
};
