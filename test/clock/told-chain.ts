import { type Chain, createChain } from "../../src/chain/chain.ts";
import type { NodeSlotRecord, SlotRecord } from "../../src/events/derived.ts";
import { nodeSlotDataset, slotDataset } from "../../src/events/derived.ts";
import { recordOfSource } from "../../src/events/record.ts";
import { type FakeNode, startFakeNode } from "../rigs/fake-node.ts";
import { plainBlockOf } from "../rigs/plain-block.ts";
import { rootOf } from "../rigs/recording-builder.ts";
import type { SteppedMonitor } from "../rigs/stepped-monitor.ts";
import { storedHits } from "../rigs/stored.ts";

const SPEC = { CONFIG_NAME: "devnet", SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32" };
const GENESIS_S = 1_800_000_000;

export const chain: Chain = createChain({ spec: SPEC, genesis: { genesis_time: GENESIS_S } });

/** Slots without a block. */
const isMissed = (slot: number) => slot % 7 === 0;
const blockAt = (slot: number): number => (isMissed(slot) ? blockAt(slot - 1) : slot);
export const blockRoot = (slot: number): string => rootOf(`block ${blockAt(slot)}`);
export const statusAt = (slot: number) => (isMissed(slot) ? "missed" : "proposed");

/** Two nodes of a chain that goes on whatever the monitor's clock says: every seventh slot has no block. */
export async function startToldChain() {
  let headSlot = 0;
  const slots = new Map<string, number>();
  const nodes = new Map<string, FakeNode>();
  const header = (slot: number) => ({
    body: {
      data: {
        root: blockRoot(slot),
        canonical: true,
        header: { message: { slot: String(slot), proposer_index: "1", parent_root: blockRoot(slot - 1) } },
      },
    },
  });
  for (const name of ["a", "b"]) {
    const node = await startFakeNode({ genesisTimeS: GENESIS_S, spec: SPEC });
    const answer = (path: string, bodyOf: (header: unknown) => unknown) => {
      const slot = slots.get(path.slice(path.lastIndexOf("/") + 1));
      if (slot === undefined) return { status: 404, body: { code: 404, message: "not found" } };
      return { body: bodyOf(header(slot).body) };
    };
    node.answer(/\/headers\/0x/, (path) => answer(path, (body) => body));
    node.answer(/\/blocks\/0x/, (path) => answer(path, plainBlockOf));
    node.answer("/eth/v1/beacon/headers/head", () => header(headSlot));
    const syncing = { sync_distance: "0", is_syncing: false, is_optimistic: false, el_offline: false };
    node.answer("/eth/v1/node/syncing", () => ({ body: { data: { head_slot: String(headSlot), ...syncing } } }));
    nodes.set(name, node);
  }

  /** The chain grows to this slot, whether or not anyone is told. */
  const grow = (slot: number) => {
    for (let next = Math.max(1, headSlot); next <= slot; next += 1) slots.set(blockRoot(next), blockAt(next));
    headSlot = blockAt(slot);
  };

  return {
    nodes,
    grow,
    urls: [...nodes].map(([name, { url }]) => ({ name, url })),
    /** The next slots of the chain are told by both nodes, by a monitor whose clock is ahead by so much. */
    async tell(input: { monitor: SteppedMonitor; from: number; to: number; aheadUs?: number }) {
      const { monitor, from, to, aheadUs = 0 } = input;
      for (let slot = from; slot <= to; slot += 1) {
        grow(slot);
        monitor.passTo(chain.slotStartUs(slot) + aheadUs + 1_000_000);
        for (const [name, node] of isMissed(slot) ? [] : nodes) {
          const about = { slot: String(slot), block: blockRoot(slot), execution_optimistic: false };
          await monitor.receive(name, 2, () => {
            node.emit("block", about);
            node.emit("head", { ...about, state: rootOf("state"), epoch_transition: false });
          });
        }
      }
    },
    async close() {
      for (const node of nodes.values()) await node.close();
    },
  };
}

/** The stored records of slots, and of slots by node, by slot. */
export async function storedSlots(directory: string) {
  const [slots = [], nodeSlots = []] = await storedHits({
    directory,
    patterns: ["ethmon-slot-devnet", "ethmon-node_slot-devnet"],
  });
  return {
    slots: new Map(
      slots.map((hit) => recordOfSource(slotDataset, hit._source) as unknown as SlotRecord).map((at) => [at.slot, at]),
    ),
    nodeSlots: nodeSlots.map((hit) => recordOfSource(nodeSlotDataset, hit._source) as unknown as NodeSlotRecord),
  };
}
