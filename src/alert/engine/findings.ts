import type { AlertLife, Found } from "../alerts/alert-book.ts";
import type { WatchContext } from "../context.ts";
import type { Watch, WatchCheck } from "../watch.ts";

/** A plain watch of Watcher has one alert at a time, over when its condition is first not met. */
const AT_ONCE = { unit: "ms", count: 0 } as const;

/** How the alerts of a watch live. */
export function lifeOf({ id, alert }: Watch): AlertLife {
  if (alert === undefined) return { id, scope: "monitor", holdsFor: undefined, overAfter: AT_ONCE, event: false };
  const { scope, holdsFor, overAfter, event } = alert;
  return { id, scope, holdsFor, overAfter, event };
}

/** What a check found, each thing it is about by itself; empty where the condition was not met. */
export function foundBy(watch: Watch, { met, payload }: WatchCheck, ctx: WatchContext): Found[] {
  if (!met) return [];
  const seen: WatchContext = { ...ctx, payload };
  const { alert } = watch;
  if (alert === undefined) return [plainFinding(watch, seen)];
  return alert.each(seen).map((one) => ({
    about: alert.about(one),
    severity: alert.severity(one),
    title: alert.title(one),
    text: alert.text(one),
    checkFirst: alert.checkFirst,
    link: alert.link(one),
    slot: alert.slot(one),
    nodes: alert.nodes(one),
    ctx: one,
  }));
}

/**
 * What was judged and is not met: of a search everything that it did not find; of one document what that is about, which
 * says nothing of others.
 */
export function notMetBy(watch: Watch, { met, payload }: WatchCheck, ctx: WatchContext): "all" | readonly string[] {
  if (watch.trigger.kind === "schedule" || watch.alert === undefined) return "all";
  if (met) return [];
  const { alert } = watch;
  return alert.each({ ...ctx, payload }).map((one) => alert.about(one));
}

function plainFinding({ id, metadata }: Watch, ctx: WatchContext): Found {
  const name = metadata["name"];
  const title = typeof name === "string" ? name : `The condition of ${id} is met`;
  return {
    about: "",
    severity: "warning",
    title,
    text: title,
    checkFirst: undefined,
    link: undefined,
    slot: undefined,
    nodes: [],
    ctx,
  };
}
