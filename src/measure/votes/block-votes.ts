import type { Chain } from "../../chain/chain.ts";
import type { AggregateVote } from "../../events/vote.ts";
import type { CanonicalChain } from "../canonical.ts";

/** What a block's body says of votes. */
export type VotesBody = {
  root: string;
  slot: number;
  votes: readonly AggregateVote[];
  /** The sync aggregate's bits, as hex. */
  syncBits: string | null;
};

export type BlockVotes = {
  noteBody(body: VotesBody): void;
  /** The canonical block of these slots may have changed. */
  noteCanonical(slots: Iterable<number>): void;
  /** What was applied of these epochs is void: another shuffling, other weights. */
  noteVoid(epoch: number): void;
  /** Applies what became canonical. */
  settle(): void;
  bodyAt(slot: number): VotesBody | undefined;
  /** The lowest slot with the body of a canonical block. */
  readonly lowestSlot: number;
  prune(belowSlot: number): void;
};

/** Bodies of one slot that are kept: more blocks than that are a lie or an attack on this program. */
const MAX_BODIES_PER_SLOT = 8;

/**
 * Holds what block bodies say of votes, and applies the canonical ones. Votes are applied in any order; a block that is
 * canonical no more, or a new one below others, makes the epochs that it can carry votes of be applied anew.
 */
export function createBlockVotes(input: {
  chain: Chain;
  canonical: CanonicalChain;
  /** Forgets what was applied of an epoch. */
  reset(epoch: number): void;
  apply(body: VotesBody): void;
}): BlockVotes {
  const { chain, canonical, reset, apply } = input;
  const bodies = new Map<number, VotesBody[]>();
  const applied = new Map<number, string>();
  const touched = new Set<number>();
  let voidFrom = Number.POSITIVE_INFINITY;
  let highestApplied = Number.NEGATIVE_INFINITY;
  let lowestSlot = Number.POSITIVE_INFINITY;

  const bodyAt = (slot: number): VotesBody | undefined => {
    const root = canonical.rootAt(slot);
    return root === undefined ? undefined : bodies.get(slot)?.find((body) => body.root === root);
  };

  const applySlot = (slot: number) => {
    const body = bodyAt(slot);
    if (body === undefined || applied.get(slot) === body.root) return;
    applied.set(slot, body.root);
    highestApplied = Math.max(highestApplied, slot);
    lowestSlot = Math.min(lowestSlot, slot);
    apply(body);
  };

  /** A block carries votes of its own epoch and of the one before. */
  const applyAnew = () => {
    const firstEpoch = voidFrom;
    voidFrom = Number.POSITIVE_INFINITY;
    const firstSlot = firstEpoch * chain.slotsPerEpoch;
    const slots = [...bodies.keys()].filter((slot) => slot >= firstSlot).sort((a, b) => a - b);
    for (const slot of applied.keys()) if (slot >= firstSlot) applied.delete(slot);
    for (let epoch = firstEpoch; epoch <= chain.epochOf(highestApplied); epoch += 1) reset(epoch);
    for (const slot of slots) applySlot(slot);
  };

  return {
    noteBody(body) {
      const known = bodies.get(body.slot);
      if (known === undefined) bodies.set(body.slot, [body]);
      else if (known.length < MAX_BODIES_PER_SLOT && !known.some(({ root }) => root === body.root)) known.push(body);
      touched.add(body.slot);
    },
    noteCanonical(slots) {
      for (const slot of slots) {
        const before = applied.get(slot);
        // Rightness and delays in blocks of the votes applied above a new block were judged without it.
        const isVoid = before === undefined ? slot < highestApplied : before !== canonical.rootAt(slot);
        if (isVoid) voidFrom = Math.min(voidFrom, chain.epochOf(slot) - 1);
        touched.add(slot);
      }
    },
    noteVoid(epoch) {
      voidFrom = Math.min(voidFrom, epoch);
    },
    settle() {
      if (voidFrom < Number.POSITIVE_INFINITY) applyAnew();
      for (const slot of [...touched].sort((a, b) => a - b)) applySlot(slot);
      touched.clear();
    },
    bodyAt,
    get lowestSlot() {
      return lowestSlot;
    },
    prune(belowSlot) {
      for (const slot of bodies.keys()) if (slot < belowSlot) bodies.delete(slot);
      for (const slot of applied.keys()) if (slot < belowSlot) applied.delete(slot);
    },
  };
}
