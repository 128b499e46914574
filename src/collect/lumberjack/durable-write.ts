import type { ForeignItem, ForeignReject, ForeignSink, Outcome, Quarantine } from "../../events/foreign.ts";
import { createBackoff } from "../../lib/backoff.ts";
import { isFault } from "../../lib/fault.ts";
import { sleep } from "../../lib/sleep.ts";

const RETRY = { firstMs: 100, maxMs: 5_000 };
const CONFLICT = 409;
const TOO_MANY = 429;

/** How a batch ended. */
export type Written = { stored: number; repeated: number; rejected: number };

/**
 * Writes items until each one is durable, known already (409: the sender repeats itself) or refused for good, which
 * goes to quarantine. Lumberjack has no word for "not now", so what the sink cannot take yet is tried again. Rejects
 * with what can never be written, and with a signal's reason.
 */
export async function writeDurably(input: {
  items: readonly ForeignItem[];
  rejects: readonly ForeignReject[];
  sink: ForeignSink;
  quarantine: Quarantine;
  sender: string;
  /** Nothing is tried again, since the sender is gone and will send it again. */
  signal: AbortSignal;
  /** Not even what is being written is waited for. */
  giveUp: AbortSignal;
}): Promise<Written> {
  const { sink, quarantine, sender, signal, giveUp } = input;
  const backoff = createBackoff(RETRY);
  const written: Written = { stored: 0, repeated: 0, rejected: input.rejects.length };
  let waiting = input.items;
  let rejects = [...input.rejects];
  while (waiting.length > 0 || rejects.length > 0) {
    signal.throwIfAborted();
    try {
      if (rejects.length > 0) await unlessAborted(quarantine(rejects), giveUp);
      rejects = [];
      const outcomes = waiting.length === 0 ? [] : await unlessAborted(sink.write(waiting), giveUp);
      const sorted = sortOut(waiting, outcomes);
      written.stored += sorted.stored;
      written.repeated += sorted.repeated;
      written.rejected += sorted.refused.length;
      rejects = sorted.refused.map(({ item, why }) => rejectOf({ item, why, sender }));
      waiting = sorted.again;
      if (waiting.length > 0) await sleep(backoff.nextMs(), signal);
    } catch (error) {
      if (!isFault(error) || error.retry !== "retryable") throw error;
      await sleep(backoff.nextMs(), signal);
    }
  }
  return written;
}

/** A store that never answers must not keep the program from ending. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

type Refused = { item: ForeignItem; why: string };

function sortOut(items: readonly ForeignItem[], outcomes: readonly Outcome[]) {
  const again: ForeignItem[] = [];
  const refused: Refused[] = [];
  let stored = 0;
  let repeated = 0;
  for (const [at, item] of items.entries()) {
    const outcome = outcomes[at];
    if (outcome === undefined || outcome.status === TOO_MANY || outcome.status >= 500) again.push(item);
    else if (outcome.status < 300 || outcome.result === "not_found") stored += 1;
    else if (outcome.status === CONFLICT) repeated += 1;
    else refused.push({ item, why: outcome.error?.reason ?? `refused with status ${outcome.status}` });
  }
  return { again, refused, stored, repeated };
}

function rejectOf({ item, why, sender }: Refused & { sender: string }): ForeignReject {
  const { receivedAtUs, index, source } = item;
  return { sender, receivedAtUs, index, reason: why, original: JSON.stringify(source) };
}
