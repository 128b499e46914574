/** Bytes that several holders share. */
export type MemoryBudget = {
  /** Takes bytes at once, or false when there are not so many. */
  tryReserve(bytes: number): boolean;
  /** Takes bytes as soon as there are so many, first come, first served. More than all there ever is counts as all. */
  reserve(bytes: number): Promise<void>;
  release(bytes: number): void;
  /** Taken now. */
  readonly held: number;
};

export function createMemoryBudget(limitBytes: number): MemoryBudget {
  let held = 0;
  const waiting: { bytes: number; go: () => void }[] = [];
  const fits = (bytes: number) => held === 0 || held + bytes <= limitBytes;
  return {
    tryReserve(bytes) {
      if (waiting.length > 0 || !fits(bytes)) return false;
      held += bytes;
      return true;
    },
    reserve(bytes) {
      if (this.tryReserve(bytes)) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ bytes, go: resolve }));
    },
    release(bytes) {
      held -= bytes;
      for (let next = waiting[0]; next !== undefined && fits(next.bytes); next = waiting[0]) {
        held += next.bytes;
        waiting.shift();
        next.go();
      }
    },
    get held() {
      return held;
    },
  };
}
