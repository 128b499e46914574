import { routes } from "@lodestar/api";
import { SLOTS_PER_EPOCH } from "@lodestar/params";
import { type CachedBeaconStateElectra, computeEpochAtSlot, computeStartSlotAtEpoch } from "@lodestar/state-transition";
import { type electra, type phase0, ssz } from "@lodestar/types";
import { toRootHex } from "@lodestar/utils";
import { type BlockTree, createBlockTree } from "./block-tree.ts";
import { committeesAt } from "./committees.ts";
import type { Events } from "./events.ts";
import { createForkChoice, type ForkChoice, type ForkChoiceBlock } from "./fork-choice.ts";

/** Electra's block types hold for Fulu too. */
export type ChainBlock = ForkChoiceBlock & {
  stateRoot: string;
  executionHash: string;
  header: phase0.SignedBeaconBlockHeader;
  /** None for genesis. */
  signed: electra.SignedBeaconBlock | undefined;
  /** After the block; forgotten once a later block is finalized. */
  state: CachedBeaconStateElectra | undefined;
};

/** The blocks of a node and its view of which is the head; tells of both. */
export type Chain = {
  genesisRoot: string;
  tree: BlockTree<ChainBlock>;
  forkChoice: ForkChoice;
  head(): ChainBlock;
  /** By root, state root, slot, `head`, `finalized`, `justified` or `genesis`. */
  find(id: string): ChainBlock | undefined;
  isCanonical(block: ChainBlock): boolean;
  add(block: ChainBlock): void;
  onSlot(slot: number): void;
  /** The block that fixes an epoch's duties on the chain of a block. */
  dependentRoot(root: string, epoch: number): string;
};

const { EventType } = routes.events;

export function createChain(input: {
  genesisState: CachedBeaconStateElectra;
  validatorCount: number;
  events: Events;
}): Chain {
  const { genesisState, validatorCount, events } = input;
  const genesis = genesisBlock(genesisState);
  const tree = createBlockTree<ChainBlock>(genesis);
  const forkChoice = createForkChoice({
    tree,
    genesisRoot: genesis.root,
    validatorCount,
    slotsPerEpoch: SLOTS_PER_EPOCH,
  });
  let head = genesis;
  let finalizedEpoch = 0;

  const dependentRoot = (root: string, epoch: number): string =>
    tree.ancestorAt(root, computeStartSlotAtEpoch(epoch) - 1)?.root ?? genesis.root;

  const tellHead = (block: ChainBlock) => {
    const epoch = computeEpochAtSlot(block.slot);
    const parentSlot = tree.get(block.parentRoot)?.slot ?? 0;
    events.tell({
      type: EventType.head,
      message: {
        slot: block.slot,
        block: block.root,
        state: block.stateRoot,
        epochTransition: computeEpochAtSlot(parentSlot) < epoch,
        previousDutyDependentRoot: dependentRoot(block.root, epoch - 1),
        currentDutyDependentRoot: dependentRoot(block.root, epoch),
        executionOptimistic: false,
      },
    });
  };

  const tellReorg = (from: ChainBlock, to: ChainBlock) => {
    const common = tree.commonAncestor(from.root, to.root) ?? genesis;
    if (common === from) return;
    events.tell({
      type: EventType.chainReorg,
      message: {
        slot: to.slot,
        depth: from.slot - common.slot,
        oldHeadBlock: from.root,
        newHeadBlock: to.root,
        oldHeadState: from.stateRoot,
        newHeadState: to.stateRoot,
        epoch: computeEpochAtSlot(to.slot),
        executionOptimistic: false,
      },
    });
  };

  const noteFinality = () => {
    const { finalized } = forkChoice.checkpoints();
    if (finalized.epoch <= finalizedEpoch) return;
    finalizedEpoch = finalized.epoch;
    const block = tree.known(finalized.root);
    events.tell({
      type: EventType.finalizedCheckpoint,
      message: { block: block.root, state: block.stateRoot, epoch: finalized.epoch, executionOptimistic: false },
    });
    tree.keepOnly(block.root);
    for (const old of tree.all()) if (old.slot < block.slot) old.state = undefined;
  };

  const updateHead = () => {
    const next = tree.known(forkChoice.head());
    if (next === head) return;
    const last = head;
    head = next;
    tellHead(next);
    tellReorg(last, next);
  };

  const named: Readonly<Record<string, () => string>> = {
    head: () => head.root,
    genesis: () => genesis.root,
    finalized: () => forkChoice.checkpoints().finalized.root,
    justified: () => forkChoice.checkpoints().justified.root,
  };

  return {
    genesisRoot: genesis.root,
    tree,
    forkChoice,
    head: () => head,
    find(id) {
      const name = named[id];
      if (name !== undefined) return tree.get(name());
      if (id.startsWith("0x")) return tree.get(id) ?? [...tree.all()].find(({ stateRoot }) => stateRoot === id);
      const block = tree.ancestorAt(head.root, Number(id));
      return block?.slot === Number(id) ? block : undefined;
    },
    isCanonical: (block) => tree.ancestorAt(head.root, block.slot) === block,
    add(block) {
      tree.add(block);
      forkChoice.onBlock(block);
      for (const attestation of block.signed?.message.body.attestations ?? []) {
        for (const vote of votesOf(block, attestation)) forkChoice.onVote(vote);
      }
      events.tell({
        type: EventType.block,
        message: { slot: block.slot, block: block.root, executionOptimistic: false },
      });
      updateHead();
      noteFinality();
    },
    onSlot(slot) {
      forkChoice.onSlot(slot);
      updateHead();
      noteFinality();
    },
    dependentRoot,
  };
}

/** The votes that a block carries: since Electra one attestation has the bits of several committees, joined. */
function votesOf({ state }: ChainBlock, { data, committeeBits, aggregationBits }: electra.Attestation) {
  const committees = state === undefined ? [] : committeesAt(state, data.slot);
  const members = committeeBits.getTrueBitIndexes().flatMap((index) => [...(committees[index] ?? [])]);
  const root = toRootHex(data.beaconBlockRoot);
  return members
    .filter((_, position) => aggregationBits.get(position))
    .map((validator) => ({ validator, slot: data.slot, targetEpoch: data.target.epoch, root }));
}

function genesisBlock(state: CachedBeaconStateElectra): ChainBlock {
  const stateRoot = state.hashTreeRoot();
  const header = { ...state.latestBlockHeader.toValue(), stateRoot };
  const root = toRootHex(ssz.phase0.BeaconBlockHeader.hashTreeRoot(header));
  const checkpoint = { epoch: 0, root };
  const checkpoints = { justified: checkpoint, finalized: checkpoint };
  return {
    root,
    parentRoot: toRootHex(header.parentRoot),
    slot: 0,
    checkpoints,
    unrealized: checkpoints,
    timely: true,
    stateRoot: toRootHex(stateRoot),
    executionHash: toRootHex(state.latestExecutionPayloadHeader.blockHash),
    header: { message: header, signature: new Uint8Array(96) },
    signed: undefined,
    state,
  };
}
