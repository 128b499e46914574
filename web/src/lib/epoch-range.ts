import { type Location, withQuery } from "./router.ts";

/** How many epochs can be looked at at once; part of the address. */
export const RANGE_EPOCHS = [4, 8, 32, 64] as const;
const USUAL_EPOCHS = 8;

/** A run of epochs, its last one included; `live` when it ends with the running epoch. */
export type EpochRange = {
  epochs: number;
  firstEpoch: number;
  lastEpoch: number;
  firstSlot: number;
  lastSlot: number;
  live: boolean;
};

/**
 * The epochs that the address asks for: `epochs` of them below `before`, or up to the running one. Epochs before
 * genesis do not exist.
 */
export function epochRange(input: { query: URLSearchParams; currentEpoch: number; slotsPerEpoch: number }): EpochRange {
  const { query, currentEpoch, slotsPerEpoch } = input;
  const asked = Number(query.get("epochs"));
  const epochs = RANGE_EPOCHS.find((choice) => choice === asked) ?? USUAL_EPOCHS;
  const before = query.get("before");
  const asksPast = before !== null && /^\d{1,15}$/.test(before) && Number(before) <= currentEpoch;
  const lastEpoch = Math.max(0, asksPast ? Number(before) - 1 : currentEpoch);
  const firstEpoch = Math.max(0, lastEpoch - epochs + 1);
  return {
    epochs,
    firstEpoch,
    lastEpoch,
    firstSlot: firstEpoch * slotsPerEpoch,
    lastSlot: (lastEpoch + 1) * slotsPerEpoch - 1,
    live: !asksPast,
  };
}

/** The path of the range before this one; undefined at genesis. */
export function olderPath(location: Location, range: EpochRange): string | undefined {
  return range.firstEpoch === 0 ? undefined : withQuery(location, { before: String(range.firstEpoch) });
}

/** The path of the range after this one, which follows the chain again at its end; undefined when this one does. */
export function newerPath(location: Location, range: EpochRange, currentEpoch: number): string | undefined {
  if (range.live) return undefined;
  const before = range.lastEpoch + 1 + range.epochs;
  return withQuery(location, { before: before > currentEpoch ? undefined : String(before) });
}
