import type { AlertRecord, AlertStage, DeliveryRecord, Told } from "../../events/alert-records.ts";
import { alertDataset, deliveryDataset, pendingDelivery } from "../../events/alert-records.ts";
import type { Document } from "../../events/document.ts";
import { documentOf } from "../../events/record.ts";
import type { AlertChange } from "../alerts/alert-book.ts";
import type { WatchContext } from "../context.ts";
import { alertVariables } from "../send/alert-variables.ts";
import {
  type DeliveryContent,
  deliveryIdOf,
  type MetricSeries,
  plainDeliveryIdOf,
  type ToldAlert,
} from "../send/delivery-content.ts";
import type { ActionKind, RenderedAction, WatchPorts } from "../watch.ts";

/** What is to be made durable at once, and then sent. */
export type Decision = {
  /** Alerts, deliveries, histories and states. */
  documents: readonly Document[];
  /** Of them those that are to be sent. */
  deliveries: readonly DeliveryRecord[];
  /** New or changed. */
  alerts: readonly AlertRecord[];
};

/** An action of a watch, or one that a route of the configuration adds. */
export type TellingAction = {
  id: string;
  kind: ActionKind;
  throttlePeriodMs: number | undefined;
  /** What is to be sent. Never throws or rejects. */
  prepare(asked: Preparing): Prepared | Promise<Prepared>;
};

/** Of a plain watch there is no alert. */
export type Preparing = {
  ctx: WatchContext;
  ports: WatchPorts;
  alert: ToldAlert | undefined;
  stage: AlertStage;
  decidedMs: number;
  metric: MetricSeries | undefined;
};

export type Prepared =
  | { kind: "contents"; contents: readonly DeliveryContent[] }
  | Exclude<RenderedAction, { kind: "contents" }>;

/** What an action is about to be run for. */
export type Due = { action: TellingAction; stage: AlertStage };

/**
 * Which actions a change of an alert calls for: all of them when it is new or worse, and when it is over where its rule
 * says so; again and again only where a period was set, and nobody has acknowledged it.
 */
export function dueActions(input: {
  change: AlertChange;
  actions: readonly TellingAction[];
  throttlePeriodMs: number | undefined;
  tellOver: boolean;
  nowMs: number;
}): Due[] {
  const { change, actions, throttlePeriodMs, tellOver, nowMs } = input;
  const { kind, alert } = change;
  const all = (stage: AlertStage) => actions.map((action) => ({ action, stage }));
  // Who was not told that it began is not told that it is over.
  const wasTold = (id: string) =>
    alert.told.some(({ action, status }) => action === id && (status === "pending" || status === "delivered"));
  if (kind === "over") return tellOver ? all("over").filter(({ action }) => wasTold(action.id)) : [];
  if (kind !== "again") return all(kind);
  if (alert.state === "acknowledged") return [];
  return all("repeat").filter(({ action }) => {
    const periodMs = action.throttlePeriodMs ?? throttlePeriodMs;
    const last = alert.told.findLast((told) => told.action === action.id);
    return periodMs !== undefined && last !== undefined && nowMs - last.at_ms >= periodMs;
  });
}

/** `ctx` for the actions of an alert: `ctx.vars.alert` says what it is and how it stands. */
export function withAlert(
  ctx: WatchContext,
  { alert, stage, nowMs }: { alert: AlertRecord; stage: AlertStage; nowMs: number },
): WatchContext {
  return { ...ctx, vars: { ...ctx.vars, alert: alertVariables({ alert, stage, nowMs }) } };
}

/** The deliveries of one prepared action, one for each content. */
export function deliveriesOf(input: {
  watch: string;
  due: Due;
  contents: readonly DeliveryContent[];
  alert: AlertRecord | undefined;
  silenced: string | undefined;
  /** Numbers the messages of a plain watch, which may be several within one millisecond. */
  nextNumber(): number;
  nowMs: number;
}): DeliveryRecord[] {
  const { watch, due, contents, alert, silenced, nextNumber, nowMs } = input;
  const { action, stage } = due;
  return contents.map((content, i) => {
    const delivery = pendingDelivery({
      id:
        alert === undefined
          ? plainDeliveryIdOf({ watch, action: action.id, decidedMs: Math.round(nowMs), number: nextNumber() })
          : deliveryIdOf({ alert: alert.id, action: action.id, number: toldBefore(alert, action.id, nowMs) + i }),
      watch,
      action: action.id,
      kind: action.kind,
      alert: alert?.id ?? null,
      stage: alert === undefined ? null : stage,
      decided_ms: nowMs,
      content,
    });
    return silenced === undefined
      ? delivery
      : { ...delivery, status: "silenced" as const, done_ms: nowMs, reason: silenced };
  });
}

/** An alert that repeats for weeks keeps its newest messages; each of all is a document of its own. */
export const MOST_TOLD = 200;

/** What an action was to tell of an alert before; where that is no longer known, a number that was not used. */
function toldBefore({ told }: AlertRecord, action: string, nowMs: number): number {
  return told.length < MOST_TOLD ? told.filter((one) => one.action === action).length : Math.round(nowMs);
}

export function toldOf({ id, action, stage, status, decided_ms, reason }: DeliveryRecord): Told {
  return {
    delivery: id,
    action,
    stage: stage ?? "new",
    at_ms: decided_ms,
    status,
    ...(reason === null ? {} : { reason }),
  };
}

/** Its time is when it began. */
export function alertDocument(alert: AlertRecord): Document {
  const timestampUs = Math.round(alert.since_ms * 1000);
  return documentOf({ dataset: alertDataset, record: alert, timestampUs, id: alert.id });
}

/** Its time is when it was decided. */
export function deliveryDocument(delivery: DeliveryRecord): Document {
  const timestampUs = Math.round(delivery.decided_ms * 1000);
  return documentOf({ dataset: deliveryDataset, record: delivery, timestampUs, id: delivery.id });
}
