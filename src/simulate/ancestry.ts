import { type Loop, placeOfSlot, rootInLoop } from "./loop.ts";
import type { RecordedBlock, RecordedNetwork } from "./recorded-network.ts";

/** A recorded block in one loop. */
export type LoopBlock = { loop: number; block: RecordedBlock };

/** The chain that the demo's nodes build: the recorded one, each loop grown on the one before. */
export type Ancestry = {
  /** The canonical block at a slot of the played network, or the last one before it. */
  canonicalAt(slot: number): LoopBlock;
  parentOf(block: LoopBlock): LoopBlock | undefined;
  slotOf(block: LoopBlock): number;
  rootOf(block: LoopBlock): string;
  stateRootOf(block: LoopBlock): string | undefined;
  /**
   * Any recorded root in a loop. A block from before the loop (and its state, and its payload) stands for the
   * canonical one of the loop before at the same place, which is what links the loops.
   */
  root(root: string, loop: number): string;
  /** Canonical execution blocks a loop adds. */
  executionBlocksPerLoop: number;
};

type Kind = "block" | "state" | "payload";

export function createAncestry(input: { network: RecordedNetwork; loop: Loop }): Ancestry {
  const { network, loop } = input;
  const { blocks } = network;
  const canonical = canonicalChain(network, loop.toSlot);
  const before = aliasesBefore(blocks.values(), loop.fromSlot);

  const slotOf = ({ loop: number, block }: LoopBlock) => block.slot + number * loop.spanSlots;

  /** Ends: each turn is one loop earlier, and the first loop holds the oldest block. */
  const canonicalAt = (slot: number): LoopBlock => {
    const { loop: number, at } = placeOfSlot(loop, slot);
    const block = canonical.findLast((candidate) => candidate.slot <= at) ?? oldest(canonical);
    return inLoop(block, number);
  };
  const inLoop = (block: RecordedBlock, number: number): LoopBlock =>
    number > 0 && block.slot < loop.fromSlot
      ? canonicalAt(block.slot + number * loop.spanSlots)
      : { loop: number, block };

  const root = (recorded: string, number: number): string => {
    if (number === 0) return recorded;
    const alias = before.get(recorded);
    if (alias === undefined) return rootInLoop(recorded, number);
    const counterpart = canonicalAt(alias.slot + number * loop.spanSlots);
    return rootInLoop(rootOfKind(counterpart.block, alias.kind) ?? recorded, counterpart.loop);
  };

  return {
    canonicalAt,
    parentOf({ loop: number, block }) {
      const parent = blocks.get(block.parentRoot);
      return parent === undefined ? undefined : inLoop(parent, number);
    },
    slotOf,
    rootOf: ({ loop: number, block }) => rootInLoop(block.root, number),
    stateRootOf: ({ loop: number, block }) =>
      block.stateRoot === undefined ? undefined : rootInLoop(block.stateRoot, number),
    root,
    executionBlocksPerLoop: executionBlocks(canonical, loop),
  };
}

/** Oldest first: the ancestors of the head that most nodes hold when the loop ends. */
function canonicalChain(network: RecordedNetwork, toSlot: number): RecordedBlock[] {
  const votes = new Map<string, number>();
  for (const node of network.nodes) {
    const head = node.events.findLast(({ topic, offsetMs }) => topic === "head" && offsetMs < toSlot * network.slotMs);
    if (head === undefined) continue;
    const { block } = JSON.parse(head.text) as { block: string };
    votes.set(block, (votes.get(block) ?? 0) + 1);
  }
  const [most] = [...votes].sort((a, b) => b[1] - a[1]);
  const chain: RecordedBlock[] = [];
  for (let block = network.blocks.get(most?.[0] ?? ""); block !== undefined; ) {
    chain.push(block);
    block = network.blocks.get(block.parentRoot);
  }
  return chain.reverse();
}

function aliasesBefore(blocks: Iterable<RecordedBlock>, fromSlot: number): Map<string, { slot: number; kind: Kind }> {
  const aliases = new Map<string, { slot: number; kind: Kind }>();
  for (const block of blocks) {
    if (block.slot >= fromSlot) continue;
    for (const kind of ["block", "state", "payload"] as const) {
      const root = rootOfKind(block, kind);
      if (root !== undefined) aliases.set(root, { slot: block.slot, kind });
    }
  }
  return aliases;
}

function rootOfKind(block: RecordedBlock, kind: Kind): string | undefined {
  if (kind === "block") return block.root;
  return kind === "state" ? block.stateRoot : block.executionBlockHash;
}

function oldest(chain: readonly RecordedBlock[]): RecordedBlock {
  const [block] = chain;
  if (block === undefined) throw new RangeError("A chain has at least one block");
  return block;
}

function executionBlocks(canonical: readonly RecordedBlock[], { fromSlot, toSlot }: Loop): number {
  return canonical.filter(
    ({ slot, executionBlockNumber }) => slot >= fromSlot && slot < toSlot && executionBlockNumber !== undefined,
  ).length;
}
