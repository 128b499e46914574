import { createHash } from "node:crypto";
import { createRandom, type Random } from "../../lib/random.ts";
import { MISSED_SHARE } from "./baselines.ts";

export type SimulatedBlock = { slot: number; root: string; parentRoot: string; stateRoot: string; proposer: number };
export type Checkpoint = { epoch: number; root: string };

/** One chain without forks, decided by its seed: every slot of it can be told without those before it. */
export type SimulatedChain = {
  validators: number;
  committeesPerSlot: number;
  slotMs: number;
  genesisTimeS: number;
  genesisValidatorsRoot: string;
  slotStartMs(slot: number): number;
  slotAt(nowMs: number): number;
  /** A generator for one purpose in one slot. */
  randomOf(slot: number, purpose: string): Random;
  hash(what: string): string;
  /** Undefined for a missed slot. */
  blockAt(slot: number): SimulatedBlock | undefined;
  /** The newest block of this slot or before it. */
  lastBlock(slot: number): SimulatedBlock;
  /** Whose turn a slot is, missed or not. */
  proposerAt(slot: number): number;
  blockOfRoot(root: string): SimulatedBlock | undefined;
  checkpoint(epoch: number): Checkpoint;
  /** The block that decides the committees of an epoch. */
  dependentRoot(epoch: number): string;
  /** The validators of a committee in the order of the bits. */
  committee(slot: number, index: number): Uint32Array;
};

export const SLOTS_PER_EPOCH = 32;
/** `MAX_COMMITTEES_PER_SLOT` and `TARGET_COMMITTEE_SIZE` of the mainnet preset. */
const MAX_COMMITTEES_PER_SLOT = 64;
const TARGET_COMMITTEE_SIZE = 128;
/** How far back a block is found by its root. */
const KNOWN_SLOTS = 1_024;

/** `firstSlot` is the slot that begins at `startS`, in Unix seconds; a slot before it is history. */
export function createSimulatedChain(options: {
  seed: number;
  validators: number;
  slotMs: number;
  startS: number;
  firstSlot: number;
}): SimulatedChain {
  const { seed, validators, slotMs, startS, firstSlot } = options;
  const genesisTimeS = Math.floor(startS - (firstSlot * slotMs) / 1000);
  const committeesPerSlot = Math.max(
    1,
    Math.min(MAX_COMMITTEES_PER_SLOT, Math.floor(validators / SLOTS_PER_EPOCH / TARGET_COMMITTEE_SIZE)),
  );
  const digest = (what: string) => createHash("sha256").update(`${seed}/${what}`).digest();
  const hash = (what: string) => `0x${digest(what).toString("hex")}`;
  const randomOf = (slot: number, purpose: string) => createRandom(digest(`${purpose}/${slot}`).readUInt32LE(0));

  const bySlot = new Map<number, { missed: boolean; root: string; proposer: number }>();
  const slotOfRoot = new Map<string, number>();
  const at = (slot: number) => {
    let known = bySlot.get(slot);
    if (known === undefined) {
      const random = randomOf(slot, "block");
      known = {
        missed: random.chance(MISSED_SHARE),
        root: hash(`root/${slot}`),
        proposer: random.integer(0, validators - 1),
      };
      bySlot.set(slot, known);
      slotOfRoot.set(known.root, slot);
      const oldest = bySlot.size > 2 * KNOWN_SLOTS ? bySlot.entries().next().value : undefined;
      if (oldest !== undefined) {
        bySlot.delete(oldest[0]);
        slotOfRoot.delete(oldest[1].root);
      }
    }
    return known;
  };
  for (let slot = firstSlot - KNOWN_SLOTS; slot < firstSlot; slot += 1) at(slot);

  const lastProposed = (slot: number) => {
    let proposed = slot;
    while (at(proposed).missed) proposed -= 1;
    return proposed;
  };
  const blockAt = (slot: number): SimulatedBlock | undefined => {
    const { missed, root, proposer } = at(slot);
    if (missed) return undefined;
    return { slot, root, proposer, parentRoot: at(lastProposed(slot - 1)).root, stateRoot: hash(`state/${slot}`) };
  };
  const rootBefore = (slot: number) => at(lastProposed(slot)).root;

  const shuffles = new Map<number, { factor: number; offset: number }>();
  /** A permutation of the validators that needs no memory: any factor that has no divisor in common with their number. */
  const shuffleOf = (epoch: number) => {
    let shuffle = shuffles.get(epoch);
    if (shuffle === undefined) {
      const random = randomOf(epoch, "shuffle");
      let factor = random.integer(1, validators);
      while (divisor(factor, validators) !== 1) factor += 1;
      shuffle = { factor, offset: random.integer(0, validators - 1) };
      shuffles.set(epoch, shuffle);
      if (shuffles.size > 8) shuffles.delete(shuffles.keys().next().value as number);
    }
    return shuffle;
  };

  return {
    validators,
    committeesPerSlot,
    slotMs,
    genesisTimeS,
    genesisValidatorsRoot: hash("genesis"),
    slotStartMs: (slot) => genesisTimeS * 1000 + slot * slotMs,
    slotAt: (nowMs) => Math.floor((nowMs - genesisTimeS * 1000) / slotMs),
    randomOf,
    hash,
    blockAt,
    lastBlock: (slot) => blockAt(lastProposed(slot)) as SimulatedBlock,
    proposerAt: (slot) => at(slot).proposer,
    blockOfRoot(root) {
      const slot = slotOfRoot.get(root.toLowerCase());
      return slot === undefined ? undefined : blockAt(slot);
    },
    checkpoint: (epoch) => ({ epoch, root: rootBefore(epoch * SLOTS_PER_EPOCH) }),
    dependentRoot: (epoch) => rootBefore((epoch - 1) * SLOTS_PER_EPOCH - 1),
    committee(slot, index) {
      const { factor, offset } = shuffleOf(Math.floor(slot / SLOTS_PER_EPOCH));
      const committees = committeesPerSlot * SLOTS_PER_EPOCH;
      const place = (slot % SLOTS_PER_EPOCH) * committeesPerSlot + index;
      const from = Math.floor((validators * place) / committees);
      const to = Math.floor((validators * (place + 1)) / committees);
      return Uint32Array.from({ length: to - from }, (_, seat) => ((from + seat) * factor + offset) % validators);
    },
  };
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
