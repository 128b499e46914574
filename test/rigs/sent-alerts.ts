import type { DeliveryContent, ToldAlert } from "../../src/alert/send/delivery-content.ts";
import { deliveryIdOf } from "../../src/alert/send/delivery-content.ts";
import type { ActionKind } from "../../src/alert/watch.ts";
import type { DeliveryRecord } from "../../src/events/alert-records.ts";

export const NIGHT_MS = Date.UTC(2026, 10, 28, 3, 12, 11);

/** An alert of a late block, in the night. */
export function lateBlock(changes: Partial<ToldAlert> = {}): ToldAlert {
  return {
    id: `late-block/00000000000000aa/${NIGHT_MS}`,
    rule: "late-block",
    about: "12345678",
    scope: "network",
    state: "open",
    severity: "high",
    title: "The block of slot 12345678 came 6.2 s late",
    text: "Most nodes voted before it came, so that it may be reorged.",
    check_first: "Whether its relay or its builder was slow.",
    link: "/slots/12345678",
    slot: 12345678,
    nodes: ["lighthouse-1", "teku-2"],
    since_ms: NIGHT_MS,
    last_ms: NIGHT_MS,
    until_ms: null,
    met: 1,
    acknowledged_ms: null,
    ...changes,
  };
}

/** A delivery of it, pending. */
export function deliveryOf(
  changes: Partial<Omit<DeliveryRecord, "content" | "kind">> & {
    kind?: ActionKind;
    content?: Partial<DeliveryContent>;
    told?: ToldAlert | null;
    number?: number;
  } = {},
): DeliveryRecord {
  const { content, told = lateBlock(), number = 0, ...record } = changes;
  const action = record.action ?? "email";
  const alert = told === null ? undefined : told;
  return {
    id: deliveryIdOf({ alert: alert?.id ?? "plain", action, number }),
    watch: alert?.rule ?? "plain",
    action,
    kind: "email",
    alert: alert?.id ?? null,
    stage: alert === undefined ? null : "new",
    status: "pending",
    decided_ms: NIGHT_MS,
    done_ms: null,
    attempts: 0,
    reason: null,
    by_fallback: null,
    ...record,
    content: { action: {}, ...(alert === undefined ? {} : { alert }), ...content },
  };
}
