import type { AlertScope, Severity } from "../events/alert-records.ts";
import type { WatchContext } from "./context.ts";

/**
 * `metadata.alert` of a watch, read: how what its condition finds becomes alerts. Templates are Mustache over `ctx`.
 * Without it a watch has one alert of its own id, `warning`, over when the condition is first not met.
 */
export type AlertRule = {
  scope: AlertScope;
  /** What may be judged only while so many nodes are streaming and in sync; "majority" of the configured ones. */
  needsNodes: number | "majority";
  /** It compares moments, so that the machine's clock must be trusted. */
  needsClock: boolean;
  /** The condition must hold this long before it is an alert. */
  holdsFor: Span | undefined;
  /** Over when the condition was not met for this long; 0: at once. */
  overAfter: Span;
  /**
   * `"event": true`: it is of a moment, which nothing takes back: over when it was not met again for `overAfter`. Without
   * it the alert lasts until a check of what it is about does not meet the condition.
   */
  event: boolean;
  /** Path of an array in the payload: each element is an alert of its own, seen as `ctx.payload`. */
  each(ctx: WatchContext): readonly WatchContext[];
  /** What the alert is about: within a watch one alert of each at a time. */
  about(ctx: WatchContext): string;
  severity(ctx: WatchContext): Severity;
  title(ctx: WatchContext): string;
  text(ctx: WatchContext): string;
  checkFirst: string | undefined;
  link(ctx: WatchContext): string | undefined;
  slot(ctx: WatchContext): number | undefined;
  nodes(ctx: WatchContext): readonly string[];
  /** Say when it is over, with its duration. */
  tellOver: boolean;
  /** What the mail's picture shows: a number in the payload and its unit. */
  metric: { value(ctx: WatchContext): number | undefined; title: string; unit: string } | undefined;
};

/** A time, or a number of slots or epochs of the network. */
export type Span = { unit: "ms" | "slots" | "epochs"; count: number };
