import type { AlertRecord } from "../../../src/events/alert-records.ts";
import type { BlockRecord } from "../../../src/events/block/block-record.ts";
import type { EpochRecord, GapRecord, NodeSlotRecord, SlotRecord } from "../../../src/events/derived.ts";
import type { ReorgRecord } from "../../../src/events/reorg.ts";
import type { SlotVotesRecord } from "../../../src/events/vote-records.ts";
import type { HealthView, NetworkView, NodeView } from "../../../src/serve/views.ts";
import type { LiveItem } from "./stream.ts";

/** Everything the Live page shows, replaced as a whole: what did not change keeps its identity. */
export type LiveState = {
  network: NetworkView | undefined;
  health: HealthView | undefined;
  nodes: ReadonlyMap<string, NodeView>;
  slots: ReadonlyMap<number, SlotRecord>;
  /** By slot, then node. */
  nodeSlots: ReadonlyMap<number, ReadonlyMap<string, NodeSlotRecord>>;
  /** By slot. */
  votes: ReadonlyMap<number, SlotVotesRecord>;
  /** By root. */
  blocks: ReadonlyMap<string, BlockRecord>;
  epochs: ReadonlyMap<number, EpochRecord>;
  reorgs: ReadonlyMap<string, ReorgRecord>;
  gaps: ReadonlyMap<string, GapRecord>;
  /** All that are not over, and those that were last, by id; empty where the monitor is public. */
  alerts: ReadonlyMap<string, AlertRecord>;
  /** When the stream last told each key, Unix milliseconds: what an answer has to be newer than. */
  touched: ReadonlyMap<string, number>;
};

/** What a fetch of everything brings. */
export type Snapshot = {
  network: NetworkView;
  health: HealthView;
  nodes: readonly NodeView[];
  slots: readonly SlotRecord[];
  nodeSlots: readonly NodeSlotRecord[];
  votes: readonly SlotVotesRecord[];
  epochs: readonly EpochRecord[];
  reorgs: readonly ReorgRecord[];
  gaps: readonly GapRecord[];
  alerts: readonly AlertRecord[];
};

/** How much is kept; what has the lowest slot, epoch or time goes first. */
export type Bounds = {
  slots: number;
  nodeSlots: number;
  votes: number;
  blocks: number;
  epochs: number;
  reorgs: number;
  gaps: number;
  alerts: number;
};

export const emptyLiveState: LiveState = {
  network: undefined,
  health: undefined,
  nodes: new Map(),
  slots: new Map(),
  nodeSlots: new Map(),
  votes: new Map(),
  blocks: new Map(),
  epochs: new Map(),
  reorgs: new Map(),
  gaps: new Map(),
  alerts: new Map(),
  touched: new Map(),
};

/** Far more keys than the stream tells while a fetch is under way. */
const MOST_TOUCHED = 500;

const gapKey = (gap: GapRecord): string => `${gap.node} ${gap.from_ms}`;

/** Forgets what the stream told: another run of the monitor begins, and only what it says counts. */
export function forgetStream(state: LiveState): LiveState {
  return { ...state, touched: new Map() };
}

/**
 * Takes a fetched snapshot in: it replaces everything that the stream has not told since `asOfMs`, the moment up to
 * which the answer is sure to hold what was told.
 */
export function applySnapshot(state: LiveState, snapshot: Snapshot, asOfMs: number): LiveState {
  const isNewer = (kind: string) => (key: string | number) =>
    (state.touched.get(`${kind} ${key}`) ?? Number.NEGATIVE_INFINITY) >= asOfMs;
  const nodeSlots = new Map<number, ReadonlyMap<string, NodeSlotRecord>>();
  for (const record of snapshot.nodeSlots)
    nodeSlots.set(record.slot, withEntry(nodeSlots.get(record.slot), record.node, record));
  for (const [slot, byNode] of state.nodeSlots) {
    for (const [node, record] of byNode) {
      if (isNewer("node_slot")(`${slot} ${node}`)) nodeSlots.set(slot, withEntry(nodeSlots.get(slot), node, record));
    }
  }
  return {
    network: snapshot.network,
    health: isNewer("health")("") ? state.health : snapshot.health,
    nodes: overlaid({ fetched: keyed(snapshot.nodes, (n) => n.name), known: state.nodes, isNewer: isNewer("node") }),
    slots: overlaid({ fetched: keyed(snapshot.slots, (s) => s.slot), known: state.slots, isNewer: isNewer("slot") }),
    nodeSlots,
    votes: overlaid({ fetched: keyed(snapshot.votes, (v) => v.slot), known: state.votes, isNewer: isNewer("votes") }),
    // What stands in a block never changes.
    blocks: state.blocks,
    epochs: overlaid({
      fetched: keyed(snapshot.epochs, (e) => e.epoch),
      known: state.epochs,
      isNewer: isNewer("epoch"),
    }),
    reorgs: overlaid({ fetched: keyed(snapshot.reorgs, (r) => r.id), known: state.reorgs, isNewer: isNewer("reorg") }),
    gaps: overlaid({ fetched: keyed(snapshot.gaps, gapKey), known: state.gaps, isNewer: isNewer("gap") }),
    alerts: overlaid({ fetched: keyed(snapshot.alerts, (a) => a.id), known: state.alerts, isNewer: isNewer("alert") }),
    touched: new Map([...state.touched].filter(([, toldMs]) => toldMs >= asOfMs)),
  };
}

/** Takes events of the stream in, in their order; each collection is copied at most once. */
export function applyItems(
  state: LiveState,
  items: readonly LiveItem[],
  context: { bounds: Bounds; nowMs: number },
): LiveState {
  const { bounds, nowMs } = context;
  if (items.length === 0) return state;
  const touched = new Map(state.touched);
  const touch = (key: string) => {
    touched.delete(key);
    touched.set(key, nowMs);
  };
  const nodes = copyOnWrite(state.nodes);
  const slots = copyOnWrite(state.slots);
  const nodeSlots = copyOnWrite(state.nodeSlots);
  const votes = copyOnWrite(state.votes);
  const blocks = copyOnWrite(state.blocks);
  const epochs = copyOnWrite(state.epochs);
  const reorgs = copyOnWrite(state.reorgs);
  const gaps = copyOnWrite(state.gaps);
  const alerts = copyOnWrite(state.alerts);
  let health = state.health;

  for (const { event, data } of items) {
    if (event === "node") {
      nodes.set(data.name, data);
      touch(`node ${data.name}`);
    } else if (event === "slot") {
      slots.set(data.slot, data);
      touch(`slot ${data.slot}`);
    } else if (event === "node_slot") {
      nodeSlots.set(data.slot, withEntry(nodeSlots.get(data.slot), data.node, data));
      touch(`node_slot ${data.slot} ${data.node}`);
    } else if (event === "slot_votes") {
      votes.set(data.slot, data);
      touch(`votes ${data.slot}`);
    } else if (event === "block") {
      blocks.set(data.root, data);
    } else if (event === "epoch") {
      epochs.set(data.epoch, data);
      touch(`epoch ${data.epoch}`);
    } else if (event === "reorg") {
      if (data.withdrawn) reorgs.delete(data.id);
      else reorgs.set(data.id, data);
      touch(`reorg ${data.id}`);
    } else if (event === "gap") {
      gaps.set(gapKey(data), data);
      touch(`gap ${gapKey(data)}`);
    } else if (event === "alert") {
      alerts.set(data.id, data);
      touch(`alert ${data.id}`);
    } else if (event === "health") {
      health = data;
      touch("health ");
    }
  }
  return {
    network: state.network,
    health,
    nodes: nodes.result(),
    slots: bounded({ map: slots.result(), size: bounds.slots, rank: (s) => s.slot }),
    nodeSlots: bounded({ map: nodeSlots.result(), size: bounds.nodeSlots, rank: (_, slot) => slot }),
    votes: bounded({ map: votes.result(), size: bounds.votes, rank: (v) => v.slot }),
    blocks: bounded({ map: blocks.result(), size: bounds.blocks, rank: (b) => b.slot }),
    epochs: bounded({ map: epochs.result(), size: bounds.epochs, rank: (e) => e.epoch }),
    reorgs: bounded({ map: reorgs.result(), size: bounds.reorgs, rank: (r) => r.at_ms }),
    gaps: bounded({ map: gaps.result(), size: bounds.gaps, rank: (g) => g.to_ms }),
    alerts: bounded({ map: alerts.result(), size: bounds.alerts, rank: alertRank }),
    touched: touched.size > MOST_TOUCHED ? new Map([...touched].slice(-MOST_TOUCHED / 2)) : touched,
  };
}

/** What is over goes before what is not. */
function alertRank({ state, since_ms }: AlertRecord): number {
  return state === "over" ? since_ms - Number.MAX_SAFE_INTEGER : since_ms;
}

function keyed<K, V>(values: readonly V[], key: (value: V) => K): Map<K, V> {
  return new Map(values.map((value) => [key(value), value]));
}

/** The fetched entries, with those that the stream told in the meantime (or withdrew) as the stream told them. */
function overlaid<K extends string | number, V>(input: {
  fetched: Map<K, V>;
  known: ReadonlyMap<K, V>;
  isNewer: (key: K) => boolean;
}): ReadonlyMap<K, V> {
  const { fetched, known, isNewer } = input;
  for (const key of [...fetched.keys()]) if (isNewer(key) && !known.has(key)) fetched.delete(key);
  for (const [key, value] of known) if (isNewer(key)) fetched.set(key, value);
  return fetched;
}

function withEntry<K, V>(map: ReadonlyMap<K, V> | undefined, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

type CopyOnWrite<K, V> = {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): void;
  result(): ReadonlyMap<K, V>;
};

function copyOnWrite<K, V>(original: ReadonlyMap<K, V>): CopyOnWrite<K, V> {
  let copy: Map<K, V> | undefined;
  const writable = (): Map<K, V> => {
    copy ??= new Map(original);
    return copy;
  };
  return {
    get: (key) => (copy ?? original).get(key),
    set: (key, value) => void writable().set(key, value),
    delete: (key) => void writable().delete(key),
    result: () => copy ?? original,
  };
}

function bounded<K, V>(input: {
  map: ReadonlyMap<K, V>;
  size: number;
  rank: (value: V, key: K) => number;
}): ReadonlyMap<K, V> {
  const { map, size, rank } = input;
  if (map.size <= size) return map;
  const kept = [...map].sort(([keyA, a], [keyB, b]) => rank(b, keyB) - rank(a, keyA)).slice(0, size);
  return new Map(kept);
}
