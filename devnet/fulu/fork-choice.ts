import type { BlockTree, TreeBlock } from "./block-tree.ts";

export type Checkpoint = { epoch: number; root: string };
export type Checkpoints = { justified: Checkpoint; finalized: Checkpoint };

export type ForkChoiceBlock = TreeBlock & {
  /** Of the block's own state. */
  checkpoints: Checkpoints;
  /** What its state will have once its epoch is over ("pulled up"). */
  unrealized: Checkpoints;
  /** It came before the attestation deadline of its own slot. */
  timely: boolean;
};

export type ForkChoice = {
  /** After the tree has the block. */
  onBlock(block: ForkChoiceBlock): void;
  /** A vote that came in a block, or by gossip: one of the current slot counts from the next one on. */
  onVote(vote: { validator: number; slot: number; targetEpoch: number; root: string }): void;
  /** A slot begins: the boost ends, votes that waited count, and at an epoch's start all tips are pulled up. */
  onSlot(slot: number): void;
  head(): string;
  /** The block to propose on: the head, or the parent of a late and weak one (`get_proposer_head`). */
  proposerHead(slot: number): string;
  checkpoints(): Checkpoints;
  /** Validators behind each block and its descendants, with the boost. */
  weights(): ReadonlyMap<string, number>;
};

/** Percentages of one slot's committees, from the consensus specs' phase0/fork-choice.md. */
const PROPOSER_SCORE_BOOST = 0.4;
const REORG_HEAD_WEIGHT_THRESHOLD = 0.2;
const REORG_PARENT_WEIGHT_THRESHOLD = 1.6;
const REORG_MAX_EPOCHS_SINCE_FINALIZATION = 2;
/** A voting source this much older than the current epoch is no reason to leave a branch. */
const VIABLE_SOURCE_EPOCHS = 2;

/**
 * LMD-GHOST of the consensus specs' phase0/fork-choice.md with proposer boost, pulled-up tips and the proposer's
 * re-organisation of late blocks. Every validator weighs the same: in so short a network balances hardly part.
 */
export function createForkChoice(input: {
  tree: BlockTree<ForkChoiceBlock>;
  genesisRoot: string;
  validatorCount: number;
  slotsPerEpoch: number;
}): ForkChoice {
  const { tree, genesisRoot, validatorCount, slotsPerEpoch } = input;
  const committeeWeight = validatorCount / slotsPerEpoch;
  const epochOf = (slot: number) => Math.floor(slot / slotsPerEpoch);
  const votes = new Map<number, { epoch: number; root: string }>();
  let waiting: { validator: number; slot: number; targetEpoch: number; root: string }[] = [];
  let justified: Checkpoint = { epoch: 0, root: genesisRoot };
  let finalized: Checkpoint = { epoch: 0, root: genesisRoot };
  let unrealizedJustified = justified;
  let unrealizedFinalized = finalized;
  let boosted: string | undefined;
  let currentSlot = 0;

  const update = (checkpoints: Checkpoints) => {
    if (checkpoints.justified.epoch > justified.epoch) justified = checkpoints.justified;
    if (checkpoints.finalized.epoch > finalized.epoch) finalized = checkpoints.finalized;
  };
  const count = ({ validator, targetEpoch, root }: { validator: number; targetEpoch: number; root: string }) => {
    const last = votes.get(validator);
    if (last === undefined || targetEpoch > last.epoch) votes.set(validator, { epoch: targetEpoch, root });
  };

  /** What the head can still be chosen from. */
  const childrenFirst = (): ForkChoiceBlock[] => {
    const firstSlot = tree.known(finalized.root).slot;
    return [...tree.all()].filter(({ slot }) => slot >= firstSlot).sort((a, b) => b.slot - a.slot);
  };

  const weights = (): Map<string, number> => {
    const own = new Map<string, number>();
    const add = (root: string, weight: number) => own.set(root, (own.get(root) ?? 0) + weight);
    for (const { root } of votes.values()) if (tree.get(root) !== undefined) add(root, 1);
    if (boosted !== undefined) add(boosted, committeeWeight * PROPOSER_SCORE_BOOST);
    for (const { root, parentRoot } of childrenFirst()) if (own.has(root)) add(parentRoot, own.get(root) ?? 0);
    return own;
  };

  /** `filter_block_tree`: the blocks that lead to a leaf whose voting source may be followed. */
  const viableBlocks = (): Set<string> => {
    const viable = new Set<string>();
    const currentEpoch = epochOf(currentSlot);
    for (const block of childrenFirst()) {
      const children = tree.children(block.root);
      const source = epochOf(block.slot) < currentEpoch ? block.unrealized : block.checkpoints;
      const sourceEpoch = source.justified.epoch;
      const isViable =
        children.length > 0
          ? children.some((child) => viable.has(child.root))
          : justified.epoch === 0 ||
            sourceEpoch === justified.epoch ||
            sourceEpoch + VIABLE_SOURCE_EPOCHS >= currentEpoch;
      if (isViable) viable.add(block.root);
    }
    return viable;
  };

  const head = (): string => {
    const weight = weights();
    const viable = viableBlocks();
    const weightOf = (root: string) => weight.get(root) ?? 0;
    let root = justified.root;
    for (;;) {
      const [best] = tree
        .children(root)
        .filter((child) => viable.has(child.root))
        .sort((a, b) => weightOf(b.root) - weightOf(a.root) || (a.root < b.root ? 1 : -1));
      if (best === undefined) return root;
      root = best.root;
    }
  };

  return {
    onBlock(block) {
      const slotIsNow = block.slot === currentSlot;
      if (slotIsNow && block.timely && boosted === undefined) boosted = block.root;
      update(block.checkpoints);
      if (block.unrealized.justified.epoch > unrealizedJustified.epoch)
        unrealizedJustified = block.unrealized.justified;
      if (block.unrealized.finalized.epoch > unrealizedFinalized.epoch)
        unrealizedFinalized = block.unrealized.finalized;
      if (epochOf(block.slot) < epochOf(currentSlot)) update(block.unrealized);
    },
    onVote(vote) {
      if (vote.slot < currentSlot) count(vote);
      else waiting.push(vote);
    },
    onSlot(slot) {
      if (slot <= currentSlot) return;
      const beganEpoch = epochOf(slot) > epochOf(currentSlot);
      currentSlot = slot;
      boosted = undefined;
      for (const vote of waiting) if (vote.slot < slot) count(vote);
      waiting = waiting.filter((vote) => vote.slot >= slot);
      if (beganEpoch) update({ justified: unrealizedJustified, finalized: unrealizedFinalized });
    },
    head,
    proposerHead(slot) {
      const block = tree.known(head());
      const parent = tree.get(block.parentRoot);
      const weight = weights();
      if (parent === undefined || block.timely) return block.root;
      const isOneSlotReorg = parent.slot + 1 === block.slot && block.slot + 1 === slot;
      const shufflingIsStable = slot % slotsPerEpoch !== 0;
      const ffgIsCompetitive = block.unrealized.justified.epoch === parent.unrealized.justified.epoch;
      const finalityIsNear = epochOf(slot) - finalized.epoch <= REORG_MAX_EPOCHS_SINCE_FINALIZATION;
      const headIsWeak = (weight.get(block.root) ?? 0) < committeeWeight * REORG_HEAD_WEIGHT_THRESHOLD;
      const parentIsStrong = (weight.get(parent.root) ?? 0) > committeeWeight * REORG_PARENT_WEIGHT_THRESHOLD;
      const leaves =
        isOneSlotReorg && shufflingIsStable && ffgIsCompetitive && finalityIsNear && headIsWeak && parentIsStrong;
      return leaves ? parent.root : block.root;
    },
    checkpoints: () => ({ justified, finalized }),
    weights,
  };
}
