import type { ChannelView } from "../desk.ts";

/** How deliveries fare, for health, metrics and screens. */
export type OutboxState = {
  channels: readonly ChannelView[];
  /** Held in memory, those under way included. */
  held: number;
  /** Left in the store for want of room, since the start. */
  postponed: number;
};
