import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { rootOf } from "../../test/rigs/recording-builder.ts";
import { createChain } from "../chain/chain.ts";
import type { Envelope } from "../events/envelope.ts";
import { createPipeline } from "../pipeline.ts";

const chain = createChain({
  spec: { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32" },
  genesis: { genesis_time: 1_800_000_000 },
});
const NODES = ["n1", "n2", "n3"] as const;

/** Two blocks a slot on three nodes with their headers, reorg hints and data columns: a chain that never calms down. */
function* restlessSlot(slot: number): Generator<Envelope> {
  const at = (ms: number) => chain.slotStartUs(slot) + ms * 1000;
  for (const [index, branch] of ["a", "b"].entries()) {
    const block = rootOf(`${branch} ${slot}`);
    const parent = rootOf(`a ${slot - 1}`);
    for (const node of NODES) {
      const event = (ms: number, topic: string, data: unknown): Envelope => {
        return { kind: "event", node, receivedAtUs: at(ms + 100 * index), topic, text: JSON.stringify(data) };
      };
      yield event(500, "block_gossip", { slot: String(slot), block });
      yield event(510, "block", { slot: String(slot), block, execution_optimistic: false });
      for (let column = 0; column < 4; column += 1) {
        yield event(520, "data_column_sidecar", { block_root: block, index: String(column), slot: String(slot) });
      }
      yield event(530, "head", { slot: String(slot), block, state: block, epoch_transition: false });
      const hint = { slot: String(slot), depth: "1", old_head_block: block, new_head_block: parent, epoch: "1" };
      yield event(540, "chain_reorg", hint);
    }
    const message = { slot: String(slot), proposer_index: "1", parent_root: parent };
    const body = { data: { root: block, header: { message } } };
    yield {
      kind: "rest",
      node: "n1",
      receivedAtUs: at(600 + 100 * index),
      path: `/eth/v1/beacon/headers/${block}`,
      status: 200,
      body,
    };
  }
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const heapMb = () => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

test("300,000 events later the measures hold no more than a window of slots", () => {
  const pipeline = createPipeline({ chain });
  let pushed = 0;
  let updates = 0;
  const run = (from: number, to: number) => {
    for (let slot = from; slot < to; slot += 1) {
      for (const envelope of restlessSlot(slot)) {
        updates += pipeline.push(envelope).updates.length;
        pushed += 1;
      }
    }
  };
  run(1, 3100);
  const full = heapMb();
  run(3100, 6200);
  expect(pushed).toBeGreaterThan(300_000);
  expect(updates).toBeGreaterThan(6200);
  // Once the window is full, as many slots again must not need more: 3,000 slots kept would be 60 MB.
  const grownMb = heapMb() - full;
  expect(grownMb).toBeLessThan(30);
}, 120_000);
