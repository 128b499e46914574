import type { AlertRecord } from "../../events/alert-records.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { newAlert } from "../alerts/alert-book.ts";
import type { WatchContext } from "../context.ts";
import { withAlert } from "../engine/decisions.ts";
import { foundBy, lifeOf } from "../engine/findings.ts";
import type { DeliveryContent, ToldAlert } from "../send/delivery-content.ts";
import type { RenderedAction, Watch, WatchCheck } from "../watch.ts";
import { hideContentSecrets } from "../watch-secrets.ts";

/** What actions are rendered with, and the alert that they would tell of; a plain watch has none. */
export type Trial = { ctx: WatchContext; alert?: AlertRecord };

/** Of more alerts it would tell the same. */
const MOST_TRIALS = 10;

/** What a check found, each thing as its alert would begin now; nothing of it is kept. */
export function trialsOf(of: { watch: Watch; check: WatchCheck; ctx: WatchContext; nowMs: number }): Trial[] {
  const { watch, check, ctx, nowMs } = of;
  if (watch.alert === undefined) return [{ ctx: { ...ctx, payload: check.payload } }];
  const life = lifeOf(watch);
  return foundBy(watch, check, ctx)
    .slice(0, MOST_TRIALS)
    .map((found) => {
      const alert = newAlert({ life, found, sinceMs: nowMs, nowMs });
      return { alert, ctx: withAlert(found.ctx, { alert, stage: "new", nowMs }) };
    });
}

/** What an action gave for each alert, as one. */
export function together(rendered: readonly RenderedAction[]): RenderedAction {
  const failed = rendered.find(({ kind }) => kind === "failed");
  if (failed !== undefined) return failed;
  const contents = rendered.flatMap((one) => (one.kind === "contents" ? one.contents : []));
  const isMet = rendered.some(({ kind }) => kind === "contents");
  return isMet ? { kind: "contents", contents } : { kind: "condition_not_met" };
}

/** What is to be sent of it: with the alert, which texts are made from where the action has none. */
export function contentsOf({ alert }: Trial, rendered: RenderedAction | undefined): DeliveryContent[] {
  if (rendered?.kind !== "contents") return [];
  const { told: _, ...about } = alert ?? { told: [] };
  const beside = alert === undefined ? {} : { alert: about as ToldAlert };
  return rendered.contents.map((content) => ({ action: hideContentSecrets(content), ...beside }));
}

/** Watcher's record, and the alerts that the check found. */
export function withAlerts(record: JsonObject, trials: readonly Trial[]): JsonObject {
  const found = trials.flatMap(({ alert }) => (alert === undefined ? [] : [alert]));
  if (found.length === 0) return record;
  const alerts = found.map(({ about, severity, title, text, slot, nodes }) => {
    return { about, severity, title, text, slot, nodes: [...nodes] };
  });
  return { ...record, result: { ...(record["result"] as JsonObject), alerts } };
}
