import {
  type AlertRecord,
  alertDataset,
  type DeliveryRecord,
  deliveryDataset,
  type WatchHistoryRecord,
  watchHistoryDataset,
} from "../../src/events/alert-records.ts";
import type { Document } from "../../src/events/document.ts";
import { documentOf } from "../../src/events/record.ts";
import { slotStartMs } from "./serve-fixtures.ts";

/** An alert of the rule `late-blocks` that began with a slot. */
export function alertRecord(slot: number, changes: Partial<AlertRecord> = {}): AlertRecord {
  const since_ms = slotStartMs(slot) + 4_500.5;
  return {
    id: `late-blocks/00112233445566${String(slot).padStart(2, "0").slice(-2)}/${Math.floor(since_ms)}`,
    rule: "late-blocks",
    about: "network",
    scope: "network",
    state: "open",
    severity: "warning",
    title: `Block of slot ${slot} came late`,
    text: "It came 4500 ms into its slot.",
    check_first: "Whether the proposer is one of yours.",
    link: `/slots/${slot}`,
    slot,
    nodes: ["n1", "n2"],
    since_ms,
    last_ms: since_ms,
    until_ms: null,
    met: 1,
    acknowledged_ms: null,
    told: [{ action: "email", stage: "new", at_ms: since_ms, status: "delivered", delivered_ms: since_ms + 80 }],
    ...changes,
  };
}

export const alertDocument = (record: AlertRecord): Document =>
  documentOf({
    dataset: alertDataset,
    record,
    timestampUs: Math.round(record.since_ms * 1000),
    id: record.id,
  });

export function deliveryRecord(alert: AlertRecord, changes: Partial<DeliveryRecord> = {}): DeliveryRecord {
  return {
    id: `${alert.id}/email/new/${alert.since_ms}`,
    watch: alert.rule,
    action: "email",
    kind: "email",
    alert: alert.id,
    stage: "new",
    status: "delivered",
    decided_ms: alert.since_ms,
    done_ms: alert.since_ms + 80,
    attempts: 1,
    reason: null,
    by_fallback: false,
    content: { subject: alert.title },
    ...changes,
  };
}

export const deliveryDocument = (record: DeliveryRecord): Document =>
  documentOf({
    dataset: deliveryDataset,
    record,
    timestampUs: Math.round(record.decided_ms * 1000),
    id: record.id,
  });

/** An execution of the rule `late-blocks`. */
export function executionRecord(slot: number, changes: Partial<WatchHistoryRecord> = {}): WatchHistoryRecord {
  return {
    watch: "late-blocks",
    state: "executed",
    met: true,
    slot,
    took_ms: 1.25,
    reason: null,
    alerts: [alertRecord(slot).id],
    record: { watch_id: "late-blocks", state: "executed" },
    ...changes,
  };
}

export const executionDocument = (record: WatchHistoryRecord, atMs: number): Document =>
  documentOf({ dataset: watchHistoryDataset, record, timestampUs: Math.round(atMs * 1000) });
