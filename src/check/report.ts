import type { TopicState } from "../collect/topic-book.ts";

/** `ready_with_less`: it can be watched, and something will be missing. */
export type Verdict = "ready" | "ready_with_less" | "not_ready";

/** One thing to know before watching. */
export type Finding = {
  /** `fatal`: it cannot be watched so; `lesser`: something will be missing; `note`: nothing that is computed needs it. */
  severity: "fatal" | "lesser" | "note";
  code: string;
  /** What is so, and what will be missing because of it. */
  sentence: string;
  /** What to do about it. */
  advice?: string;
  /** The same check may find otherwise later, with nothing changed. */
  temporary?: true;
};

export type NetworkReport = {
  name: string;
  genesis_time: number;
  genesis_validators_root: string | null;
  slot_duration_ms: number;
  slots_per_epoch: number;
  /** Active now. */
  fork: string;
};

export type SyncReport = {
  head_slot: number;
  sync_distance: number | null;
  is_syncing: boolean;
  is_optimistic: boolean;
  el_offline: boolean;
};

/** A clock against this machine's: positive when this machine's is behind; off by `error_ms` at most. */
export type OffsetReport = { offset_ms: number; error_ms: number };

export type EventsReport = {
  state: "open" | "silent" | "failed";
  listened_ms: number;
  first_event: { topic: string; after_ms: number } | null;
  /** `unknown`: taken, or not asked for; no event came. */
  topics: Readonly<Record<string, { state: TopicState; events: number }>>;
  /** The node refuses topics that do not exist, so that what it takes it knows; null when that could not be asked. */
  refuses_unknown: boolean | null;
};

export type NodeReport = {
  name: string;
  /** Without credentials. */
  url: string;
  verdict: Verdict;
  version: string | null;
  network: NetworkReport | null;
  sync: SyncReport | null;
  peers: number | null;
  clock: OffsetReport | null;
  events: EventsReport | null;
  /** By path; `failed` may answer later. */
  paths: Readonly<Record<string, "ok" | "missing" | "failed">>;
  findings: readonly Finding[];
};

/** This machine's clock against time servers. */
export type ClockCheck = { reachable: boolean; server: string | null; offset: OffsetReport | null };

export type CheckReport = {
  verdict: Verdict;
  /** Not ready, for reasons that may pass by themselves. */
  temporary: boolean;
  checked_ms: number;
  nodes: readonly NodeReport[];
  /** Null where no time server is asked. */
  clock: ClockCheck | null;
  /** What concerns all nodes together, or this machine. */
  findings: readonly Finding[];
};

export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ severity }) => severity === "fatal")) return "not_ready";
  return findings.some(({ severity }) => severity === "lesser") ? "ready_with_less" : "ready";
}
