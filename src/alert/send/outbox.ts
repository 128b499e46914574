import type { DeliveryRecord } from "../../events/alert-records.ts";
import type { Document } from "../../events/document.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import type { ChannelView } from "../desk.ts";
import { deliveryDocument } from "../engine/decisions.ts";
import type { ActionKind } from "../watch.ts";
import { createAttempts } from "./attempt.ts";
import { type Channel, createJob, type Job, type Way, wayOf } from "./channel.ts";
import { createChannelBook } from "./channel-book.ts";
import type { OutboxState } from "./channel-state.ts";
import { type DeliveryContent, readContent } from "./delivery-content.ts";
import type { Fallback } from "./fallback.ts";
import type { Sender } from "./sender.ts";
import { type StormSummary, summarise } from "./storm-summary.ts";
import { createWorkInHand } from "./work-in-hand.ts";

/** Sends what is already durable, and says what became of it. */
export type Outbox = {
  /**
   * Takes deliveries that are durable as `pending`. What does not fit stays there, is counted, and is taken from the
   * store when there is room.
   */
  take(deliveries: readonly DeliveryRecord[]): void;
  /** Takes up what a run before left pending, in the order in which it was decided. */
  restore(pending: readonly DeliveryRecord[]): void;
  /** Time has passed: what waited for it goes on. */
  tick(): void;
  /** Ticks until the signal aborts; resolves when nothing is under way any more. */
  run(): Promise<void>;
  /** Resolves when nothing can be done before time passes or something new is taken. */
  settled(): Promise<void>;
  state(): OutboxState;
};

export type OutboxLimits = {
  /** Deliveries in memory. */
  held: number;
  /** Attempts under way at once. */
  atOnce: number;
  stormPerMinute: number;
  /** So long a way is tried before the other. */
  fallbackAfterMs: number;
  /** So long after its decision a message is tried at all. */
  giveUpAfterMs: number;
};

const LIMITS: OutboxLimits = {
  held: 10_000,
  atOnce: 16,
  stormPerMinute: 10,
  fallbackAfterMs: 15 * 60_000,
  giveUpAfterMs: 24 * 3_600_000,
};

const TICK_MS = 250;
/** Of what waits behind a place that is down, so many a tick are sent otherwise. */
const SPARED_A_TICK = 100;
/** After the store could not be read. */
const REFILL_PAUSE_MS = 5_000;

export type OutboxDeps = {
  senders: Readonly<Record<ActionKind, Sender>>;
  /** Channels that are shown though nothing was sent by them yet. */
  known?: readonly Pick<ChannelView, "kind" | "name" | "configured">[];
  /** Replaces the documents of deliveries: durable when it resolves. */
  keep(documents: readonly Document[]): Promise<void>;
  /** The oldest pending deliveries; what was kept before the call must be seen. */
  pending(asked: { limit: number; signal: AbortSignal }): Promise<readonly DeliveryRecord[]>;
  /** Once a delivery is over, after that is durable. */
  onOutcome(record: DeliveryRecord): void;
  /** The first tick reads what a run before left in the store; what is taken before that waits there, too. */
  resume?: boolean;
  fallback: Fallback | undefined;
  summaryOf: StormSummary;
  limits?: Partial<OutboxLimits>;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  random?: () => number;
};

export function createOutbox(deps: OutboxDeps): Outbox {
  const { senders, fallback, clock, log, signal, random = Math.random } = deps;
  const limits = { ...LIMITS, ...deps.limits };
  const nowMs = () => clock.nowUs() / 1000;
  const jobs = new Map<string, Job>();
  const work = createWorkInHand({ log, signal });
  const book = createChannelBook({ senders, known: deps.known ?? [], stormPerMinute: limits.stormPerMinute, random });
  let underWay = 0;
  let postponed = 0;
  /** Some pending deliveries are in the store alone. */
  let isBehind = deps.resume ?? false;
  let refill: { finished: Set<string>; postponed: boolean } | undefined;
  let refillNotBeforeMs = 0;

  /** What the store does not take now is kept in memory until it does: nothing is sent twice while we live. */
  const keep = async (records: readonly DeliveryRecord[]) => {
    for (let isFirst = true; ; isFirst = false) {
      try {
        return await deps.keep(records.map(deliveryDocument));
      } catch (error) {
        if (signal.aborted) throw error;
        if (isFirst) log.warn({ error }, "What became of a message could not be stored yet");
        await work.untilTick();
      }
    }
  };
  const forget = (record: DeliveryRecord) => {
    jobs.delete(record.id);
    refill?.finished.add(record.id);
    deps.onOutcome(record);
  };

  const enter = (job: Job) => {
    const now = nowMs();
    const way = wayOf(job);
    const channel = book.channelOf(way);
    job.enteredMs = now;
    job.notBeforeMs = 0;
    job.placeFaults = 0;
    job.backoff.reset();
    if (!isHeld({ channel, job, way, now })) channel.add(job);
    pump(channel);
  };
  const isHeld = ({ channel, job, way, now }: { channel: Channel; job: Job; way: Way; now: number }) =>
    isCounted(way.content) &&
    senders[way.kind].forPeople(way.content) &&
    channel.storm.holds(job, {
      decidedMs: job.way === "own" ? job.record.decided_ms : now,
      nowMs: now,
      severity: way.content.alert?.severity ?? "warning",
    });

  const attempts = createAttempts({
    senders,
    fallback,
    channelOf: book.channelOf,
    enter,
    keep,
    forget,
    limits,
    nowMs,
    log,
    signal,
  });

  const pump = (channel: Channel) => {
    if (signal.aborted) return;
    summariseDue(channel);
    while (underWay < limits.atOnce) {
      const job = channel.next(nowMs());
      if (job === undefined) return;
      job.busyIn = channel;
      underWay += 1;
      work.begin(async () => {
        try {
          await attempts.make(channel, job);
        } finally {
          leave(channel, job);
          underWay -= 1;
        }
        // The channel that was busy first, then those that waited for a place among all.
        pump(channel);
        for (const other of book.all()) if (other !== channel) pump(other);
        refillWhenEmpty();
      });
    }
  };

  /** Unless it went on to another channel meanwhile. */
  const leave = (channel: Channel, job: Job) => {
    if (job.busyIn === channel) job.busyIn = undefined;
  };

  const summariseDue = (channel: Channel) => {
    // One summary at a time: while none gets through, the next gathers what comes.
    if (channel.jobs().some(({ own }) => !isCounted(own.content))) return;
    const held = channel.storm.due(nowMs());
    if (held === undefined) return;
    work.begin(async () => {
      const made = await summarise({ channel, held, nowMs: nowMs(), summaryOf: deps.summaryOf });
      if (made === undefined) {
        for (const job of held) channel.add(job);
        return pump(channel);
      }
      // The summary first: what a crash leaves out is told once more rather than not at all.
      await keep([made.summary, ...made.summarised]);
      const { id } = made.summary;
      log.info({ channel: channel.name, messages: held.length, summary: id }, "A storm of messages was summarised");
      for (const record of made.summarised) forget(record);
      accept(made.summary);
    });
  };

  const accept = (record: DeliveryRecord) => {
    const content = readContent(record.content);
    const kind = record.kind as ActionKind;
    const sender = Object.hasOwn(senders, kind) ? senders[kind] : undefined;
    if (content === undefined || sender === undefined) {
      return end({ ...record, status: "failed", reason: "What it says cannot be read." });
    }
    if (!sender.configured(content)) {
      return end({ ...record, status: "no_account", reason: `No account for ${kind} is configured.` });
    }
    const job = createJob({ record, own: { kind, content }, random });
    jobs.set(record.id, job);
    if (record.by_fallback !== true) return enter(job);
    work.begin(async () => {
      job.fallback = await fallback?.(record, job.own).catch(() => undefined);
      if (job.fallback !== undefined) job.way = "fallback";
      enter(job);
    });
  };
  const end = (record: DeliveryRecord) => {
    const done = { ...record, done_ms: nowMs() };
    work.begin(async () => {
      await keep([done]);
      forget(done);
    });
  };

  /** How many did not fit. */
  const acceptAll = (deliveries: readonly DeliveryRecord[]): number => {
    let left = 0;
    for (const record of deliveries) {
      if (record.status !== "pending" || jobs.has(record.id)) continue;
      if (isBehind || jobs.size >= limits.held) left += 1;
      else accept(record);
    }
    if (left > 0) isBehind = true;
    return left;
  };
  const takeAll = (deliveries: readonly DeliveryRecord[]) => {
    const left = acceptAll(deliveries);
    postponed += left;
    if (left > 0 && refill !== undefined) refill.postponed = true;
  };
  const refillWhenEmpty = () => {
    if (!isBehind || refill !== undefined || signal.aborted) return;
    if (jobs.size > limits.held / 2 || nowMs() < refillNotBeforeMs) return;
    const now = { finished: new Set<string>(), postponed: false };
    refill = now;
    work.begin(async () => {
      try {
        const found = await deps.pending({ limit: limits.held, signal });
        isBehind = false;
        const left = acceptAll(found.filter(({ id }) => !now.finished.has(id)));
        isBehind = left > 0 || now.postponed || found.length >= limits.held;
      } catch (error) {
        if (!signal.aborted) log.warn({ error }, "Messages that wait in the store could not be read");
        refillNotBeforeMs = nowMs() + REFILL_PAUSE_MS;
      } finally {
        refill = undefined;
      }
    });
  };

  const spare = (channel: Channel) => {
    if (!channel.isDown()) return;
    const spared = channel.jobs().filter((job) => job.busyIn === undefined && attempts.isSpared(channel, job));
    for (const job of spared.slice(0, SPARED_A_TICK)) {
      job.busyIn = channel;
      work.begin(async () => {
        try {
          await attempts.spare(channel, job);
        } finally {
          leave(channel, job);
        }
      });
    }
  };

  const outbox: Outbox = {
    take: takeAll,
    restore: (left) => takeAll(left.toSorted((a, b) => a.decided_ms - b.decided_ms)),
    tick() {
      work.tick();
      for (const channel of book.all()) {
        spare(channel);
        pump(channel);
      }
      refillWhenEmpty();
    },
    async run() {
      while (!signal.aborted) {
        outbox.tick();
        await sleep(TICK_MS, signal);
      }
      await work.settled();
    },
    settled: work.settled,
    state: () => ({ channels: book.state(), held: jobs.size, postponed }),
  };
  return outbox;
}

/** Summaries and digests are no part of a storm. */
function isCounted({ message }: DeliveryContent): boolean {
  return message === undefined;
}
