import { createHash } from "node:crypto";
import { type Chain, createChain } from "../../src/chain/chain.ts";
import type { Envelope } from "../../src/events/envelope.ts";
import type { Random } from "../../src/lib/random.ts";

/** A network that lives for a while, and what its nodes say of it when nothing disturbs them. */
export type Truth = {
  chain: Chain;
  nodes: readonly string[];
  /** By arrival. */
  envelopes: readonly Envelope[];
  missed: readonly number[];
  late: readonly number[];
  orphaned: readonly number[];
  endUs: number;
};

export const GENESIS_S = 1_800_000_000;
export const NETWORK = "devnet";
export const SPEC = { CONFIG_NAME: NETWORK, SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32" };
const NODES = ["n1", "n2", "n3"];

export const rootOf = (name: string) => `0x${createHash("sha256").update(name).digest("hex")}`;

type Block = { name: string; slot: number; parent: string };

/** Slots of 12 s, 32 an epoch; some slots are missed, some blocks late, and some late ones are left by the next. */
export function createTruth(input: { random: Random; slots: number }): Truth {
  const { random, slots } = input;
  const chain = createChain({ spec: SPEC, genesis: { genesis_time: GENESIS_S } });
  const envelopes: Envelope[] = NODES.map((node) => ({
    kind: "stream",
    node,
    receivedAtUs: chain.slotStartUs(0) - 1_000_000,
    state: "open",
  }));
  const missed: number[] = [];
  const late: number[] = [];
  const orphaned: number[] = [];

  const tell = (node: string, atUs: number, topic: string, data: object) =>
    envelopes.push({ kind: "event", node, receivedAtUs: Math.round(atUs), topic, text: JSON.stringify(data) });
  const tellHead = (node: string, atUs: number, block: Block) =>
    tell(node, atUs, "head", {
      slot: String(block.slot),
      block: rootOf(block.name),
      state: rootOf(`state of ${block.name}`),
      epoch_transition: false,
    });
  const tellBlock = (block: Block, delayMs: number, asHead: boolean) => {
    for (const node of NODES) {
      const atUs = chain.slotStartUs(block.slot) + (delayMs + random.integer(0, 400)) * 1000;
      const about = { slot: String(block.slot), block: rootOf(block.name) };
      tell(node, atUs, "block_gossip", about);
      tell(node, atUs + 60_000, "block", { ...about, execution_optimistic: false });
      if (asHead) tellHead(node, atUs + 90_000, block);
    }
    const header = {
      slot: String(block.slot),
      proposer_index: String(block.slot % 1000),
      parent_root: rootOf(block.parent),
    };
    envelopes.push({
      kind: "rest",
      node: random.pick(NODES),
      receivedAtUs: chain.slotStartUs(block.slot) + 9_500_000,
      path: `/eth/v1/beacon/headers/${rootOf(block.name)}`,
      status: 200,
      body: { data: { root: rootOf(block.name), header: { message: header } } },
    });
  };

  let tip = "genesis";
  let previous: Block | undefined;
  for (let slot = 1; slot <= slots; slot += 1) {
    if (slot > 1 && slot < slots - 2 && random.chance(0.04)) {
      missed.push(slot);
      previous = undefined;
      continue;
    }
    // A late block, on whose parent the next proposer builds: a reorg of depth 1 on every node.
    const isLeft = slot < slots - 2 && previous !== undefined && random.chance(0.03);
    const isLate = isLeft || random.chance(0.05);
    const block = { name: `block ${slot}`, slot, parent: tip };
    tellBlock(block, isLate ? random.integer(5000, 6500) : random.integer(900, 2500), true);
    if (isLate) late.push(slot);
    if (isLeft) {
      orphaned.push(slot);
      slot += 1;
      const instead = { name: `block ${slot}`, slot, parent: tip };
      tellBlock(instead, random.integer(900, 2500), true);
      tip = instead.name;
      previous = undefined;
    } else {
      tip = block.name;
      previous = block;
    }
  }
  envelopes.sort((a, b) => a.receivedAtUs - b.receivedAtUs);
  return { chain, nodes: NODES, envelopes, missed, late, orphaned, endUs: chain.slotStartUs(slots + 2) };
}
