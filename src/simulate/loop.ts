import { createHash } from "node:crypto";

/**
 * A recording played without end: all of it once, then the slots from `fromSlot` to below `toSlot` again and again.
 * Both are first slots of epochs, so that committees and duties keep their places.
 */
export type Loop = { fromSlot: number; toSlot: number; spanSlots: number };

/** Where something of the played network stands in the recording. */
export type Place = { loop: number; at: number };

/**
 * Cuts the loop out of the slots that a recording covers wholly, `firstSlot` to below `endSlot`. Genesis happens
 * once: its epoch, whose first slot has no block, is played in the first loop only. Undefined when no epoch is left.
 */
export function cutLoop(input: { firstSlot: number; endSlot: number; slotsPerEpoch: number }): Loop | undefined {
  const { firstSlot, endSlot, slotsPerEpoch } = input;
  const fromSlot = Math.max(1, Math.ceil(firstSlot / slotsPerEpoch)) * slotsPerEpoch;
  const toSlot = Math.floor(endSlot / slotsPerEpoch) * slotsPerEpoch;
  return toSlot > fromSlot ? { fromSlot, toSlot, spanSlots: toSlot - fromSlot } : undefined;
}

/** The place of a slot of the played network; `at` is the recorded slot. */
export function placeOfSlot(loop: Loop, slot: number): Place {
  return place(slot, loop.fromSlot, loop.spanSlots);
}

/** The place of a moment, given in milliseconds from genesis; `at` is in milliseconds from the recording's genesis. */
export function placeOfMs(input: { loop: Loop; slotMs: number; sinceGenesisMs: number }): Place {
  const { loop, slotMs, sinceGenesisMs } = input;
  return place(sinceGenesisMs, loop.fromSlot * slotMs, loop.spanSlots * slotMs);
}

function place(value: number, from: number, span: number): Place {
  const loop = Math.max(0, Math.floor((value - from) / span));
  return { loop, at: value - loop * span };
}

const ZERO_ROOT = `0x${"0".repeat(64)}`;
const ROOT = /^0x[0-9a-f]{64}$/i;

/** True for what a loop replaces: 32 bytes in hexadecimal that are not all zero. */
export function isRoot(value: unknown): value is string {
  return typeof value === "string" && ROOT.test(value) && value !== ZERO_ROOT;
}

/** SHA-256 over the loop's number (8 bytes, big-endian) and the root; the first loop keeps the recorded roots. */
export function rootInLoop(root: string, loop: number): string {
  if (loop === 0) return root;
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(loop));
  return `0x${createHash("sha256")
    .update(number)
    .update(Buffer.from(root.slice(2), "hex"))
    .digest("hex")}`;
}
