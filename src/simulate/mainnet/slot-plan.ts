import { BASELINE_SLOT_MS, BLOCK_S, HEAD_ACCURACY, PARTICIPATION, SPREAD_S, VOTE_S } from "./baselines.ts";
import { createDrawer, quantile } from "./curve.ts";
import { type Checkpoint, type SimulatedBlock, type SimulatedChain, SLOTS_PER_EPOCH } from "./simulated-chain.ts";

/** What one voter says of a slot. */
export const VOTE = { none: 0, right: 1, parent: 2 } as const;

/** What happens in one slot, the same for all nodes; ms are from the slot's start. */
export type SlotPlan = {
  slot: number;
  block: SimulatedBlock | undefined;
  /** First seen by any node; NaN for a missed slot. */
  blockMs: number;
  /** Place of the block's arrival among all, from 0 to 1: its data columns come as early or late. */
  blockShare: number;
  /** By committee: its validators, and by their seats what each says and when it is first seen. */
  committees: readonly { validators: Uint32Array; votes: Uint8Array; votesMs: Float32Array }[];
  /** The vote of those who are right, and of those who did not see the block in time. */
  data: Readonly<Record<"right" | "parent", VoteWords>>;
};

export type VoteWords = { head: string; source: Checkpoint; target: Checkpoint };

/** How much later than its block a vote comes that would have come before it: nodes hold it back until then. */
const HELD_BACK_S = 0.4;

const drawVote = createDrawer(VOTE_S);

/** Decides a slot. The same slot of the same chain is the same plan. */
export function planSlot(chain: SimulatedChain, slot: number): SlotPlan {
  const random = chain.randomOf(slot, "plan");
  const scale = chain.slotMs / BASELINE_SLOT_MS;
  const block = chain.blockAt(slot);
  const blockShare = random.next();
  const blockS = block === undefined ? Number.NaN : quantile(BLOCK_S, blockShare);
  // In a missed slot everybody votes for the block before.
  const accuracy = block === undefined ? 1 : quantile(HEAD_ACCURACY, blockS);

  const committees = Array.from({ length: chain.committeesPerSlot }, (_, index) => {
    const validators = chain.committee(slot, index);
    const votes = new Uint8Array(validators.length);
    const votesMs = new Float32Array(validators.length);
    for (let seat = 0; seat < validators.length; seat += 1) {
      if (!random.chance(PARTICIPATION)) continue;
      votes[seat] = random.chance(accuracy) ? VOTE.right : VOTE.parent;
      let seconds = drawVote(random);
      if (votes[seat] === VOTE.right && seconds < blockS) seconds = blockS + random.next() * HELD_BACK_S;
      votesMs[seat] = seconds * 1000 * scale;
    }
    return { validators, votes, votesMs };
  });
  return { slot, block, blockMs: blockS * 1000 * scale, blockShare, committees, data: wordsOf(chain, slot) };
}

/** In the first slot of an epoch, who did not see its block takes the one before for the epoch's boundary. */
function wordsOf(chain: SimulatedChain, slot: number): SlotPlan["data"] {
  const epoch = Math.floor(slot / SLOTS_PER_EPOCH);
  const source = chain.checkpoint(epoch - 1);
  const target = chain.checkpoint(epoch);
  const parent = chain.lastBlock(slot - 1).root;
  const parentTarget = slot % SLOTS_PER_EPOCH === 0 ? { epoch, root: parent } : target;
  return {
    right: { head: chain.lastBlock(slot).root, source, target },
    parent: { head: parent, source, target: parentTarget },
  };
}

/** By how many ms each node sees what happens after the first of them does; one of them is the first. */
export function nodeOffsetsMs(
  chain: SimulatedChain,
  input: { slot: number; purpose: string; nodes: number },
): number[] {
  const random = chain.randomOf(input.slot, `offsets/${input.purpose}`);
  const spreadMs = (quantile(SPREAD_S, random.next()) * 1000 * chain.slotMs) / BASELINE_SLOT_MS;
  const shares = Array.from({ length: input.nodes }, () => random.next());
  const low = Math.min(...shares);
  const span = Math.max(...shares) - low;
  return shares.map((share) => (span === 0 ? 0 : (spreadMs * (share - low)) / span));
}
