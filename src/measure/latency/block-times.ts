import type { ComparedTopic, NodeEpochRecord } from "../../events/comparison.ts";

/** In the order in which they are preferred: the nearer to the network the less a node's own work is in them. */
export const COMPARED_TOPICS: readonly ComparedTopic[] = ["block_gossip", "block", "head"];

/** When each node told of one slot's block on one topic, signed milliseconds from the slot's start. */
export type BlockTimes = { slot: number; seenMs: ReadonlyMap<string, number> };

/** A block's first event on each node, and the nodes that were watched and told of it or not. */
export type BlockArrival = { slot: number; firstMs: ReadonlyMap<string, number>; watched: readonly string[] };

/** What is left out of every comparison, in slots: see `blockTimes`. */
export const MOST_BEHIND_SLOTS = 1;
const MOST_DELAY_SLOTS = 2;

/**
 * The times of one topic that can be compared, a block an entry. A time more than a slot behind the first node's, or
 * more than two slots after the slot began, is of a block that came by sync after a gap, a freeze or a partition, or of
 * a repeat whose original was missed: late for the node, not for the network.
 */
export function blockTimes(input: {
  epochs: readonly NodeEpochRecord[];
  topic: ComparedTopic;
  slotDurationMs: number;
}): BlockTimes[] {
  const { epochs, topic, slotDurationMs } = input;
  const place = 1 + COMPARED_TOPICS.indexOf(topic);
  const bySlot = new Map<number, Map<string, number>>();
  for (const { node, arrivals } of epochs) {
    for (const arrival of arrivals) {
      const ms = arrival[place];
      if (typeof ms !== "number" || ms > MOST_DELAY_SLOTS * slotDurationMs) continue;
      entryOf(bySlot, arrival[0]).set(node, ms);
    }
  }
  return [...bySlot]
    .sort(([a], [b]) => a - b)
    .map(([slot, seenMs]) => {
      const lastMs = Math.min(...seenMs.values()) + MOST_BEHIND_SLOTS * slotDurationMs;
      for (const [node, ms] of seenMs) if (ms > lastMs) seenMs.delete(node);
      return { slot, seenMs };
    });
}

/** The blocks with the first event of each node on whatever topic, and who was watched. */
export function blockArrivals(epochs: readonly NodeEpochRecord[]): BlockArrival[] {
  const bySlot = new Map<number, Map<string, number>>();
  const watched = new Map<number, string[]>();
  for (const { node, arrivals } of epochs) {
    for (const [slot, ...stages] of arrivals) {
      const told = stages.filter((ms) => ms !== null);
      if (told.length > 0) entryOf(bySlot, slot).set(node, Math.min(...told));
      const known = watched.get(slot);
      if (known === undefined) watched.set(slot, [node]);
      else known.push(node);
    }
  }
  return [...bySlot]
    .sort(([a], [b]) => a - b)
    .map(([slot, firstMs]) => ({ slot, firstMs, watched: watched.get(slot) ?? [] }));
}

function entryOf(bySlot: Map<number, Map<string, number>>, slot: number): Map<string, number> {
  let entry = bySlot.get(slot);
  if (entry === undefined) {
    entry = new Map();
    bySlot.set(slot, entry);
  }
  return entry;
}
