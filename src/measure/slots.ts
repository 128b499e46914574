import type { Chain } from "../chain/chain.ts";
import type { HeldHead, SlotBlock, SlotRecord, SlotStatus } from "../events/derived.ts";
import type { Block, BlockTree } from "./block-tree.ts";
import type { CanonicalChain } from "./canonical.ts";

export type SlotJudge = {
  /** What is known of a slot at a moment. */
  record(slot: number, nowUs: number): SlotRecord;
  /** The canonical chain goes past the slot, and its links down to it are known: only a reorg can change the status. */
  isSettled(slot: number): boolean;
};

/** Slots after its own in which a slot may still be judged by a block that comes late. */
const PATIENCE_SLOTS = 1;

/** Judges slots from the blocks, the canonical chain and the spans for which any stream was up. */
export function createSlotJudge(input: {
  chain: Chain;
  tree: BlockTree;
  canonical: CanonicalChain;
  proposerOf(slot: number): number | null;
  /** The different heads that nodes held when aggregates were due; undefined before. */
  headsOf(slot: number): readonly HeldHead[] | undefined;
  wasUp(fromUs: number, toUs: number): boolean;
}): SlotJudge {
  const { chain, tree, canonical, proposerOf, headsOf, wasUp } = input;

  const isSettled = (slot: number): boolean =>
    canonical.head !== undefined && canonical.head.slot > slot && canonical.reaches(slot);

  const statusOf = (slot: number, blocks: readonly Block[], nowUs: number): SlotStatus => {
    if (canonical.rootAt(slot) !== undefined) return "proposed";
    const head = canonical.head;
    if (isSettled(slot)) return blocks.length > 0 ? "orphaned" : "missed";
    if (nowUs < chain.slotStartUs(slot + 1 + PATIENCE_SLOTS)) return "pending";
    if (blocks.length > 0) return head === undefined || head.slot > slot ? "unknown" : "orphaned";
    return wasHeard(slot) ? "missed" : "unknown";
  };

  /** A stream that was up while a block was due would have told of it. */
  const wasHeard = (slot: number): boolean => {
    const startUs = chain.slotStartUs(slot);
    return wasUp(startUs, startUs + chain.deadlinesOf(slot).aggregateMs * 1000);
  };

  const isWithoutBlock = (status: SlotStatus, input: { slot: number; blocks: number; nowUs: number }): boolean => {
    if (status !== "pending") return status === "missed" || status === "orphaned";
    const { slot, blocks, nowUs } = input;
    return blocks === 0 && nowUs >= chain.slotStartUs(slot + 1) && wasHeard(slot);
  };

  return {
    isSettled,
    record(slot, nowUs) {
      const blocks = [...tree.at(slot)].sort(bySighting);
      const canonicalRoot = canonical.rootAt(slot);
      const main = blocks.find((block) => block.root === canonicalRoot) ?? blocks[0];
      const seenMs = main === undefined ? {} : seenMsOf(chain, main);
      const delays = Object.values(seenMs);
      const delayMs = delays.length === 0 ? null : Math.min(...delays);
      const { attestationMs } = chain.deadlinesOf(slot);
      const earliestUs = Math.min(...blocks.map((block) => block.firstSeenUs ?? Number.POSITIVE_INFINITY));
      const epoch = chain.epochOf(slot);
      const status = statusOf(slot, blocks, nowUs);
      const heads = headsOf(slot);
      return {
        slot,
        epoch,
        slot_index: chain.slotIndexOf(slot),
        fork: chain.forkOf(slot),
        start_ms: chain.slotStartUs(slot) / 1000,
        status,
        proposer_index: main?.proposerIndex ?? proposerOf(slot),
        block_root: main?.root ?? null,
        parent_root: main?.parentRoot ?? null,
        parent_inferred: main?.parentInferred ?? false,
        backfilled: main !== undefined && main.seen.size === 0,
        seen_ms: seenMs,
        delay_ms: delayMs,
        spread_ms: delays.length < 2 || delayMs === null ? null : roundMs(Math.max(...delays) - delayMs),
        late: Number.isFinite(earliestUs) && chain.delayMs(slot, earliestUs) > attestationMs,
        attestation_due_ms: attestationMs,
        blocks: blocks.map((block) => slotBlock(chain, block, block.root === canonicalRoot)),
        without_block: isWithoutBlock(status, { slot, blocks: blocks.length, nowUs }),
        equivocating: equivocatingOf(blocks),
        heads: heads?.length ?? null,
        heads_held: heads === undefined || heads.length < 2 ? null : heads,
      };
    },
  };
}

function slotBlock(chain: Chain, block: Block, canonical: boolean): SlotBlock {
  return {
    root: block.root,
    parent_root: block.parentRoot,
    parent_inferred: block.parentInferred,
    backfilled: block.seen.size === 0,
    proposer_index: block.proposerIndex,
    canonical,
    seen_ms: seenMsOf(chain, block),
  };
}

function seenMsOf(chain: Chain, block: Block): Record<string, number> {
  const nodes = [...block.seen.keys()].sort();
  return Object.fromEntries(
    nodes.map((node) => [node, chain.delayMs(block.slot, block.seen.get(node)?.firstUs ?? Number.NaN)]),
  );
}

/** Proposers with more than one of these blocks, ascending. */
function equivocatingOf(blocks: readonly Block[]): number[] | null {
  const proposers = blocks.flatMap(({ proposerIndex }) => proposerIndex ?? []);
  const twice = proposers.filter((proposer, index) => proposers.indexOf(proposer) !== index);
  return twice.length === 0 ? null : [...new Set(twice)].sort((a, b) => a - b);
}

/** Blocks that a node told of by their first event, then those of REST alone; equal ones by root. */
function bySighting(a: Block, b: Block): number {
  const difference = (a.firstSeenUs ?? Number.MAX_SAFE_INTEGER) - (b.firstSeenUs ?? Number.MAX_SAFE_INTEGER);
  return difference !== 0 ? difference : a.root < b.root ? -1 : 1;
}

/** Differences of milliseconds with three decimals, without what binary fractions add. */
function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
