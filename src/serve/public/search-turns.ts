import { Fault } from "../../lib/fault.ts";
import { createWaitingLine } from "../../lib/waiting-line.ts";
import type { ServedStore } from "../api/handlers.ts";

/** How many searches of the public the store carries out at once, and how many more may wait. */
export type TurnLimits = { atOnce: number; waiting: number };

/** The embedded store has four connections for searches: two always stay for those who run the monitor. */
export const USUAL_TURNS: TurnLimits = { atOnce: 2, waiting: 256 };

/** Does work in turn. */
export type Turns = <T>(signal: AbortSignal | undefined, work: () => Promise<T>) => Promise<T>;

/** So much work at once, first come, first served; rejects with `too_many_requests` when too much waits. */
export function createTurns({ atOnce, waiting }: TurnLimits): Turns {
  const line = createWaitingLine({
    atOnce,
    waiting,
    tooMany: () => {
      const sentence = `Come again in a moment: ${waiting} searches wait already.`;
      return new Fault("too_many_requests", sentence, { retry: "retryable" });
    },
  });
  return async (signal, work) => {
    await line.enter(signal);
    try {
      return await work();
    } finally {
      line.leave();
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
