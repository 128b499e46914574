import { messageOf } from "../../lib/fault.ts";
import type { RoutedAction } from "../send/routes.ts";
import type { WatchAction } from "../watch.ts";
import { hideContentSecrets } from "../watch-secrets.ts";
import type { Prepared, Preparing, TellingAction } from "./decisions.ts";
import { andThen } from "./lanes.ts";

/** An action of a watch: its templates are rendered with what the check found. */
export function ownAction(action: WatchAction): TellingAction {
  const { id, kind, throttlePeriodMs } = action;
  return {
    id,
    kind,
    throttlePeriodMs,
    prepare: ({ ctx, ports, alert, metric }) =>
      andThen(action.render(ctx, ports), (rendered): Prepared => {
        if (rendered.kind !== "contents") return rendered;
        const beside = {
          ...(alert === undefined ? {} : { alert }),
          ...(metric === undefined || kind !== "email" ? {} : { metric }),
        };
        return {
          kind: "contents",
          // Passwords stand in the watch, and are put in again when it is sent.
          contents: rendered.contents.map((content) => ({ action: hideContentSecrets(content), ...beside })),
        };
      }),
  };
}

/** An action of a route of the configuration: its templates are rendered with the alert. */
export function routedAction({ name, kind, content }: RoutedAction): TellingAction {
  return { id: name, kind, throttlePeriodMs: undefined, prepare };

  async function prepare({ alert, stage, decidedMs, metric }: Preparing): Promise<Prepared> {
    if (alert === undefined) return { kind: "condition_not_met" };
    try {
      return { kind: "contents", contents: [await content({ alert, stage, decidedMs, metric })] };
    } catch (error) {
      return { kind: "failed", type: "illegal_argument_exception", reason: messageOf(error) };
    }
  }
}
