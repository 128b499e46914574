import type { Chain } from "../chain/chain.ts";
import { createBackoff } from "../lib/backoff.ts";
import { type Clock, createStepMeter } from "../lib/clock.ts";
import { type Fault, isAborted, isFault } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/sleep.ts";
import type { BeaconClient, JsonAnswer } from "./beacon-client.ts";

export const PATHS = {
  spec: "/eth/v1/config/spec",
  genesis: "/eth/v1/beacon/genesis",
  identity: "/eth/v1/node/identity",
  version: "/eth/v1/node/version",
  syncing: "/eth/v1/node/syncing",
  peerCount: "/eth/v1/node/peer_count",
  head: "/eth/v1/beacon/headers/head",
  finality: "/eth/v1/beacon/states/head/finality_checkpoints",
} as const;

export type PollStatus = { failing: boolean; reason?: string; answers: number; failures: number };

export type BeaconPoll = {
  status(): PollStatus;
  /** Asks for these paths next, before their time. */
  hasten(paths: readonly string[]): void;
  stopped: Promise<void>;
};

/** Polls fall into this part of the slot: after the block and most votes, when a node has least to do. */
const QUIET_FROM = 0.45;
const QUIET_PART = 0.4;
const FAILING_MS = { firstMs: 1_000, maxMs: 60_000 };
/** A path that a node does not have is asked for again after this many epochs: it may have been updated. */
const REFUSED_PATH_EPOCHS = 8;

/** The system's clock may be set, and a poll hastened, while this waits. */
const MAX_SLEEP_MS = 500;

/** A clock that was set by more than this puts every beat elsewhere. */
const STEP_US = 1_000_000;

type Poll = { path: string; everySlots: number; dueUs: number; refused: boolean };

/**
 * Asks one node, one question at a time, for what its event stream does not tell; each on its own beat in slots,
 * at this node's own moment within the slot. A node that fails is left alone for longer and longer, and logged once.
 */
export function createBeaconPoll(options: {
  node: string;
  client: BeaconClient;
  chain: Chain;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  onAnswer(path: string, answer: JsonAnswer): void;
  /** What was asked for a moment ago; all else is asked for at once. */
  asked?: readonly string[];
  random?: () => number;
}): BeaconPoll {
  const { node, client, chain, clock, log, signal, onAnswer, random = Math.random } = options;
  const slotUs = chain.slotDurationMs * 1000;
  const offsetUs = slotUs * (QUIET_FROM + random() * QUIET_PART);
  const backoff = createBackoff(FAILING_MS);
  let failingSinceUs: number | undefined;
  let reason: string | undefined;
  let answers = 0;
  let failures = 0;

  const phase = Math.floor(random() * chain.slotsPerEpoch);
  const nextDueUs = (everySlots: number) => nextBeatUs({ chain, nowUs: clock.nowUs(), everySlots, phase, offsetUs });
  const polls = schedule(chain.slotsPerEpoch).map<Poll>(({ path, everySlots }) => {
    const dueUs = options.asked?.includes(path) === true ? nextDueUs(everySlots) : clock.nowUs();
    return { path, everySlots, dueUs, refused: false };
  });

  const measureStep = createStepMeter(clock, STEP_US);
  /** Moments that were set by another clock would come too late, or all at once. */
  const followClock = () => {
    const stepUs = measureStep();
    if (stepUs === 0) return;
    for (const poll of polls) poll.dueUs = poll.refused ? poll.dueUs + stepUs : nextDueUs(poll.everySlots);
    if (failingSinceUs !== undefined) failingSinceUs += stepUs;
  };

  const recovered = () => {
    if (failingSinceUs === undefined) return;
    const failedMs = Math.round((clock.nowUs() - failingSinceUs) / 1000);
    log.info({ node, failedMs }, "The node answered again");
    failingSinceUs = undefined;
    reason = undefined;
    backoff.reset();
  };

  const failed = (poll: Poll, fault: Fault) => {
    failures += 1;
    if (fault.code === "node_http_error" && fault.retry === "final") {
      poll.dueUs = clock.nowUs() + REFUSED_PATH_EPOCHS * chain.slotsPerEpoch * slotUs;
      if (!poll.refused) log.info({ node, reason: fault.message }, "The node did not have a path");
      poll.refused = true;
      recovered();
      return;
    }
    reason = fault.message;
    if (failingSinceUs === undefined) {
      failingSinceUs = clock.nowUs();
      log.warn({ node, code: fault.code, reason }, "The node failed to answer");
    }
  };

  const ask = async (poll: Poll) => {
    try {
      const answer = await client.getJson(poll.path);
      answers += 1;
      poll.dueUs = nextDueUs(poll.everySlots);
      poll.refused = false;
      recovered();
      onAnswer(poll.path, answer);
    } catch (error) {
      if (isAborted(error)) return;
      if (!isFault(error)) throw error;
      failed(poll, error);
    }
  };

  const run = async () => {
    while (!signal.aborted) {
      followClock();
      const next = polls.reduce((first, poll) => (poll.dueUs < first.dueUs ? poll : first));
      const waitMs = (next.dueUs - clock.nowUs()) / 1000;
      if (waitMs > 0) {
        await sleep(Math.min(waitMs, MAX_SLEEP_MS), signal);
        continue;
      }
      await ask(next);
      if (failingSinceUs !== undefined) await sleep(backoff.nextMs(), signal);
    }
  };

  return {
    status: () => ({
      failing: failingSinceUs !== undefined,
      ...(reason === undefined ? {} : { reason }),
      answers,
      failures,
    }),
    hasten(paths) {
      for (const poll of polls) if (paths.includes(poll.path)) poll.dueUs = Math.min(poll.dueUs, clock.nowUs());
    },
    stopped: run(),
  };
}

/**
 * The next moment of a beat after `nowUs`, microseconds: `offsetUs` into the next slot s for which s + phase is a
 * multiple of `everySlots`.
 */
export function nextBeatUs(input: {
  chain: Chain;
  nowUs: number;
  everySlots: number;
  phase: number;
  offsetUs: number;
}): number {
  const { chain, nowUs, everySlots, phase, offsetUs } = input;
  const slot = chain.slotAt(nowUs - offsetUs) + 1;
  const behind = (((slot + phase) % everySlots) + everySlots) % everySlots;
  return chain.slotStartUs(slot + (behind === 0 ? 0 : everySlots - behind)) + offsetUs;
}

function schedule(slotsPerEpoch: number): { path: string; everySlots: number }[] {
  return [
    { path: PATHS.version, everySlots: slotsPerEpoch },
    { path: PATHS.syncing, everySlots: 1 },
    { path: PATHS.head, everySlots: 1 },
    { path: PATHS.peerCount, everySlots: 2 },
    { path: PATHS.finality, everySlots: Math.max(1, Math.round(slotsPerEpoch / 4)) },
    { path: PATHS.identity, everySlots: 4 * slotsPerEpoch },
    { path: PATHS.genesis, everySlots: 4 * slotsPerEpoch },
    { path: PATHS.spec, everySlots: 4 * slotsPerEpoch },
  ];
}
