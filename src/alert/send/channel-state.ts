import type { ChannelView } from "../desk.ts";

/** How deliveries fare, for health, metrics and screens. */
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
