import type { AlertRecord, DeliveryRecord } from "../../../src/serve/views.ts";

/** An alert as the API tells it; `sinceMs` is part of its id. */
export function alertOf(sinceMs: number, changes: Partial<AlertRecord> = {}): AlertRecord {
  return {
    id: `late-blocks/0011223344556677/${sinceMs}`,
    rule: "late-blocks",
    about: "network",
    scope: "network",
    state: "open",
    severity: "warning",
    title: "Block came late",
    text: "It came 4500 ms into its slot.",
    check_first: null,
    link: null,
    slot: null,
    nodes: [],
    since_ms: sinceMs,
    last_ms: sinceMs,
    until_ms: null,
    met: 1,
    acknowledged_ms: null,
    told: [],
    ...changes,
  };
}

/** A message of it by e-mail. */
export function deliveryOf(alert: AlertRecord, changes: Partial<DeliveryRecord> = {}): DeliveryRecord {
  return {
    id: `${alert.id}/email/0`,
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
    by_fallback: null,
    content: { action: { to: ["ops@example.org"] } },
    ...changes,
  };
}
