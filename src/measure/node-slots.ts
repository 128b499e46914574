import type { Chain } from "../chain/chain.ts";
import type { Bins, HeldHead, NodeSlotRecord } from "../events/derived.ts";
import type { BlockTree } from "./block-tree.ts";
import type { CanonicalChain } from "./canonical.ts";
import type { Heads } from "./heads.ts";
import { createHeldHeads } from "./held-heads.ts";

const ARRIVALS = ["single_attestations", "aggregates", "contributions", "columns", "payload_attestations"] as const;

/** What arrives in numbers and is counted in bins. */
export type Arrival = (typeof ARRIVALS)[number];

export type NodeSlots = {
  noteBlock(input: { node: string; slot: number; root: string }): void;
  noteArrival(input: { node: string; slot: number; delayMs: number; arrival: Arrival; count: number }): void;
  /** A data column of a block that the node had not told of. */
  noteColumn(input: { node: string; slot: number; root: string }): void;
  /** What the node said of its custody of data columns. */
  noteCustody(node: string, groups: number): void;
  noteEcho(input: { node: string; slot: number }): void;
  noteNode(input: { node: string; client: string | null; syncing: boolean }): void;
  /** A deadline passed: notes what every node calls head. */
  noteDeadline(passed: { slot: number; deadline: Deadline; atUs: number }): void;
  touch(slot: number): void;
  /** The different heads that nodes held when aggregates were due; undefined before. */
  headsOf(slot: number): readonly HeldHead[] | undefined;
  /** What a node had of a slot besides its block; undefined where it told nothing, or the slot is forgotten. */
  figuresOf(node: string, slot: number): { client: string | null; echoes: number; syncing: boolean } | undefined;
  /** Takes over the counts of a stored record: arrivals are not kept one by one. */
  restore(record: NodeSlotRecord): void;
  changed(): NodeSlotRecord[];
  prune(belowSlot: number): void;
};

export type Deadline = "attestation_due" | "aggregate_due" | "slot_end";

type State = {
  slot: number;
  node: string;
  firstRoot: string | undefined;
  headAt: Partial<Record<Deadline, string>>;
  bins: Record<Arrival, Map<number, number>>;
  columnsSeen: Map<string, number>;
  echoes: number;
  syncing: boolean;
};

/** Blocks of one slot whose columns are counted; a node that tells of more is lying. */
const MAX_ROOTS = 64;

/** The width of an arrival bin, as DESIGN.md has it for what is kept for ever. */
const BIN_MS = 50;

/** Each slot as each node lived it. */
export function createNodeSlots(input: {
  chain: Chain;
  tree: BlockTree;
  heads: Heads;
  canonical: CanonicalChain;
  wasUp(node: string, atUs: number): boolean;
}): NodeSlots {
  const { chain, tree, heads, canonical, wasUp } = input;
  const slots = new Map<number, Map<string, State>>();
  const dirty = new Set<State>();
  const nodes = new Map<string, { client: string | null; syncing: boolean }>();
  const custody = new Map<string, number>();
  const heldHeads = createHeldHeads(tree);
  let floorSlot = Number.NEGATIVE_INFINITY;
  // Arrivals outside of these bounds are counted in the outermost bins.
  const firstBinMs = -chain.slotDurationMs;
  const lastBinMs = 2 * chain.slotDurationMs;

  const stateOf = (slot: number, node: string): State => {
    let byNode = slots.get(slot);
    if (byNode === undefined) {
      byNode = new Map();
      slots.set(slot, byNode);
    }
    let state = byNode.get(node);
    if (state === undefined) {
      state = {
        slot,
        node,
        firstRoot: undefined,
        headAt: {},
        bins: {
          single_attestations: new Map(),
          aggregates: new Map(),
          contributions: new Map(),
          columns: new Map(),
          payload_attestations: new Map(),
        },
        columnsSeen: new Map(),
        echoes: 0,
        syncing: false,
      };
      byNode.set(node, state);
    }
    state.syncing ||= nodes.get(node)?.syncing ?? false;
    dirty.add(state);
    return state;
  };

  /**
   * A deadline passes twice when the clock is set back: the head that is nearer to the slot was seen by the better
   * clock, and none is later than the next slot, whose block may come early.
   */
  const isNearer = ({ root, than, slot }: { root: string; than: string | undefined; slot: number }): boolean => {
    const headSlot = tree.get(root)?.slot ?? 0;
    return headSlot <= slot + 1 && (than === undefined || headSlot > (tree.get(than)?.slot ?? 0));
  };

  const recordOf = (state: State): NodeSlotRecord => {
    const canonicalRoot = canonical.rootAt(state.slot);
    const canonicalBlock = canonicalRoot === undefined ? undefined : tree.get(canonicalRoot);
    const own = state.firstRoot === undefined ? undefined : tree.get(state.firstRoot);
    const block = canonicalBlock?.seen.has(state.node) ? canonicalBlock : own;
    const stages = block?.seen.get(state.node);
    const delay = (atUs: number | undefined) => (atUs === undefined ? null : chain.delayMs(state.slot, atUs));
    return {
      slot: state.slot,
      node: state.node,
      client: nodes.get(state.node)?.client ?? null,
      block_root: block?.root ?? null,
      gossip_ms: delay(stages?.gossipUs),
      import_ms: delay(stages?.importUs),
      head_ms: delay(stages?.headUs),
      head_at_attestation_due: state.headAt.attestation_due ?? null,
      head_at_aggregate_due: state.headAt.aggregate_due ?? null,
      head_at_slot_end: state.headAt.slot_end ?? null,
      head_differs: differs(state),
      ...standing(state),
      single_attestations: binsOf(state.bins.single_attestations),
      aggregates: binsOf(state.bins.aggregates),
      contributions: binsOf(state.bins.contributions),
      columns: binsOf(state.bins.columns),
      payload_attestations: binsOf(state.bins.payload_attestations),
      ...timeliness(state.bins.single_attestations, chain.deadlinesOf(state.slot).attestationMs),
      columns_seen: (block === undefined ? undefined : state.columnsSeen.get(block.root)) ?? 0,
      columns_sampled: chain.blobLimits.sampledColumns(chain.epochOf(state.slot), custody.get(state.node)) ?? null,
      echoes: state.echoes,
      syncing: state.syncing,
    };
  };

  /** Heads at a slot's end are noted of all nodes at once: whose record changes, the others' does too. */
  const differs = ({ slot, headAt }: State): boolean | null => {
    const held = [...(slots.get(slot)?.values() ?? [])].flatMap((state) => state.headAt.slot_end ?? []);
    if (headAt.slot_end === undefined || held.length < 2) return null;
    return held.filter((root) => root === headAt.slot_end).length * 2 <= held.length;
  };

  const compared = (slot: number) =>
    heldHeads.compared(slot, () =>
      [...(slots.get(slot)?.values() ?? [])].flatMap(({ node, headAt: { aggregate_due: root } }) =>
        root === undefined ? [] : [{ node, root }],
      ),
    );

  const standing = ({ slot, node }: State): Pick<NodeSlotRecord, "head_relation" | "head_behind_slots"> => {
    const { relation = null, behindSlots = null } = compared(slot)?.of(node) ?? {};
    return { head_relation: relation, head_behind_slots: behindSlots };
  };

  return {
    noteBlock({ node, slot, root }) {
      if (slot < floorSlot) return;
      const state = stateOf(slot, node);
      state.firstRoot ??= root;
    },
    noteArrival({ node, slot, delayMs, arrival, count }) {
      if (slot < floorSlot) return;
      const bins = stateOf(slot, node).bins[arrival];
      const bounded = Math.min(Math.max(delayMs, firstBinMs), lastBinMs);
      const bin = Math.floor(bounded / BIN_MS) * BIN_MS;
      bins.set(bin, (bins.get(bin) ?? 0) + count);
    },
    noteColumn({ node, slot, root }) {
      if (slot < floorSlot) return;
      const { columnsSeen } = stateOf(slot, node);
      if (columnsSeen.has(root) || columnsSeen.size < MAX_ROOTS)
        columnsSeen.set(root, (columnsSeen.get(root) ?? 0) + 1);
    },
    noteCustody(node, groups) {
      custody.set(node, groups);
    },
    noteEcho({ node, slot }) {
      const state = slots.get(slot)?.get(node);
      if (state === undefined) return;
      state.echoes += 1;
      dirty.add(state);
    },
    noteNode({ node, client, syncing }) {
      nodes.set(node, { client, syncing });
    },
    noteDeadline({ slot, deadline, atUs }) {
      if (slot < floorSlot) return;
      const roots: string[] = [];
      for (const node of heads.nodes()) {
        const root = heads.headOf(node);
        if (root === undefined || !wasUp(node, atUs)) continue;
        roots.push(root);
        const { headAt } = stateOf(slot, node);
        if (isNearer({ root, than: headAt[deadline], slot })) headAt[deadline] = root;
      }
      heldHeads.note(slot, roots);
    },
    touch(slot) {
      for (const state of slots.get(slot)?.values() ?? []) dirty.add(state);
    },
    headsOf: (slot) => compared(slot)?.tips,
    figuresOf(node, slot) {
      const state = slots.get(slot)?.get(node);
      if (state === undefined) return undefined;
      return { client: nodes.get(node)?.client ?? null, echoes: state.echoes, syncing: state.syncing };
    },
    restore(record) {
      if (record.slot < floorSlot) return;
      const state = stateOf(record.slot, record.node);
      for (const arrival of ARRIVALS) state.bins[arrival] = new Map(record[arrival] ?? []);
      if (record.block_root !== null) state.columnsSeen.set(record.block_root, record.columns_seen);
      state.echoes = Math.max(state.echoes, record.echoes);
      dirty.delete(state);
    },
    changed() {
      const records = [...dirty].map(recordOf);
      dirty.clear();
      heldHeads.told();
      return records;
    },
    prune(belowSlot) {
      // A slot that was forgotten must not come back: it would replace what is stored.
      floorSlot = Math.max(floorSlot, belowSlot);
      for (const slot of slots.keys()) if (slot < belowSlot) slots.delete(slot);
      heldHeads.prune(belowSlot);
    },
  };
}

function binsOf(bins: ReadonlyMap<number, number>): Bins {
  return [...bins].sort(([a], [b]) => a - b);
}

function timeliness(
  bins: ReadonlyMap<number, number>,
  dueMs: number,
): Pick<NodeSlotRecord, "votes_on_time" | "votes_late"> {
  if (bins.size === 0) return { votes_on_time: null, votes_late: null };
  let onTime = 0;
  let late = 0;
  for (const [bin, count] of bins) {
    if (bin < dueMs) onTime += count;
    else late += count;
  }
  return { votes_on_time: onTime, votes_late: late };
}
