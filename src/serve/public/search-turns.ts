import { Fault } from "../../lib/fault.ts";
import type { ServedStore } from "../api/handlers.ts";

/** How many searches of the public the store carries out at once, and how many more may wait. */
export type TurnLimits = { atOnce: number; waiting: number };

/** The embedded store has four connections for searches: two always stay for those who run the monitor. */
export const USUAL_TURNS: TurnLimits = { atOnce: 2, waiting: 256 };

/** Does work in turn. */
export type Turns = <T>(signal: AbortSignal | undefined, work: () => Promise<T>) => Promise<T>;

/** So much work at once, first come, first served; rejects with `too_many_requests` when too much waits. */
export function createTurns({ atOnce, waiting: most }: TurnLimits): Turns {
  const waiting: (() => void)[] = [];
  let underWay = 0;

  const enter = async (signal: AbortSignal | undefined): Promise<void> => {
    signal?.throwIfAborted();
    if (underWay < atOnce) {
      underWay += 1;
      return;
    }
    if (waiting.length >= most) {
      const sentence = `Come again in a moment: ${most} searches wait already.`;
      throw new Fault("too_many_requests", sentence, { retry: "retryable" });
    }
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
  };
  /** The place goes straight to the next in line. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) underWay -= 1;
    else next();
  };

  return async (signal, work) => {
    await enter(signal);
    try {
      return await work();
    } finally {
      leave();
    }
  };
}

/** The store as the public has it: whatever reads there waits for its turn, and there is no SQL. */
export function inTurns(store: ServedStore, turns: Turns): ServedStore {
  const { foreign } = store;
  return {
    search: (index, request, options) => turns(options?.signal, () => store.search(index, request, options)),
    use: (signal) => turns(signal, () => store.use(signal)),
    foreign: { indices: (signal) => turns(signal, () => foreign.indices(signal)) },
    state: () => store.state(),
    append: (documents) => store.append(documents),
    settled: (signal) => store.settled(signal),
  };
}
