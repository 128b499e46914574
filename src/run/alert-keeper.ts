import type { Decision } from "../alert/engine/decisions.ts";
import type { DeliveryRecord } from "../events/alert-records.ts";
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
  /** Resolves when all of it is durable or given up. */
  idle(): Promise<void>;
};

/**
 * The journal takes 50 ms. One that takes longer than this is in trouble, of which people must be told all the same:
 * then messages are sent though a kill would send them once more.
 */
const LONGEST_WAIT_MS = 2_000;

export function createAlertKeeper({ store, log }: { store: Pick<Store, "append">; log: Log }): AlertKeeper {
  const underWay = new Set<Promise<void>>();
  let isFailing = false;

  const append = async (documents: readonly Document[]): Promise<void> => {
    try {
      // What a decision is made of is known after a crash as a whole or not at all: none is forgotten, none repeated.
      await store.append(documents, { together: true });
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.error({ error: messageOf(error) }, "An alert was not kept");
      isFailing = true;
    }
  };
  const track = (work: Promise<void>): void => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };

  return {
    keep({ documents, deliveries }, send) {
      if (documents.length === 0) return;
      const kept = append(documents);
      track(kept);
      if (deliveries.length === 0) return;
      const ended = new AbortController();
      const sent = Promise.race([kept, sleep(LONGEST_WAIT_MS, ended.signal)]).then(() => {
        ended.abort();
        send(deliveries);
      });
      track(sent);
    },
    put: (document) => track(append([document])),
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
