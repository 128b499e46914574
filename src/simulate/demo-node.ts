import type { LoopBlock } from "./ancestry.ts";
import type { DemoWorld } from "./demo-world.ts";
import type { FinalityCheckpoints } from "./finality.ts";
import type { RecordedAnswer, RecordedNode } from "./recorded-network.ts";

/** What one node of the demo knows at a moment (Unix milliseconds): computed from the recording, never accumulated. */
export type DemoNode = {
  name: string;
  /** Undefined only when the recording holds no block from before its first one. */
  head(unixMs: number): LoopBlock | undefined;
  /** The block of the node's own chain at a slot, or the last one before it. */
  chainAt(slot: number, unixMs: number): LoopBlock | undefined;
  finality(unixMs: number): FinalityCheckpoints;
  blockOfRoot(root: string, unixMs: number): LoopBlock | undefined;
  /** Every block of a slot that the node has seen, on its chain or not. */
  blocksAt(slot: number, unixMs: number): LoopBlock[];
  /** The latest recorded answer to a path, as it is in its loop. */
  recorded(path: string, unixMs: number): unknown;
  /** A recorded answer to a path that never changes, or that is about a recorded epoch, untouched. */
  asRecorded(path: string): unknown;
  /** When a node that is stopped now goes on; undefined when it runs. */
  frozenUntil(unixMs: number): number | undefined;
};

/** Roots of older loops are unknown, as in a node that has pruned them: their number must not grow for ever. */
const LOOPS_KEPT = 32;

export function createDemoNode(input: { world: DemoWorld; recorded: RecordedNode }): DemoNode {
  const { world, recorded } = input;
  const { network, loop, ancestry } = world;
  const heads = headsOf(recorded);
  const parentOfFirst = network.blocks.get(heads[0]?.root ?? "")?.parentRoot;
  const seenMs = firstSeen(recorded);
  const rootsOfLoops = new Map<number, ReadonlyMap<string, LoopBlock>>();

  const latest = <T extends { offsetMs: number }>(items: readonly T[], unixMs: number) => {
    const { loop: number, at } = world.placeOfTime(unixMs);
    const fromMs = number === 0 ? Number.NEGATIVE_INFINITY : loop.fromSlot * network.slotMs;
    const item = items.findLast(({ offsetMs }) => offsetMs <= at && offsetMs >= fromMs);
    if (item !== undefined) return { item, number };
    if (number === 0) return undefined;
    const last = items.findLast(({ offsetMs }) => offsetMs < loop.toSlot * network.slotMs);
    return last === undefined ? undefined : { item: last, number: number - 1 };
  };

  const knows = ({ loop: number, block }: LoopBlock, unixMs: number): boolean => {
    const now = world.placeOfTime(unixMs);
    const seen = block.header === undefined ? Number.NEGATIVE_INFINITY : seenMs.get(block.root);
    return seen !== undefined && (number < now.loop || (number === now.loop && seen <= now.at));
  };

  const head = (unixMs: number): LoopBlock | undefined => {
    const found = latest(heads, unixMs);
    const block = network.blocks.get(found?.item.root ?? parentOfFirst ?? "");
    return block === undefined ? undefined : { loop: found?.number ?? 0, block };
  };

  const chainAt = (slot: number, unixMs: number): LoopBlock | undefined => {
    let block = head(unixMs);
    const loopOfHead = block?.loop;
    while (block !== undefined && ancestry.slotOf(block) > slot) {
      if (block.loop !== loopOfHead) return ancestry.canonicalAt(slot);
      block = ancestry.parentOf(block);
    }
    return block;
  };

  const rootsOfLoop = (number: number): ReadonlyMap<string, LoopBlock> => {
    const kept = rootsOfLoops.get(number);
    if (kept !== undefined) return kept;
    const roots = new Map<string, LoopBlock>();
    for (const block of network.blocks.values()) {
      if (block.slot >= loop.toSlot || (number > 0 && block.slot < loop.fromSlot)) continue;
      roots.set(ancestry.rootOf({ loop: number, block }), { loop: number, block });
    }
    rootsOfLoops.set(number, roots);
    for (const old of rootsOfLoops.keys()) if (old <= number - LOOPS_KEPT) rootsOfLoops.delete(old);
    return roots;
  };

  return {
    name: recorded.name,
    head,
    chainAt,
    finality(unixMs) {
      const block = head(unixMs);
      return world.finality.at(block === undefined ? 0 : Math.floor(ancestry.slotOf(block) / network.slotsPerEpoch));
    },
    blockOfRoot(root, unixMs) {
      const now = world.placeOfTime(unixMs);
      for (let number = now.loop; number >= 0 && number > now.loop - LOOPS_KEPT; number -= 1) {
        const block = rootsOfLoop(number).get(root.toLowerCase());
        if (block !== undefined) return knows(block, unixMs) ? block : undefined;
      }
      return undefined;
    },
    blocksAt(slot, unixMs) {
      const { loop: number, at } = world.placeOfSlot(slot);
      return [...network.blocks.values()]
        .filter((block) => block.slot === at)
        .map((block) => ({ loop: number, block }))
        .filter((block) => knows(block, unixMs));
    },
    recorded(path, unixMs) {
      const found = latest<RecordedAnswer>(recorded.answers.get(path) ?? [], unixMs);
      return found === undefined ? undefined : world.inLoop(found.item.body, found.number);
    },
    asRecorded: (path) => recorded.answers.get(path)?.at(-1)?.body,
    frozenUntil(unixMs) {
      const now = world.placeOfTime(unixMs);
      const span = recorded.frozen.find(({ fromMs, toMs }) => fromMs <= now.at && now.at < toMs);
      return span === undefined ? undefined : world.timeOf(span.toMs, now.loop);
    },
  };
}

function headsOf(recorded: RecordedNode): { offsetMs: number; root: string }[] {
  return recorded.events
    .filter(({ topic }) => topic === "head")
    .map(({ offsetMs, text }) => ({ offsetMs, root: (JSON.parse(text) as { block: string }).block }));
}

function firstSeen(recorded: RecordedNode): Map<string, number> {
  const seenMs = new Map<string, number>();
  for (const { topic, offsetMs, text } of recorded.events) {
    if (topic !== "block" && topic !== "block_gossip" && topic !== "head") continue;
    const { block } = JSON.parse(text) as { block: string };
    if (!seenMs.has(block)) seenMs.set(block, offsetMs);
  }
  return seenMs;
}
