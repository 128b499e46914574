import { createRandom, type Random } from "../../../src/lib/random.ts";

export type JsonObject = { readonly [key: string]: unknown };

/** One document and where it goes. */
export type BenchDocument = { index: string; source: JsonObject };

/** The moment of a document on the one axis of all of them, and chance that is its own. */
export type Moment = {
  number: number;
  atMs: number;
  /** `@timestamp`. */
  at: string;
  slot: number;
  random: Random;
  /** As the program would place it; what a document says itself stays, so that both stores hold the same. */
  ethereum: JsonObject;
};

/** A day of a network, in which the documents are spread evenly, no two of them in one millisecond. */
export type Day = { startMs: number; endMs: number; documents: number; seed: number };

const SLOT_MS = 12_000;
export const DAY_MS = 86_400_000;
const SLOTS_PER_EPOCH = 32;
/** 12345600 begins an epoch. */
const FIRST_SLOT = 12_345_600;
/** Hosts have bad slots, on which all that happens there goes wrong together. */
const BAD_SLOT_SHARE = 1 / 400;

export function momentOf(day: Day, number: number): Moment {
  const sinceMs = Math.floor((number * DAY_MS) / day.documents);
  const atMs = day.startMs + sinceMs;
  const place = Math.floor(sinceMs / SLOT_MS);
  const slot = FIRST_SLOT + place;
  return {
    number,
    atMs,
    at: new Date(atMs).toISOString(),
    slot,
    random: createRandom(Math.imul(number + 1, 0x9e3779b1) ^ day.seed),
    ethereum: {
      network: "mainnet",
      slot,
      epoch: Math.floor(slot / SLOTS_PER_EPOCH),
      slot_index: slot % SLOTS_PER_EPOCH,
      delay_ms: sinceMs - place * SLOT_MS,
    },
  };
}

/** Whether a host had no processor left in a slot. */
export function isBadSlot(slot: number, host: number): boolean {
  return createRandom(Math.imul(slot, 31) + host).chance(BAD_SLOT_SHARE);
}

/** The root of a slot's block: 0x and 64 digits. */
export function rootOf(slot: number): string {
  const random = createRandom(slot);
  return `0x${Array.from({ length: 8 }, () => random.integer(0, 0xffffffff).toString(16).padStart(8, "0")).join("")}`;
}

/** A value around a middle, as sums of chances are. */
export function around(random: Random, middle: number, spread: number): number {
  return middle + (random.next() + random.next() + random.next() - 1.5) * spread;
}

export function rounded(value: number, digits: number): number {
  return Number(Math.max(0, value).toFixed(digits));
}
