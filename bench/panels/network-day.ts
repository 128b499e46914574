import { createRandom, type Random } from "../../src/lib/random.ts";
import { around, DAY_MS } from "../search/documents/day.ts";

export const SLOT_MS = 12_000;
export const SLOTS_PER_EPOCH = 32;
/** As in the documents of the servers: it begins an epoch. */
export const FIRST_SLOT = 12_345_600;
export const SLOTS = DAY_MS / SLOT_MS;
export const EPOCHS = SLOTS / SLOTS_PER_EPOCH;
export const ATTESTATION_DUE_MS = 4_000;
export const COMMITTEES = 64;
/** Of a million validators. */
export const VOTES_OF_SLOT = 31_250;

/** How much later than the first each node tells of a block, ms. */
export const NODES = [
  { name: "node-1", client: "Lighthouse", biasMs: 0 },
  { name: "node-2", client: "Prysm", biasMs: 35 },
  { name: "node-3", client: "Teku", biasMs: 60 },
  { name: "node-4", client: "Nimbus", biasMs: 25 },
  { name: "node-5", client: "Lodestar", biasMs: 140 },
] as const;

/** The clients that graffiti name, with their share of the validators that can be told. */
export const CLIENTS = { Lighthouse: 0.38, Prysm: 0.31, Teku: 0.14, Nimbus: 0.09, Lodestar: 0.05, Grandine: 0.03 };
export const GROUPS = ["home", "office", "cloud"] as const;

export type SlotDay = {
  slot: number;
  epoch: number;
  startUs: number;
  startMs: number;
  random: Random;
  status: "proposed" | "missed" | "orphaned";
  /** First arrival of its block, ms. */
  delayMs: number;
  late: boolean;
};

const MISSED_SHARE = 0.008;
const ORPHANED_SHARE = 0.0012;
/** One block in so many comes after the votes were due, or nearly. */
const SLOW_SHARE = 0.02;

/** The slots of a day as a quiet mainnet has them. */
export function slotOf(startMs: number, place: number): SlotDay {
  const slot = FIRST_SLOT + place;
  const random = createRandom(Math.imul(slot, 0x9e3779b1));
  const chance = random.next();
  const status = chance < MISSED_SHARE ? "missed" : chance < MISSED_SHARE + ORPHANED_SHARE ? "orphaned" : "proposed";
  const slow = random.chance(SLOW_SHARE) || status === "orphaned" ? 900 + 2_600 * random.next() : 0;
  const delayMs = micros(Math.max(300, around(random, 1_650, 500) + slow));
  const slotStartMs = startMs + place * SLOT_MS;
  return {
    slot,
    epoch: Math.floor(slot / SLOTS_PER_EPOCH),
    startMs: slotStartMs,
    startUs: slotStartMs * 1_000,
    random,
    status,
    delayMs,
    late: status !== "missed" && delayMs > ATTESTATION_DUE_MS,
  };
}

export function micros(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
