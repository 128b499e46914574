import { Fault } from "../../lib/fault.ts";
import type { ReadWatch } from "../desk/rule-book.ts";
import type { AlertDesk } from "../desk.ts";
import { backtest } from "./backtest.ts";
import type { BacktestDeps, BacktestLimits } from "./backtest-deps.ts";

/** Back-tests that are under way at once: each searches, and holds the thread in slices. */
const AT_ONCE = 2;

/** An answer is awaited for a minute by clients of ours. */
const LIMITS: BacktestLimits = { checks: 20_000, tookMs: 45_000 };

/** The desk's back-tests. Rejects with `watch_invalid` and `backtest_busy` beside what `backtest` rejects with. */
export function createBacktests(deps: Omit<BacktestDeps, "limits"> & { read: ReadWatch }): AlertDesk["backtest"] {
  const { read, ...rest } = deps;
  const more = { ...rest, limits: LIMITS };
  let underWay = 0;
  return async ({ watch, fromMs, untilMs }, signal) => {
    const parsed = read({ id: "backtest", body: watch });
    if (underWay >= AT_ONCE) {
      throw new Fault("backtest_busy", `${underWay} back-tests are under way already: come again in a moment.`, {
        retry: "retryable",
      });
    }
    underWay += 1;
    try {
      return await backtest({ watch: parsed, fromMs, untilMs, signal }, more);
    } finally {
      underWay -= 1;
    }
  };
}
