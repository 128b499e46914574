import type { Keep } from "../events/dataset.ts";

/** How long documents stay, and how much room they may take. */
export type RetentionLimits = {
  votesMs: number;
  rawMs: number;
  /** What database, write-ahead log and journal may take together. */
  diskBytes: number;
};

/**
 * The documents of one UTC day of one stream: they are dropped together or not at all. `keptMs` where its senders want
 * less than the store's limit.
 */
export type DayOfDocuments = { keep: Keep; dayStartUs: number; keptMs?: number };

export const DAY_US = 86_400_000_000;

/** Days whose last moment is older than their documents are kept. */
export function expiredDays<T extends DayOfDocuments>(options: {
  days: readonly T[];
  nowUs: number;
  limits: RetentionLimits;
}): T[] {
  const { days, nowUs, limits } = options;
  const keptUs = { votes: limits.votesMs * 1000, raw: limits.rawMs * 1000, ever: Number.POSITIVE_INFINITY };
  return days.filter(({ keep, dayStartUs, keptMs = Number.POSITIVE_INFINITY }) => {
    return nowUs - (dayStartUs + DAY_US) >= Math.min(keptUs[keep], keptMs * 1000);
  });
}

/**
 * What goes next when room is needed: all votes of their oldest day, and once there are no votes, the other
 * observations of their oldest day. Votes come first since they are nearly all of the bytes. Empty when nothing of
 * either is left.
 */
export function nextToGo<T extends DayOfDocuments>(days: readonly T[]): T[] {
  const votes = days.filter(({ keep }) => keep === "votes");
  const going = votes.length > 0 ? votes : days.filter(({ keep }) => keep === "raw");
  const oldestUs = going.reduce((oldest, { dayStartUs }) => Math.min(oldest, dayStartUs), Number.POSITIVE_INFINITY);
  return going.filter(({ dayStartUs }) => dayStartUs === oldestUs);
}
