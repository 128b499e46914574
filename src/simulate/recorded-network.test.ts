import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readRecordedNetwork } from "./recorded-network.ts";

const directory = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

test("a recording has its nodes' events, blocks with their links, and when a node was stopped", async () => {
  const network = await readRecordedNetwork(directory("demo/devnet3-fulu-faults"));
  expect(network).toMatchObject({ slotMs: 3000, slotsPerEpoch: 8 });
  expect(network.nodes.map(({ name, frozen }) => [name, frozen.length])).toEqual([
    ["n1", 0],
    ["n2", 1],
    ["n3", 0],
  ]);
  const blocks = [...network.blocks.values()];
  const withoutParent = blocks.filter(({ parentRoot }) => !network.blocks.has(parentRoot));
  expect(withoutParent.map(({ slot, header }) => ({ slot, header }))).toEqual([{ slot: 0, header: undefined }]);
  for (const { events } of network.nodes) {
    expect(events.some(({ topic }) => topic.startsWith("_"))).toBe(false);
    expect(events.map(({ offsetMs }) => offsetMs)).toEqual(
      events.map(({ offsetMs }) => offsetMs).toSorted((a, b) => a - b),
    );
  }
});

test("a recording without REST answers is refused in one sentence", async () => {
  await expect(readRecordedNetwork(directory("test/data/recordings/devnet3-1.5.1-3s"))).rejects.toMatchObject({
    code: "recording_unusable",
    retry: "final",
  });
});
