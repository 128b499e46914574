import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { blockBody } from "../events/answers/block-answers.ts";
import type { BlockBody } from "../events/block/block-body.ts";
import { createDemoAnswers } from "./demo-answers.ts";
import { createDemoNode } from "./demo-node.ts";
import { createDemoWorld } from "./demo-world.ts";
import { readRecordedNetwork } from "./recorded-network.ts";

const recordingDirectory = fileURLToPath(new URL("../../demo/devnet3-fulu-faults", import.meta.url));
const network = await readRecordedNetwork(recordingDirectory);
const genesisTimeS = 1_800_000_000;
const world = createDemoWorld({ network, genesisTimeS });
const [recorded] = network.nodes;
if (recorded === undefined) throw new Error("the recording has no node");
const node = createDemoNode({ world, recorded });
const answers = createDemoAnswers({ world, node, peers: [node] });

type Read = { root: string; slot: number; parentRoot: string; body: BlockBody };

/** The canonical block of a slot with its body, as the program reads it from a node of the demo. */
function blockAt(slot: number): Read | undefined {
  const nowMs = (genesisTimeS + (slot + 20) * 3) * 1000;
  const block = node.chainAt(slot, nowMs);
  if (block === undefined || world.ancestry.slotOf(block) !== slot) return undefined;
  const path = `/eth/v2/beacon/blocks/${world.ancestry.rootOf(block)}`;
  const { status, body } = answers({ path, query: new URLSearchParams(), nowMs });
  expect(status).toBe(200);
  const match = blockBody.pattern.exec(path);
  const read = match === null ? undefined : blockBody.parse(body, match);
  if (read?.data?.answer.kind !== "block") throw new Error(`slot ${slot}: ${read?.error?.message}`);
  return read.data.answer;
}

test("the blocks of every loop have bodies that fit their slots, their parents and each other", () => {
  for (const loop of [0, 1, 7]) {
    const from = loop * world.loop.spanSlots + 8;
    const blocks = Array.from({ length: 40 }, (_, index) => blockAt(from + index)).filter((one) => one !== undefined);
    expect(blocks.length).toBeGreaterThan(30);
    const roots = new Set(blocks.map(({ root }) => root));
    let votesForOurs = 0;
    for (const [index, block] of blocks.entries()) {
      const { slot, body } = block;
      const parent = blocks[index - 1];
      expect(body.payload?.timestampS).toBe(genesisTimeS + slot * 3);
      if (parent !== undefined) {
        expect(block.parentRoot).toBe(parent.root);
        expect(body.payload?.parentHash).toBe(parent.body.payload?.hash);
        expect(body.payload?.number).toBe((parent.body.payload?.number ?? 0) + 1);
      }
      for (const { data } of body.attestations) {
        expect(data.slot).toBeLessThan(slot);
        expect(slot - data.slot).toBeLessThan(16);
        expect(data.targetEpoch).toBe(Math.floor(data.slot / 8));
        if (roots.has(data.head)) votesForOurs += 1;
      }
    }
    expect(votesForOurs).toBeGreaterThan(20);
  }
});
