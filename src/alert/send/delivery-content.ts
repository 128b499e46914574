import { createHash } from "node:crypto";
import { z } from "zod";
import type { AlertRecord } from "../../events/alert-records.ts";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";

/** `content` of a delivery: all that is needed to send it, after a restart, too. */
export type DeliveryContent = {
  /**
   * What the action says, rendered, in Watcher's own form: an e-mail's `to`, `subject`, `body`; a webhook's `url`, `body`;
   * of `index` also the `payload`. Empty for an alert's e-mail or chat message: its texts are made from the alert.
   */
  action: JsonObject;
  /** Of an alert: as it was when this was decided. */
  alert?: ToldAlert | undefined;
  metric?: MetricSeries | undefined;
  /** Name of the route whose action it is; undefined for a watch's own. */
  route?: string | undefined;
  /** Words of ours: a summary, a digest, or what a fallback says of a watch's own message. */
  message?: OwnMessage | undefined;
  /** Addresses or rooms that have it already, and those that refused it, while others are still to get it. */
  delivered_to?: readonly string[] | undefined;
  refused_by?: readonly string[] | undefined;
  /** The same of the fallback's recipients. */
  fallback_done?: RecipientsDone | undefined;
};

export type RecipientsDone = Required<Pick<DeliveryContent, "delivered_to" | "refused_by">>;

export type OwnMessage = { subject: string; text: string; html: string };

export type ToldAlert = Omit<AlertRecord, "told">;

/** What the picture in a mail shows. */
export type MetricSeries = {
  title: string;
  unit: string;
  /** Moments in ms and values, oldest first. */
  points: readonly (readonly [number, number])[];
  threshold?: number | undefined;
  /** Moments in ms at which the condition was first met. */
  marks: readonly number[];
};

const series = z.object({
  title: z.string(),
  unit: z.string(),
  points: z.array(z.tuple([z.number(), z.number()])),
  threshold: z.number().optional(),
  marks: z.array(z.number()),
});

const stored = z.object({
  action: z.record(z.string(), z.custom<Json>()),
  alert: z.custom<ToldAlert>((value) => typeof value === "object" && value !== null).optional(),
  metric: series.optional(),
  route: z.string().optional(),
  message: z.object({ subject: z.string(), text: z.string(), html: z.string() }).optional(),
  delivered_to: z.array(z.string()).optional(),
  refused_by: z.array(z.string()).optional(),
  fallback_done: z.object({ delivered_to: z.array(z.string()), refused_by: z.array(z.string()) }).optional(),
});

/** The content of a delivery as it was decided or stored; undefined when it is none of ours. */
export function readContent(content: unknown): DeliveryContent | undefined {
  return stored.safeParse(content).data;
}

/**
 * Id of an alert's message: the same for the same message. `number` counts, from 0, what this action was to tell of the
 * alert before, so that the first message of a thread is known from any later one.
 */
export function deliveryIdOf(message: { alert: string; action: string; number: number }): string {
  return `${message.alert}/${message.action}/${message.number}`;
}

/** Id of a message of a plain watch; `number` counts within one execution. */
export function plainDeliveryIdOf(message: {
  watch: string;
  action: string;
  decidedMs: number;
  number: number;
}): string {
  return `${message.watch}/${message.action}/${message.decidedMs}/${message.number}`;
}

/** Letters that stand in any header, for an id that may hold others. */
export function letterOf(id: string): string {
  return createHash("sha256").update(id).digest("hex").slice(0, 32);
}
