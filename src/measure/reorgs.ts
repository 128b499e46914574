import type { ReorgRecord } from "../events/derived.ts";
import type { Block, BlockTree, Fork } from "./block-tree.ts";
import type { HeadChange } from "./heads.ts";

export type Reorgs = {
  noteHead(change: HeadChange): void;
  /** The node's own count: a hint that is kept and never believed. */
  noteHint(input: { node: string; oldHead: string; newHead: string; depth: string | null }): void;
  /** Computes anew what may have changed, and returns the reorgs that did. */
  changed(): ReorgRecord[];
  /** Forgets head changes before a moment. */
  prune(beforeUs: number): void;
};

const HINT_LIMIT = 4096;

type Switch = { change: HeadChange; oldRoot: string; fork: Fork | undefined };

/**
 * Reorgs from parent links over all nodes. A head change whose old head is no ancestor of the new one abandons the
 * blocks between the old head and the common ancestor; changes that abandon the same first block are one reorg.
 * Skipped slots have no block and so neither count nor split a branch.
 */
export function createReorgs(tree: BlockTree): Reorgs {
  let switches: Switch[] = [];
  // By node, old and new head; a hint may come before its head, and for a head that never comes.
  const hints = new Map<string, string>();
  const told = new Map<string, string>();
  const records = new Map<string, ReorgRecord>();
  let dirty = false;

  const resolve = (item: Switch): void => {
    // A fork that rests on headers alone is final; one with an inferred parent may be corrected by a header.
    if (item.fork !== undefined && !item.fork.inferred) return;
    const oldHead = tree.get(item.oldRoot);
    const newHead = tree.get(item.change.newRoot);
    if (oldHead === undefined || newHead === undefined) return;
    item.fork = tree.fork(oldHead, newHead) ?? item.fork;
  };

  const hintsOf = (group: readonly Switch[]): Record<string, string> => {
    const found: Record<string, string> = {};
    for (const { change, oldRoot } of group) {
      const depth = hints.get(`${change.node}/${oldRoot}/${change.newRoot}`);
      if (depth !== undefined) found[change.node] = depth;
    }
    return found;
  };

  return {
    noteHead(change) {
      if (change.oldRoot === null) return;
      dirty = true;
      switches.push({ change, oldRoot: change.oldRoot, fork: undefined });
    },
    noteHint({ node, oldHead, newHead, depth }) {
      if (depth === null) return;
      dirty = true;
      hints.set(`${node}/${oldHead}/${newHead}`, depth);
      if (hints.size > HINT_LIMIT) for (const oldest of hints.keys().take(1)) hints.delete(oldest);
    },
    changed() {
      const unsettled = switches.some((item) => item.fork === undefined || item.fork.inferred);
      if (!dirty && !unsettled) return [];
      dirty = false;
      for (const item of switches) resolve(item);
      switches = joinStepsBack(switches);
      for (const item of switches) resolve(item);
      // What certainly was a plain extension needs no second look.
      switches = switches.filter(({ fork }) => fork === undefined || fork.inferred || fork.abandoned.length > 0);
      const groups = groupsOf(switches);
      const updates: ReorgRecord[] = [];
      const tell = (record: ReorgRecord) => {
        const text = JSON.stringify(record);
        if (told.get(record.id) === text) return;
        told.set(record.id, text);
        records.set(record.id, record);
        updates.push(record);
      };
      for (const [id, group] of groups) tell(recordOf({ id, group, depthHints: hintsOf(group) }));
      for (const [id, record] of records)
        if (!groups.has(id) && !record.withdrawn) tell({ ...record, withdrawn: true });
      return updates;
    },
    prune(beforeUs) {
      // A reorg whose last switch is recent is kept whole: told with a part of its switches, it would be another one.
      const recent = new Set<Switch>();
      for (const group of groupsOf(switches).values()) {
        if (group.some((item) => item.change.atUs >= beforeUs)) for (const item of group) recent.add(item);
      }
      const kept = switches.filter((item) => item.change.atUs >= beforeUs || recent.has(item));
      if (kept.length === switches.length) return;
      switches = kept;
      const alive = new Set(kept.map((item) => item.fork?.abandoned[0]?.root));
      for (const id of [...records.keys()]) {
        if (alive.has(id)) continue;
        records.delete(id);
        told.delete(id);
      }
    },
  };
}

/**
 * A step back to an ancestor adopts nothing: the node's next head says whether it left a branch (then that switch is
 * from the old head) or only repeated a block of its own chain.
 */
function joinStepsBack(switches: readonly Switch[]): Switch[] {
  const joined = new Set<Switch>();
  for (const [index, item] of switches.entries()) {
    if (!isStepBack(item)) continue;
    const next = switches.slice(index + 1).find(({ change }) => change.node === item.change.node);
    if (next?.oldRoot !== item.change.newRoot) continue;
    next.oldRoot = item.oldRoot;
    next.fork = undefined;
    joined.add(item);
  }
  return switches.filter((item) => !joined.has(item));
}

const isStepBack = ({ fork }: Switch) => fork !== undefined && fork.abandoned.length > 0 && fork.adopted.length === 0;

/** The switches that abandon the same first block. */
function groupsOf(switches: readonly Switch[]): Map<string, Switch[]> {
  const groups = new Map<string, Switch[]>();
  for (const item of switches) {
    const first = item.fork?.abandoned[0];
    if (first === undefined || isStepBack(item)) continue;
    const group = groups.get(first.root) ?? [];
    group.push(item);
    groups.set(first.root, group);
  }
  return groups;
}

function recordOf(input: {
  id: string;
  group: readonly Switch[];
  depthHints: Readonly<Record<string, string>>;
}): ReorgRecord {
  const group = input.group.toSorted((a, b) => a.change.atUs - b.change.atUs || compare(a.change.node, b.change.node));
  const earliest = group[0] as Switch;
  const deepest = group.reduce((a, b) => ((b.fork?.abandoned.length ?? 0) > (a.fork?.abandoned.length ?? 0) ? b : a));
  const fork = deepest.fork as Fork;
  return {
    id: input.id,
    slot: earliest.change.newSlot,
    depth: fork.abandoned.length,
    nodes: [...new Set(group.map((item) => item.change.node))].sort(compare),
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
    depth_hints: input.depthHints,
    withdrawn: false,
  };
}

const blockOf = (block: Block) => ({ slot: block.slot, root: block.root });

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
