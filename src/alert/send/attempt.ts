import type { DeliveryRecord } from "../../events/alert-records.ts";
import { type Fault, isFault, messageOf } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import type { ActionKind } from "../watch.ts";
import { type Channel, type Job, type Way, wayOf } from "./channel.ts";
import type { Fallback } from "./fallback.ts";
import { refused } from "./send-faults.ts";
import type { Sender, Sent } from "./sender.ts";
import { withoutAddresses } from "./words.ts";

/** What happens to one message at its turn. */
export type Attempts = {
  /** Sends it, and settles what follows; a message that the signal interrupts stays pending. */
  make(channel: Channel, job: Job): Promise<void>;
  /** For one that waits behind a place that is down: given up for its age, or sent by its other way. */
  spare(channel: Channel, job: Job): Promise<void>;
  /** Whether `spare` should be asked for it. */
  isSpared(channel: Channel, job: Job): boolean;
};

export function createAttempts(deps: {
  senders: Readonly<Record<ActionKind, Sender>>;
  fallback: Fallback | undefined;
  channelOf(way: Way): Channel;
  /** Puts it into the channel of its way. */
  enter(job: Job): void;
  keep(records: readonly DeliveryRecord[]): Promise<void>;
  /** It is over, and that is durable. */
  forget(record: DeliveryRecord): void;
  limits: { fallbackAfterMs: number; giveUpAfterMs: number };
  nowMs: () => number;
  log: Log;
  signal: AbortSignal;
}): Attempts {
  const { senders, fallback, channelOf, enter, keep, forget, limits, nowMs, log, signal } = deps;

  const finish = async (
    channel: Channel,
    job: Job,
    outcome: Pick<DeliveryRecord, "status" | "reason">,
  ): Promise<void> => {
    const record: DeliveryRecord = { ...job.record, ...outcome, done_ms: nowMs() };
    const { status, reason } = record;
    if (status === "failed") {
      const said = reason === null ? null : withoutAddresses(reason);
      log.warn({ delivery: record.id, channel: channel.name, reason: said }, "A message was given up");
    }
    job.record = record;
    await keep([record]);
    channel.remove(job);
    if (status === "delivered" || status === "failed") channel.count(status);
    forget(record);
  };

  /** From its own way to the fallback, or back; false when there is no other. */
  const turn = async (channel: Channel, job: Job, reason: string): Promise<boolean> => {
    job.turns += 1;
    const other = job.way === "own" ? "fallback" : "own";
    if (job.closed.has(other)) return false;
    if (other === "fallback") {
      job.fallback ??= await fallback?.(job.record, job.own).catch(() => undefined);
      if (job.fallback === undefined || channelOf(job.fallback) === channelOf(job.own)) return false;
    }
    job.way = other;
    job.record = { ...job.record, reason, by_fallback: other === "fallback" ? true : null };
    await keep([job.record]);
    channel.remove(job);
    job.busyIn = undefined;
    enter(job);
    return true;
  };

  const isTooOld = (job: Job) => nowMs() - job.record.decided_ms >= limits.giveUpAfterMs;
  /** A fallback that is stubborn, too, is no reason to go to and fro. */
  const isTurn = (job: Job, stubborn: boolean) =>
    (stubborn && job.turns === 0) || nowMs() - job.enteredMs >= limits.fallbackAfterMs;

  const recovered = (channel: Channel, downs: number) => {
    const sinceMs = channel.wentThrough(downs);
    if (sinceMs === undefined) return;
    log.info({ channel: channel.name, failed_for_ms: Math.round(nowMs() - sinceMs) }, "Messages got through again");
  };

  const failed = async (
    channel: Channel,
    job: Job,
    { fault, downs }: { fault: Fault; downs: number },
  ): Promise<void> => {
    const now = nowMs();
    const reason = fault.message;
    const stubborn = fault.details["stubborn"] === true;
    const retryAfterMs = Number(fault.details["retryAfterMs"]) || 0;
    noteRecipients(job, fault);
    channel.noteFailure({ reason, nowMs: now, final: fault.retry === "final" });
    if (fault.code === "delivery_unreachable") {
      const isNews = channel.wentDown({ nowMs: now, retryAfterMs, stubborn, job });
      if (isNews)
        log.warn({ channel: channel.name, reason: withoutAddresses(reason) }, "Messages could not be delivered");
    } else {
      // It answered, if only this.
      recovered(channel, downs);
      job.notBeforeMs = now + Math.max(job.backoff.nextMs(), retryAfterMs);
    }
    if (fault.retry === "final") {
      job.closed.add(job.way);
      if (!(await turn(channel, job, reason))) await finish(channel, job, { status: "failed", reason });
      return;
    }
    if (isTooOld(job)) return finish(channel, job, { status: "failed", reason });
    if (isTurn(job, stubborn) && (await turn(channel, job, reason))) return;
    job.record = { ...job.record, reason };
    await keep([job.record]);
  };

  return {
    async make(channel, job) {
      const { kind, content } = wayOf(job);
      job.record = { ...job.record, attempts: job.record.attempts + 1 };
      const downs = channel.downs();
      let sent: Sent;
      try {
        sent = await senders[kind].send({
          delivery: job.record,
          content,
          insteadOf: job.way === "fallback" ? insteadOf(job.record) : undefined,
          nowMs: nowMs(),
          signal,
        });
      } catch (error) {
        if (signal.aborted) return;
        const fault = isFault(error) ? error : refused(`Sending failed: ${messageOf(error)}`);
        return failed(channel, job, { fault, downs });
      }
      recovered(channel, downs);
      if (sent.note !== undefined) channel.noteFailure({ reason: sent.note, nowMs: nowMs(), final: false });
      const status = sent.unwanted === true ? "silenced" : "delivered";
      // A fallback's reason goes on telling why it was needed.
      const before = job.way === "fallback" ? job.record.reason : null;
      await finish(channel, job, { status, reason: sent.note ?? before });
    },
    isSpared: (channel, job) =>
      channel.isDown() && (isTooOld(job) || (fallback !== undefined && isTurn(job, channel.isStubborn()))),
    async spare(channel, job) {
      const reason = channel.state().last_failure;
      if (isTooOld(job)) return finish(channel, job, { status: "failed", reason });
      const { enteredMs } = job;
      if (!(await turn(channel, job, reason ?? "")) && job.enteredMs === enteredMs) job.enteredMs = nowMs();
    },
  };
}

function insteadOf({ action, kind, reason }: DeliveryRecord): string {
  const words = `Sent by the fallback, since the action ${action} (${kind}) could not be used`;
  return reason === null ? `${words}.` : `${words}: ${reason}`;
}

/** Who is done with it is known from then on, after a restart, too. */
function noteRecipients(job: Job, { details }: Fault): void {
  const { deliveredTo, refusedBy } = details as { deliveredTo?: readonly string[]; refusedBy?: readonly string[] };
  if (deliveredTo === undefined || refusedBy === undefined) return;
  const way = wayOf(job);
  const done = { delivered_to: deliveredTo, refused_by: refusedBy };
  const isFallback = way === job.fallback;
  if (isFallback) job.fallback = { ...way, content: { ...way.content, ...done } };
  // The fallback's content is made anew after a restart: who has it stands in the own one.
  const content = { ...job.own.content, ...(isFallback ? { fallback_done: done } : done) };
  job.own = { ...job.own, content };
  job.record = { ...job.record, content };
}
