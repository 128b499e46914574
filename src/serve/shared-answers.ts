import type { Clock } from "../lib/clock.ts";

/** An answer that is not made yet: those that have the same key are equal. */
export type Shareable<T> = { key: string; make(signal: AbortSignal): Promise<T> };

/** Answers that equal requests share. */
export type SharedAnswers = {
  /**
   * The answer under this key: one that is being made or was made a moment ago, else a new one. What is being made is
   * stopped once nobody waits for it any more.
   */
  get(asked: { key: string; signal: AbortSignal; make: (signal: AbortSignal) => Promise<string> }): Promise<string>;
  /** Gives none of the answers before again, nor what is being made. */
  clear(): void;
};

type Making = { answer: Promise<string>; stop: AbortController; waiting: number };

/** `keepMs` is how long an answer is given again, `keepChars` how much is held of them; larger ones are not kept. */
export function createSharedAnswers(options: { clock: Clock; keepMs: number; keepChars: number }): SharedAnswers {
  const { clock, keepMs, keepChars } = options;
  const making = new Map<string, Making>();
  // In the order in which they were made.
  const made = new Map<string, { answer: string; atUs: number }>();
  let chars = 0;

  const drop = (key: string): void => {
    chars -= made.get(key)?.answer.length ?? 0;
    made.delete(key);
  };
  const isOld = ({ atUs }: { atUs: number }) => clock.monoUs() - atUs >= keepMs * 1000;
  const keep = (key: string, answer: string): void => {
    drop(key);
    if (keepMs === 0 || answer.length > keepChars / 4) return;
    made.set(key, { answer, atUs: clock.monoUs() });
    chars += answer.length;
    for (const [first, one] of made) {
      if (chars <= keepChars && !isOld(one)) break;
      drop(first);
    }
  };
  const begin = (key: string, make: (signal: AbortSignal) => Promise<string>): Making => {
    const stop = new AbortController();
    const answer = make(stop.signal);
    const one = { answer, stop, waiting: 0 };
    making.set(key, one);
    const end = () => {
      if (making.get(key) === one) making.delete(key);
    };
    answer.then((text) => {
      if (making.get(key) === one) keep(key, text);
      end();
    }, end);
    return one;
  };

  return {
    clear() {
      making.clear();
      made.clear();
      chars = 0;
    },
    async get({ key, signal, make }) {
      signal.throwIfAborted();
      const kept = made.get(key);
      if (kept !== undefined && !isOld(kept)) return kept.answer;
      const one = making.get(key) ?? begin(key, make);
      one.waiting += 1;
      const { promise: gone, reject } = Promise.withResolvers<never>();
      const leave = () => reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      try {
        return await Promise.race([one.answer, gone]);
      } finally {
        signal.removeEventListener("abort", leave);
        one.waiting -= 1;
        if (one.waiting === 0) {
          if (making.get(key) === one) making.delete(key);
          one.stop.abort();
        }
      }
    },
  };
}
