/**
 * The dependent roots that a head names. `current` decides the committees of the head's epoch, `next` those of the next
 * epoch; before Fulu `next` decides the proposers of the head's epoch, too.
 * Source: beacon-APIs, the events `head` and `head_v2`.
 */
export type HeadRoots = { slot: number; current: string | undefined; next: string | undefined };

/** Reads the data of a `head` or `head_v2` event; undefined where they are none. */
export function readHeadRoots(text: string): HeadRoots | undefined {
  try {
    const event = JSON.parse(text) as Record<string, unknown> | null;
    const data = (event?.["data"] ?? event) as Record<string, unknown> | null;
    const slot = Number(data?.["slot"]);
    if (!Number.isSafeInteger(slot) || slot < 0) return undefined;
    return {
      slot,
      current: rootOf(data?.["previous_duty_dependent_root"] ?? data?.["current_epoch_dependent_root"]),
      next: rootOf(data?.["current_duty_dependent_root"] ?? data?.["next_epoch_dependent_root"]),
    };
  } catch {
    return undefined;
  }
}

function rootOf(value: unknown): string | undefined {
  return typeof value === "string" ? value.toLowerCase() : undefined;
}
