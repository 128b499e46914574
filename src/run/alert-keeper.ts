import type { Decision } from "../alert/engine/decisions.ts";
import { type DeliveryRecord, deliveryDataset } from "../events/alert-records.ts";
import type { Document } from "../events/document.ts";
import { messageOf } from "../lib/fault.ts";
import type { Log } from "../lib/log.ts";
import { sleep } from "../lib/sleep.ts";
import type { Store } from "../store/store.ts";

/** Makes durable what was decided, and then hands on what is to be sent. */
export type AlertKeeper = {
  keep(decision: Decision, send: (deliveries: readonly DeliveryRecord[]) => void): void;
  /** A document alone. */
  put(document: Document): void;
  /** Resolves when all of it is durable, but for what the store did not take. */
  idle(): Promise<void>;
  /** Decisions that the store did not take, and those that were given up for others. */
  counts(): { waiting: number; dropped: number };
};

/**
 * The journal takes 50 ms. One that takes longer than this is in trouble, of which people must be told all the same:
 * then messages are sent though a kill would send them once more.
 */
const LONGEST_WAIT_MS = 2_000;
const AGAIN_MS = 1_000;
/** What the store does not take waits, so many decisions; the oldest go first. */
const MOST_WAITING = 1_000;

export function createAlertKeeper(deps: {
  store: Pick<Store, "append">;
  log: Log;
  signal: AbortSignal;
  againMs?: number;
}): AlertKeeper {
  const { store, log, signal, againMs = AGAIN_MS } = deps;
  const underWay = new Set<Promise<void>>();
  const refused: (readonly Document[])[] = [];
  let isTryingAgain = false;
  let dropped = 0;

  const track = (work: Promise<void>): Promise<void> => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
    return work;
  };
  const wait = (documents: readonly Document[]): void => {
    // Messages are sent by then, and say themselves what became of them.
    const kept = documents.filter(({ dataset }) => dataset !== deliveryDataset.name);
    if (kept.length === 0) return;
    refused.push(kept);
    if (refused.length > MOST_WAITING) {
      refused.shift();
      dropped += 1;
    }
    if (!isTryingAgain) void tryAgain();
  };
  const tryAgain = async (): Promise<void> => {
    isTryingAgain = true;
    for (let first = refused[0]; first !== undefined && !signal.aborted; first = refused[0]) {
      await sleep(againMs, signal);
      try {
        await store.append(first, { together: true });
        if (refused[0] === first) refused.shift();
      } catch {
        // It was logged when it began.
      }
    }
    isTryingAgain = false;
  };
  const append = async (documents: readonly Document[]): Promise<void> => {
    // An older one must not replace a newer of the same id.
    if (refused.length > 0) {
      wait(documents);
      return;
    }
    try {
      // What a decision is made of is known after a crash as a whole or not at all: none is forgotten, none repeated.
      await store.append(documents, { together: true });
    } catch (error) {
      if (refused.length === 0) log.error({ error: messageOf(error) }, "An alert was not kept yet");
      wait(documents);
    }
  };

  return {
    keep({ documents, deliveries }, send) {
      if (documents.length === 0) return;
      const kept = track(append(documents));
      if (deliveries.length === 0) return;
      const ended = new AbortController();
      void track(
        Promise.race([kept, sleep(LONGEST_WAIT_MS, ended.signal)]).then(() => {
          ended.abort();
          send(deliveries);
        }),
      );
    },
    put: (document) => void track(append([document])),
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    counts: () => ({ waiting: refused.length, dropped }),
  };
}
