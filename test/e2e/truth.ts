import type { Network } from "../../devnet/network.ts";
import type { Header } from "../../devnet/node-api.ts";
import { Fault } from "../../src/lib/fault.ts";
import type { Sighting } from "./witness.ts";

/** Whether a slot's earliest block came after the attestation deadline; `near` is too close to call. */
export type Lateness = "late" | "near" | "timely";

export type TrueSlot = {
  slot: number;
  status: "proposed" | "missed" | "orphaned";
  /** The canonical block. */
  root: string | null;
  /** Of any block. */
  lateness: Lateness;
};

/** One abandoned branch, the nodes that left it, and how many blocks it had at its longest; oldest blocks first. */
export type TrueReorg = {
  firstAbandoned: string;
  slot: number;
  depth: number;
  nodes: string[];
  abandoned: readonly Header[];
  /** What the first node to leave it took instead. */
  adopted: readonly Header[];
};

/** What happened, by the nodes' own REST and by when they told what. */
export type Truth = {
  firstSlot: number;
  lastSlot: number;
  slots: readonly TrueSlot[];
  reorgs: readonly TrueReorg[];
  sightings: readonly Sighting[];
  headers: ReadonlyMap<string, Header>;
};

/** Two processes that stamp the same bytes on a loaded machine differ by less than this. */
export const STAMP_TOLERANCE_MS = 400;

/** From the slot `firstSlot` to the slot `lastSlot`, whose canonical chain ends in `head`. */
export async function findTruth(input: {
  network: Network;
  attestationDueMs: number;
  firstSlot: number;
  lastSlot: number;
  head: Header;
  sightings: readonly Sighting[];
  headers: ReadonlyMap<string, Header>;
}): Promise<Truth> {
  const { network, attestationDueMs, firstSlot, lastSlot, head, sightings } = input;
  const canonical = await canonicalChain({ network, head, firstSlot });
  const headers = new Map(input.headers);
  for (const header of canonical.values()) headers.set(header.root, header);

  const slots: TrueSlot[] = [];
  for (let slot = firstSlot; slot <= lastSlot; slot += 1) {
    for (const { api } of network.nodes)
      for (const header of await api.headersAt(slot)) headers.set(header.root, header);
    const root = canonical.get(slot)?.root ?? null;
    const hasBlock = [...headers.values()].some((header) => header.slot === slot);
    const status = root !== null ? "proposed" : hasBlock ? "orphaned" : "missed";
    const startMs = network.genesisTimeS * 1000 + slot * network.slotMs;
    const delayMs = Math.min(...sightings.filter((seen) => seen.slot === slot).map(({ atMs }) => atMs - startMs));
    slots.push({ slot, status, root, lateness: hasBlock ? latenessOf(delayMs, attestationDueMs) : "timely" });
  }
  const reorgs = reorgsOf(sightings, headers).filter(({ slot }) => slot >= firstSlot);
  return { firstSlot, lastSlot, slots, reorgs, sightings, headers };
}

function latenessOf(delayMs: number, dueMs: number): Lateness {
  if (Math.abs(delayMs - dueMs) <= STAMP_TOLERANCE_MS) return "near";
  return delayMs > dueMs ? "late" : "timely";
}

/** The blocks from the head down to the first slot, by the REST of the first node; the others must have the same. */
async function canonicalChain(input: {
  network: Network;
  head: Header;
  firstSlot: number;
}): Promise<Map<number, Header>> {
  const { network, head, firstSlot } = input;
  const chain = new Map<number, Header>();
  let header = head;
  while (header.slot >= firstSlot) {
    chain.set(header.slot, header);
    if (header.slot === 0) break;
    for (const { name, api } of network.nodes) {
      const own = await api.header(String(header.slot));
      if (own?.root !== header.root) throw split(`Node ${name} has another block in slot ${header.slot}.`);
    }
    const parent = await network.nodes[0]?.api.header(header.parentRoot);
    if (parent === undefined) throw split(`The parent of the block of slot ${header.slot} is not to be had.`);
    header = parent;
  }
  return chain;
}

const split = (sentence: string) => new Fault("devnet_split", sentence, { retry: "retryable" });

/** A node that calls head a block whose ancestor its last head is not has left a branch. */
function reorgsOf(sightings: readonly Sighting[], headers: ReadonlyMap<string, Header>): TrueReorg[] {
  const heads = new Map<string, string>();
  const reorgs = new Map<string, TrueReorg>();
  const branch = (root: string): Header[] => {
    const blocks: Header[] = [];
    for (let block = headers.get(root); block !== undefined; block = headers.get(block.parentRoot)) blocks.push(block);
    return blocks;
  };
  for (const { node, topic, root } of sightings) {
    if (topic !== "head") continue;
    const old = heads.get(node);
    const kept = new Set(branch(root).map((block) => block.root));
    const oldBranch = old === undefined ? [] : branch(old);
    // A block that the node has passed already is a repetition.
    if (oldBranch.some((block) => block.root === root)) continue;
    heads.set(node, root);
    const abandoned = oldBranch.filter((block) => !kept.has(block.root)).reverse();
    const [first] = abandoned;
    if (first === undefined) continue;
    const reorg = reorgs.get(first.root);
    if (reorg === undefined) {
      const passed = new Set(oldBranch.map((block) => block.root));
      const adopted = branch(root)
        .filter((block) => !passed.has(block.root))
        .reverse();
      const { root: firstAbandoned, slot } = first;
      reorgs.set(first.root, { firstAbandoned, slot, depth: abandoned.length, nodes: [node], abandoned, adopted });
      continue;
    }
    if (abandoned.length > reorg.depth) reorg.abandoned = abandoned;
    reorg.depth = reorg.abandoned.length;
    if (!reorg.nodes.includes(node)) reorg.nodes = [...reorg.nodes, node].sort();
  }
  return [...reorgs.values()];
}
