import type { DeliveryRecord } from "../../events/alert-records.ts";
import { createBackoff } from "../../lib/backoff.ts";
import type { ChannelView } from "../desk.ts";
import type { ActionKind } from "../watch.ts";
import type { DeliveryContent } from "./delivery-content.ts";
import { createStorm, type Storm } from "./storm.ts";
import { withoutAddresses } from "./words.ts";

/** A message in the outbox. */
export type Job = {
  record: DeliveryRecord;
  /** Messages of one alert, or of one action of a plain watch, keep their order. */
  lane: string;
  /** By what it is sent now; where the own way fails, by the fallback, and back. */
  way: "own" | "fallback";
  own: Way;
  /** Undefined until it is needed. */
  fallback?: Way | undefined;
  /** Ways that refused it for good. */
  closed: Set<"own" | "fallback">;
  /** It came into its present channel then. */
  enteredMs: number;
  notBeforeMs: number;
  backoff: ReturnType<typeof createBackoff>;
  /** How often its own attempts found the place unreachable. */
  placeFaults: number;
  /** How often its way was changed, or was to be. */
  turns: number;
  /** The channel in which something is done with it now. */
  busyIn: Channel | undefined;
};

export type Way = { kind: ActionKind; content: DeliveryContent };

const MESSAGE_BACKOFF = { firstMs: 15_000, maxMs: 300_000 };

export function createJob(input: { record: DeliveryRecord; own: Way; random: () => number }): Job {
  const { record, own, random } = input;
  return {
    record,
    lane: record.alert ?? `${record.watch}/${record.action}`,
    way: "own",
    own,
    closed: new Set(),
    enteredMs: 0,
    notBeforeMs: 0,
    backoff: createBackoff({ ...MESSAGE_BACKOFF, random }),
    placeFaults: 0,
    turns: 0,
    busyIn: undefined,
  };
}

export function wayOf({ way, own, fallback }: Job): Way {
  return way === "fallback" && fallback !== undefined ? fallback : own;
}

/** Messages to one place in their order, and how the place fares. */
export type Channel = {
  kind: ActionKind;
  name: string;
  /** Addresses that `name` does not tell. */
  to: readonly string[];
  storm: Storm<Job>;
  jobs(): readonly Job[];
  add(job: Job): void;
  remove(job: Job): void;
  /** The first message that may be sent now. */
  next(nowMs: number): Job | undefined;
  /** Counts how often it went down: an attempt that began before says nothing of the time after. */
  downs(): number;
  /** A message got through that was sent after so many downs; the moment since which none had, if so. */
  wentThrough(downs: number): number | undefined;
  /** Nothing gets through; true when that is news. */
  wentDown(fault: { nowMs: number; retryAfterMs: number; stubborn: boolean; job: Job }): boolean;
  isDown(): boolean;
  /** Down, and time alone will not help. */
  isStubborn(): boolean;
  /** `final`: what was tried there will never be taken. */
  noteFailure(failure: { reason: string; nowMs: number; final: boolean }): void;
  count(outcome: "delivered" | "failed"): void;
  state(): Omit<ChannelView, "configured">;
};

const PLACE_BACKOFF = { firstMs: 2_000, maxMs: 60_000 };
/** After so many attempts it may be the message that brings the place down: others are tried before it. */
const SUSPECT_AFTER = 30;

export function createChannel(input: {
  kind: ActionKind;
  name: string;
  to: readonly string[];
  atOnce: number;
  stormPerMinute: number;
  random: () => number;
}): Channel {
  const { kind, name, to, atOnce, random } = input;
  const backoff = createBackoff({ ...PLACE_BACKOFF, random });
  const storm = createStorm<Job>(input.stormPerMinute);
  const jobs: Job[] = [];
  let downUntilMs = 0;
  let failingSinceMs: number | null = null;
  /** It answers, but takes nothing. */
  let refusingSinceMs: number | null = null;
  let isStubborn = false;
  let downs = 0;
  let delivered = 0;
  let failed = 0;
  let lastFailure: string | null = null;
  let lastFailureMs: number | null = null;

  return {
    kind,
    name,
    to,
    storm,
    jobs: () => jobs,
    add: (job) => void jobs.push(job),
    remove(job) {
      const at = jobs.indexOf(job);
      if (at >= 0) jobs.splice(at, 1);
    },
    next(nowMs) {
      if (nowMs < downUntilMs) return undefined;
      // While nothing gets through, one message asks for all.
      const most = failingSinceMs === null ? atOnce : 1;
      const lanes = new Set<string>();
      let busy = 0;
      for (const { busyIn, lane } of jobs) {
        if (busyIn === undefined) continue;
        busy += 1;
        lanes.add(lane);
      }
      if (busy >= most) return undefined;
      for (const job of jobs) {
        if (job.busyIn !== undefined || lanes.has(job.lane)) continue;
        lanes.add(job.lane);
        if (job.notBeforeMs <= nowMs) return job;
      }
      return undefined;
    },
    downs: () => downs,
    wentThrough(before) {
      if (before !== downs) return undefined;
      const since = failingSinceMs ?? undefined;
      failingSinceMs = null;
      isStubborn = false;
      downUntilMs = 0;
      backoff.reset();
      if (since !== undefined) {
        for (const job of jobs) if (job.placeFaults >= SUSPECT_AFTER) job.notBeforeMs = 0;
      }
      return since;
    },
    wentDown({ nowMs, retryAfterMs, stubborn, job }) {
      const isNews = failingSinceMs === null;
      downs += 1;
      failingSinceMs ??= nowMs;
      isStubborn = stubborn;
      const waitMs = Math.max(backoff.nextMs(), retryAfterMs);
      job.placeFaults += 1;
      const isSuspect = job.placeFaults >= SUSPECT_AFTER && jobs.some(({ lane }) => lane !== job.lane);
      if (isSuspect) job.notBeforeMs = nowMs + PLACE_BACKOFF.maxMs * 5;
      downUntilMs = nowMs + waitMs;
      return isNews;
    },
    isDown: () => failingSinceMs !== null,
    isStubborn: () => failingSinceMs !== null && isStubborn,
    noteFailure({ reason, nowMs, final }) {
      lastFailure = withoutAddresses(reason);
      lastFailureMs = nowMs;
      if (final) refusingSinceMs ??= nowMs;
    },
    count(outcome) {
      if (outcome === "failed") failed += 1;
      else {
        delivered += 1;
        refusingSinceMs = null;
      }
    },
    state: () => ({
      kind,
      name,
      ...(to.length === 0 ? {} : { to }),
      delivered,
      failed,
      waiting: jobs.length + storm.held().length,
      last_failure: lastFailure,
      last_failure_ms: lastFailureMs,
      failing_since_ms: failingSinceMs ?? refusingSinceMs,
    }),
  };
}
