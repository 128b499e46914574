import { messageOf } from "../../lib/fault.ts";
import type { WatchContext } from "../context.ts";
import { andThen } from "../engine/lanes.ts";
import type { Watch, WatchCheck } from "../watch.ts";
import type { MetricPoints } from "./metric-points.ts";

/** What the checks of a watch came to. */
export type Tried = {
  checks: number;
  failures: number;
  /** Why the first of them failed. */
  failure: string | undefined;
};

/** The watch with its checks counted, and its figure noted at each. */
export function triedWatch(watch: Watch, metric: MetricPoints): { watch: Watch; tried: Tried } {
  const tried: Tried = { checks: 0, failures: 0, failure: undefined };
  const { alert } = watch;

  const failed = (reason: string): void => {
    tried.failures += 1;
    tried.failure ??= reason;
  };
  const note = (check: WatchCheck, ctx: WatchContext, nowMs: number): WatchCheck => {
    if (check.error !== undefined) failed(check.error.reason);
    else if (alert?.metric !== undefined) {
      const { value } = alert.metric;
      // Of several things that are judged at once the greatest is drawn.
      const values = alert
        .each({ ...ctx, payload: check.payload })
        .flatMap((one) => value(one) ?? [])
        .filter(Number.isFinite);
      if (values.length > 0) metric.add(nowMs, Math.max(...values));
    }
    return check;
  };

  return {
    tried,
    watch: {
      ...watch,
      check(ctx, ports) {
        tried.checks += 1;
        try {
          return andThen(watch.check(ctx, ports), (check) => note(check, ctx, ports.nowMs));
        } catch (error) {
          failed(messageOf(error));
          throw error;
        }
      },
    },
  };
}
