import type { Clock } from "../../lib/clock.ts";
import { isFault, messageOf } from "../../lib/fault.ts";
import type { Log } from "../../lib/log.ts";
import { sleep } from "../../lib/sleep.ts";
import { classesOf, type Housekeeping, housekeepingState } from "../housekeeping.ts";
import type { Journal } from "../journal.ts";
import type { RetentionLimits } from "../retention.ts";
import type { Retained, StoreState, StoreUse } from "../store.ts";
import type { DatabaseProcess } from "./database-process.ts";

const RETAIN_EVERY_MS = 60_000;
/** Counting rows and bytes reads much more than dropping does. */
const RUNS_A_COUNT = 10;

/** Runs retention, puts documents of a kind side by side and counts what is stored: at the start, every minute if there are limits, and when asked. */
export function startHousekeeping(options: {
  database: DatabaseProcess;
  journal: Pick<Journal, "release">;
  clock: Clock;
  log: Log;
  limits: RetentionLimits | undefined;
  /** By dataset, where its senders want less than the limits. */
  keptMs: () => Readonly<Record<string, number>>;
}): Housekeeping {
  const { database, journal, clock, log, limits, keptMs } = options;
  const stopping = new AbortController();
  let last: Retained | undefined;
  let classes: StoreState["classes"];

  const retain = async (signal?: AbortSignal): Promise<Retained> => {
    // What was loaded while the newest segment was empty is only released now.
    await journal.release(database.state().loaded);
    const outcome = await database.ask<"retain">({ kind: "retain", nowUs: clock.nowUs(), keptMs: keptMs() }, signal);
    last = outcome.retained;
    database.noteRows(outcome.rows);
    await database.ask<"gather">({ kind: "gather", nowUs: clock.nowUs() }, signal);
    return last;
  };
  const use = async (signal?: AbortSignal): Promise<StoreUse> => {
    const found = await database.ask<"use">({ kind: "use" }, signal);
    classes = classesOf(found.datasets);
    return found;
  };

  const run = async (): Promise<void> => {
    await database.opened;
    for (let runs = 0; !stopping.signal.aborted; runs++) {
      try {
        const { droppedDays } = await retain(stopping.signal);
        if (droppedDays > 0 || runs % RUNS_A_COUNT === 0) await use(stopping.signal);
      } catch (error) {
        // That the database is away is said where it goes away.
        if (!stopping.signal.aborted && !isFault(error, "store_unavailable")) {
          log.warn({ error: messageOf(error) }, "The store could not be kept in order");
        }
      }
      await sleep(RETAIN_EVERY_MS, stopping.signal);
    }
  };
  const running = limits === undefined ? Promise.resolve() : run();

  return {
    retain,
    use,
    state: () => housekeepingState({ limits, last, classes }),
    stop() {
      stopping.abort();
      return running;
    },
  };
}
