import type { ReorgRecord } from "../events/reorg.ts";
import { compareTexts } from "../lib/compare-texts.ts";
import type { Block, BlockTree, Fork } from "./block-tree.ts";
import type { HeadChange } from "./heads.ts";

export type Reorgs = {
  noteHead(change: HeadChange): void;
  /** The node's own count: a hint that is kept and never believed. */
  noteHint(input: { node: string; oldHead: string; newHead: string; depth: string | null }): void;
  /** The parent of a block of this slot, inferred until now, became known: forks that rest on it are looked at again. */
  noteCorrection(slot: number): void;
  /** Computes anew what may have changed, and returns the reorgs that did. */
  changed(): ReorgRecord[];
  /** Forgets reorgs whose last switch was before a moment. */
  prune(beforeUs: number): void;
};

/** Reorgs of their own that nodes tell of, remembered until their heads are told; a hint may come before its head. */
const HINT_LIMIT = 4096;

type Switch = {
  change: HeadChange;
  oldRoot: string;
  fork: Fork | undefined;
  /** The fork was found over an inferred parent that was wrong, and the right way is not known. */
  isCutOff: boolean;
  /** The reorg that it belongs to. */
  group: string | undefined;
  /** The node's next switch. */
  next: Switch | undefined;
};

/**
 * Reorgs from parent links over all nodes. A head change whose old head is no ancestor of the new one abandons the
 * blocks between the old head and the common ancestor; changes that abandon the same first block are one reorg.
 * Skipped slots have no block and so neither count nor split a branch. `justifiedSlot` is the slot of the checkpoint that
 * most nodes hold.
 */
export function createReorgs(tree: BlockTree, justifiedSlot: () => number | null = () => null): Reorgs {
  /** Switches whose way is not known, or that stepped back; in their order. */
  const unsettled = new Set<Switch>();
  /** Switches whose way rests on an inferred parent: where no header is to be had, all of them. */
  const inferred = new Set<Switch>();
  const newestOf = new Map<string, Switch>();
  const groups = new Map<string, Set<Switch>>();
  const groupOfPair = new Map<string, string>();
  const hints = new Map<string, string>();
  const told = new Map<string, { record: ReorgRecord; text: string }>();
  const dirty = new Set<string>();
  let corrected: number[] = [];

  const moveTo = (item: Switch, group: string | undefined): void => {
    if (item.group !== undefined) {
      groups.get(item.group)?.delete(item);
      dirty.add(item.group);
    }
    item.group = group;
    if (group === undefined) return;
    const members = groups.get(group) ?? new Set();
    groups.set(group, members.add(item));
    groupOfPair.set(pairOf(item), group);
    dirty.add(group);
  };

  const forget = (item: Switch): void => {
    unsettled.delete(item);
    inferred.delete(item);
  };

  const settle = (item: Switch): void => {
    if (item.fork === undefined || item.isCutOff || (item.fork.inferred && restsOn(item, corrected))) {
      const oldHead = tree.get(item.oldRoot);
      const newHead = tree.get(item.change.newRoot);
      if (oldHead === undefined || newHead === undefined) return;
      const fork = tree.fork(oldHead, newHead);
      // A correction may lead to a block whose parent is not known yet: what was told stands until any link reaches on.
      item.isCutOff = fork === undefined && item.fork !== undefined;
      if (item.isCutOff) {
        inferred.delete(item);
        unsettled.add(item);
      }
      if (fork === undefined) return;
      item.fork = fork;
      moveTo(item, isStepBack(item.fork) ? undefined : item.fork.abandoned[0]?.root);
    }
    if (isStepBack(item.fork)) {
      unsettled.add(item);
      joinNext(item);
      return;
    }
    // A fork that rests on headers alone is final; one with an inferred parent may be corrected by a header.
    unsettled.delete(item);
    if (item.fork.inferred) inferred.add(item);
    else inferred.delete(item);
  };

  /**
   * A step back to an ancestor adopts nothing: the node's next head says whether it left a branch (then that switch is
   * from the old head) or only repeated a block of its own chain.
   */
  const joinNext = (item: Switch): void => {
    const { next } = item;
    if (next === undefined) return;
    forget(item);
    inferred.delete(next);
    next.oldRoot = item.oldRoot;
    next.fork = undefined;
    unsettled.add(next);
  };

  const crosses = (members: ReadonlySet<Switch>): boolean | null => {
    const slot = justifiedSlot();
    if (slot === null) return null;
    return members.values().some(({ fork }) => fork?.abandoned.some((block) => block.slot <= slot) ?? false);
  };

  const recordsOfDirty = (): ReorgRecord[] => {
    const updates: ReorgRecord[] = [];
    for (const id of dirty) {
      const members = groups.get(id);
      const known = told.get(id);
      if (members === undefined) continue;
      const withdrawn = known === undefined ? undefined : { ...known.record, withdrawn: true };
      // What is justified moves on, later over blocks that were abandoned long before.
      const crossesJustified = known === undefined ? crosses(members) : known.record.crosses_justified;
      const record = members.size === 0 ? withdrawn : recordOf({ id, group: [...members], hints, crossesJustified });
      const text = JSON.stringify(record);
      if (record === undefined || known?.text === text) continue;
      told.set(id, { record, text });
      updates.push(record);
    }
    dirty.clear();
    return updates;
  };

  return {
    noteHead(change) {
      if (change.oldRoot === null) return;
      const item: Switch = {
        change,
        oldRoot: change.oldRoot,
        fork: undefined,
        isCutOff: false,
        group: undefined,
        next: undefined,
      };
      const before = newestOf.get(change.node);
      if (before !== undefined) before.next = item;
      newestOf.set(change.node, item);
      unsettled.add(item);
    },
    noteHint({ node, oldHead, newHead, depth }) {
      if (depth === null) return;
      const pair = `${node}/${oldHead}/${newHead}`;
      hints.set(pair, depth);
      if (hints.size > HINT_LIMIT) for (const oldest of hints.keys().take(1)) hints.delete(oldest);
      const group = groupOfPair.get(pair);
      if (group !== undefined) dirty.add(group);
    },
    noteCorrection(slot) {
      corrected.push(slot);
    },
    changed() {
      if (corrected.length > 0) for (const item of inferred) settle(item);
      for (const item of unsettled) settle(item);
      corrected = [];
      return recordsOfDirty();
    },
    prune(beforeUs) {
      for (const item of [...unsettled, ...inferred])
        if (item.change.atUs < beforeUs && item.group === undefined) forget(item);
      // A reorg whose last switch is recent is kept whole: told with a part of its switches, it would be another one.
      for (const [id, members] of groups) {
        if (members.values().some((item) => item.change.atUs >= beforeUs)) continue;
        for (const item of members) forget(item);
        groups.delete(id);
        told.delete(id);
      }
      for (const [pair, id] of groupOfPair) if (!groups.has(id)) groupOfPair.delete(pair);
    },
  };
}

/** Whether a block of one of these slots is one of the fork's: only their parents are on its way. */
function restsOn({ fork }: Switch, slots: readonly number[]): boolean {
  return [fork?.abandoned, fork?.adopted].some((way) => way?.some(({ slot }) => slots.includes(slot)));
}

const isStepBack = (fork: Fork) => fork.abandoned.length > 0 && fork.adopted.length === 0;

const pairOf = ({ change, oldRoot }: Switch) => `${change.node}/${oldRoot}/${change.newRoot}`;

function recordOf(input: {
  id: string;
  group: readonly Switch[];
  hints: ReadonlyMap<string, string>;
  crossesJustified: boolean | null;
}): ReorgRecord {
  const group = input.group.toSorted(
    (a, b) => a.change.atUs - b.change.atUs || compareTexts(a.change.node, b.change.node),
  );
  const earliest = group[0] as Switch;
  const deepest = group.reduce((a, b) => ((b.fork?.abandoned.length ?? 0) > (a.fork?.abandoned.length ?? 0) ? b : a));
  const fork = deepest.fork as Fork;
  const depthHints: Record<string, string> = {};
  for (const item of group) {
    const depth = input.hints.get(pairOf(item));
    if (depth !== undefined) depthHints[item.change.node] = depth;
  }
  return {
    id: input.id,
    slot: earliest.change.newSlot,
    depth: fork.abandoned.length,
    nodes: [...new Set(group.map((item) => item.change.node))].sort(compareTexts),
    old_head: deepest.oldRoot,
    new_head: earliest.change.newRoot,
    common_ancestor: fork.ancestorRoot,
    at_ms: earliest.change.atUs / 1000,
    abandoned: fork.abandoned.map(blockOf),
    adopted: (earliest.fork as Fork).adopted.map(blockOf),
    switches: group.map(({ change, oldRoot }) => ({
      node: change.node,
      at_ms: change.atUs / 1000,
      old_head: oldRoot,
      new_head: change.newRoot,
    })),
    inferred: group.some((item) => item.fork?.inferred),
    depth_hints: depthHints,
    crosses_justified: input.crossesJustified,
    withdrawn: false,
  };
}

const blockOf = (block: Block) => ({ slot: block.slot, root: block.root });
