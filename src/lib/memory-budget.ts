/** Bytes that several holders share. */
export type MemoryBudget = {
  /** Takes bytes at once, or false when there are not so many. */
  tryReserve(bytes: number): boolean;
  /**
   * Takes bytes as soon as there are so many, first come, first served; more than there ever are as soon as nobody else
   * has any. Rejects with the signal's reason.
   */
  reserve(bytes: number, signal: AbortSignal): Promise<void>;
  release(bytes: number): void;
  /** Taken now. */
  readonly held: number;
};

export function createMemoryBudget(limitBytes: number): MemoryBudget {
  let held = 0;
  const waiting: { bytes: number; go: () => void }[] = [];
  const fits = (bytes: number) => held === 0 || held + bytes <= limitBytes;
  const serveNext = () => {
    for (let next = waiting[0]; next !== undefined && fits(next.bytes); next = waiting[0]) {
      held += next.bytes;
      waiting.shift();
      next.go();
    }
  };
  return {
    tryReserve(bytes) {
      if (waiting.length > 0 || !fits(bytes)) return false;
      held += bytes;
      return true;
    },
    async reserve(bytes, signal) {
      signal.throwIfAborted();
      if (this.tryReserve(bytes)) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiter = { bytes, go: resolve };
      const leave = () => {
        waiting.splice(waiting.indexOf(waiter), 1);
        serveNext();
        reject(signal.reason);
      };
      waiting.push(waiter);
      signal.addEventListener("abort", leave, { once: true });
      await promise;
      signal.removeEventListener("abort", leave);
    },
    release(bytes) {
      held -= bytes;
      serveNext();
    },
    get held() {
      return held;
    },
  };
}
