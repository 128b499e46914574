import { messageOf } from "../../lib/fault.ts";
import type { WatchContext } from "../context.ts";
import { andThen } from "../engine/lanes.ts";
import { parseWatch } from "../watch/parse-watch.ts";
import type { Watch, WatchCheck, WatchPorts } from "../watch.ts";
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
  const unconditional = withoutCondition(watch);

  const failed = (reason: string): void => {
    tried.failures += 1;
    tried.failure ??= reason;
  };
  const note = (check: WatchCheck, ctx: WatchContext, ports: WatchPorts): WatchCheck => {
    if (check.error !== undefined) failed(check.error.reason);
    else {
      const shown = check.met || !metric.wants(ports.nowMs) ? check : (unconditional?.check(ctx, ports) ?? check);
      const value = shown instanceof Promise ? undefined : figureOf(watch, shown, ctx);
      if (value !== undefined) metric.add(ports.nowMs, value);
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
          return andThen(watch.check(ctx, ports), (check) => note(check, ctx, ports));
        } catch (error) {
          failed(messageOf(error));
          throw error;
        }
      },
    },
  };
}

/**
 * A transform, which may make the figure, is run where the condition is met alone: of a document's check, which costs
 * little, the figure is of interest before, too.
 */
function withoutCondition({ id, source, trigger, alert }: Watch): Watch | undefined {
  if (alert?.metric === undefined || trigger.kind !== "stream" || source["transform"] === undefined) return undefined;
  return parseWatch({ id, body: { ...source, condition: { always: {} } } });
}

/** Of several things that are judged at once the greatest. */
function figureOf({ alert }: Watch, { payload, error }: WatchCheck, ctx: WatchContext): number | undefined {
  if (alert?.metric === undefined || error !== undefined) return undefined;
  const { value } = alert.metric;
  const values = alert
    .each({ ...ctx, payload })
    .flatMap((one) => value(one) ?? [])
    .filter(Number.isFinite);
  return values.length === 0 ? undefined : Math.max(...values);
}
