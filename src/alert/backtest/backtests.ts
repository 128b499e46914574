import { Fault } from "../../lib/fault.ts";
import type { ReadWatch } from "../desk/rule-book.ts";
import type { AlertDesk } from "../desk.ts";
import { backtest } from "./backtest.ts";
import type { BacktestDeps } from "./backtest-deps.ts";

/** Back-tests that are under way at once: each searches, and holds the thread in slices. */
const AT_ONCE = 2;

/** The desk's back-tests. Rejects with `watch_invalid` and `backtest_busy` beside what `backtest` rejects with. */
export function createBacktests(deps: BacktestDeps & { read: ReadWatch }): AlertDesk["backtest"] {
  const { read, ...more } = deps;
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
