import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { rootOf } from "../../test/rigs/recording-builder.ts";
import { IS_LONG } from "../../test/rigs/repetitions.ts";
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

/** The window is full after the first of these slots; the second ones are what must not be kept beside it. */
const { full, beyond } = IS_LONG ? { full: 3100, beyond: 3100 } : { full: 2200, beyond: 700 };
/** What each slot of these takes as long as it is held. */
const SLOT_MB = 0.02;

test(`${beyond} slots beyond their window the measures hold no more than the window`, () => {
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
  run(1, full);
  const fullMb = heapMb();
  expect(fullMb).toBeGreaterThan(2000 * SLOT_MB);
  run(full, full + beyond);
  expect(pushed).toBeGreaterThan(48 * (full + beyond));
  expect(updates).toBeGreaterThan(full + beyond);
  const grownMb = heapMb() - fullMb;
  expect(grownMb).toBeLessThan((beyond * SLOT_MB) / 2);
}, 120_000);
