import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { recordsOf } from "../../../test/rigs/built-records.ts";
import {
  blockDocument,
  blockRecord,
  network,
  rootOf,
  slotDocument,
  slotRecord,
} from "../../../test/rigs/serve-fixtures.ts";
import { type ServeRig, startServeRig } from "../../../test/rigs/serve-rig.ts";
import { createChain } from "../../chain/chain.ts";
import { blockDataset } from "../../events/block/block-record.ts";
import type { Document } from "../../events/document.ts";
import { createPipeline } from "../../pipeline.ts";
import { schemas, type Views } from "./schemas.ts";

let rig: ServeRig | undefined;

afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

async function answer<Name extends keyof Views>(path: string, name: Name): Promise<Views[Name]> {
  const { status, body } = (await rig?.get(path)) ?? {};
  expect({ path, status, body }).toMatchObject({ status: 200 });
  return schemas[name].parse(body) as Views[Name];
}

/** What a block before the merge has not. */
const old = blockRecord(3, {
  ...Object.fromEntries(blockDataset.columns.map(({ key }) => [key, null])),
  ...(({ root, slot, epoch, fork, start_ms, node, parent_root, state_root, proposer_index }) => ({
    ...{ root, slot, epoch, fork, start_ms, node, parent_root, state_root, proposer_index },
  }))(blockRecord(3)),
  graffiti: "",
  attestations: 0,
  deposits: 0,
  exits: [5],
  proposers_slashed: [],
  attesters_slashed: [],
  bls_changes: [],
});

test("blocks are answered newest first, as they were read, those of one slot on one page", async () => {
  const twin = blockRecord(2, { root: rootOf("twin of 2"), mev_payment_wei: null });
  const records = [blockRecord(1), blockRecord(2), twin, old];
  rig = await startServeRig({ documents: records.map(blockDocument) });

  const first = await answer("/api/v1/blocks?limit=2", "Blocks");
  expect(first.blocks).toEqual([old, ...[blockRecord(2), twin].toSorted((a, b) => (a.root < b.root ? -1 : 1))]);
  expect(first.next_before).toBe(2);
  const second = await answer(`/api/v1/blocks?limit=2&before=${first.next_before}`, "Blocks");
  expect(second).toEqual({ blocks: [blockRecord(1)], next_before: null });
});

test("a block that was answered twice is one", async () => {
  rig = await startServeRig({ documents: [blockRecord(1), blockRecord(1, { node: "n2" })].map(blockDocument) });
  const { blocks } = await answer("/api/v1/blocks", "Blocks");
  expect(blocks).toEqual([blockRecord(1, { node: "n2" })]);
});

test("a slot's detail holds the facts of its blocks and of no others", async () => {
  const twin = blockRecord(50, { root: rootOf("twin") });
  const documents = [
    ...[49, 50, 51].map((slot) => slotDocument(slotRecord(slot))),
    ...[blockRecord(49), blockRecord(50), twin, blockRecord(51)].map(blockDocument),
  ];
  rig = await startServeRig({ documents });
  const { blocks } = await answer("/api/v1/slots/50", "SlotDetail");
  expect(blocks.map(({ root }) => root).toSorted()).toEqual([rootOf("50"), rootOf("twin")].toSorted());
});

test("the topics of Gloas are shown among the events of their slot, votes of the payload committee apart", async () => {
  const chain = createChain({
    spec: {
      CONFIG_NAME: network.name,
      SECONDS_PER_SLOT: String(network.slot_duration_ms / 1000),
      SLOTS_PER_EPOCH: String(network.slots_per_epoch),
      FULU_FORK_EPOCH: "0",
      GLOAS_FORK_EPOCH: "0",
    },
    genesis: { genesis_time: network.genesis_time },
  });
  const pipeline = createPipeline({ chain });
  const examples = readFileSync(new URL("../../../test/data/beacon-apis/event-examples.jsonl", import.meta.url), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; data: unknown })
    .filter(({ event }) => /^(head_v2|execution_payload|payload_attestation)/.test(event));
  const receivedAtUs = chain.slotStartUs(10) + 900_000;
  const steps = examples.map(({ event: topic, data }) =>
    pipeline.push({ kind: "event", node: "n1", receivedAtUs, topic, text: JSON.stringify(data) }),
  );
  const documents = steps.flatMap(({ documents }) => documents as Document[]);
  rig = await startServeRig({ documents: [slotDocument(slotRecord(10)), ...documents] });
  const { events } = await answer("/api/v1/slots/10", "SlotDetail");
  expect(new Set(events.map(({ topic }) => topic))).toEqual(
    new Set([
      "head_v2",
      "execution_payload",
      "execution_payload_gossip",
      "execution_payload_available",
      "execution_payload_bid",
    ]),
  );
  expect(events.find(({ topic }) => topic === "execution_payload_bid")?.fields).not.toEqual({});
  const nodeSlot = recordsOf("node_slot", pipeline.finish().updates).find(({ slot }) => slot === 10);
  expect(nodeSlot?.payload_attestations).toEqual([[900, 1]]);
});
