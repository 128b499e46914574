import type { Log } from "../../lib/log.ts";

/** What is being done now, and what waits for time. */
export type WorkInHand = {
  /** Work that `settled` waits for; what it throws is logged, and ends nothing. */
  begin(work: () => Promise<void>): void;
  /** Called within work: waits for the next tick, idle meanwhile. Rejects when the signal aborts. */
  untilTick(): Promise<void>;
  tick(): void;
  /** Resolves when nothing can be done before time passes. */
  settled(): Promise<void>;
};

export function createWorkInHand({ log, signal }: { log: Log; signal: AbortSignal }): WorkInHand {
  let active = 0;
  let waiting = 0;
  let ticked = Promise.withResolvers<void>();
  let idle = Promise.withResolvers<void>();
  idle.resolve();
  const start = () => {
    if (active === 0) idle = Promise.withResolvers();
    active += 1;
  };
  const end = () => {
    active -= 1;
    if (active === 0) idle.resolve();
  };
  const tick = () => {
    // They are at work again from now on, not only when they come to run.
    for (; waiting > 0; waiting -= 1) start();
    ticked.resolve();
    ticked = Promise.withResolvers();
  };
  signal.addEventListener("abort", tick, { once: true });
  return {
    begin(work) {
      start();
      work()
        .catch((error: unknown) => {
          if (!signal.aborted) log.error({ error }, "The outbox failed at a message");
        })
        .finally(end);
    },
    async untilTick() {
      signal.throwIfAborted();
      const next = ticked.promise;
      waiting += 1;
      end();
      await next;
      signal.throwIfAborted();
    },
    tick,
    settled: () => idle.promise,
  };
}
