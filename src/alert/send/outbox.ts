import type { DeliveryRecord } from "../../events/alert-records.ts";
import type { ChannelView } from "../desk.ts";

/** Sends what is already durable, and says what became of it. */
export type Outbox = {
  /**
   * Takes deliveries that are durable as `pending`. What does not fit stays there, is counted, and is taken from the
   * store when there is room.
   */
  take(deliveries: readonly DeliveryRecord[]): void;
  /** Takes up what a run before left pending, in the order in which it was decided. */
  restore(pending: readonly DeliveryRecord[]): void;
  /** Time has passed: what waited for it goes on. */
  tick(): void;
  /** Ticks until the signal aborts; resolves when nothing is under way any more. */
  run(): Promise<void>;
  /** Resolves when nothing can be done before time passes or something new is taken. */
  settled(): Promise<void>;
  state(): OutboxState;
};

export type OutboxState = {
  channels: readonly ChannelState[];
  /** Held in memory, those under way included. */
  held: number;
  /** Left in the store for want of room, since the start. */
  postponed: number;
};

export type ChannelState = ChannelView & {
  /** Nothing could be delivered there since. */
  failing_since_ms: number | null;
};
