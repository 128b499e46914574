/** Places of which so many are taken at once; who comes later waits, first come, first served. */
export type WaitingLine = {
  /** Resolves with a place taken. Rejects with the signal's reason, or with what is said when too many wait. */
  enter(signal?: AbortSignal): Promise<void>;
  /** Gives a place back. */
  leave(): void;
};

export function createWaitingLine(limits: { atOnce: number; waiting: number; tooMany: () => Error }): WaitingLine {
  const { atOnce, tooMany } = limits;
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    async enter(signal) {
      signal?.throwIfAborted();
      if (taken < atOnce) {
        taken += 1;
        return;
      }
      if (waiting.length >= limits.waiting) throw tooMany();
      await new Promise<void>((resolve, reject) => {
        const turn = () => {
          signal?.removeEventListener("abort", giveUp);
          resolve();
        };
        const giveUp = () => {
          waiting.splice(waiting.indexOf(turn), 1);
          reject(signal?.reason);
        };
        waiting.push(turn);
        signal?.addEventListener("abort", giveUp, { once: true });
      });
    },
    // The place goes straight to the next in line.
    leave() {
      const next = waiting.shift();
      if (next === undefined) taken -= 1;
      else next();
    },
  };
}
