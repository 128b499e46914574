import { afterEach, describe, expect, test } from "vitest";
import { chainOf, envelopesOf, recordsOf } from "../test/rigs/built-records.ts";
import { createRecordingBuilder, type RecordingBuilder, rootOf } from "../test/rigs/recording-builder.ts";
import { blockDataset } from "./events/block/block-record.ts";
import { latencyDataset, nodeEpochDataset, propagationDataset } from "./events/comparison.ts";
import { epochDataset, gapDataset, nodeSlotDataset, slotDataset, streamDataset } from "./events/derived.ts";
import { reorgDataset } from "./events/reorg.ts";
import { committeeSlotDataset, slotVotesDataset } from "./events/vote-records.ts";
import type { MeasureUpdate } from "./measure/measure-update.ts";
import { createPipeline, type Step } from "./pipeline.ts";
import { replay } from "./replay.ts";

let builder: RecordingBuilder = createRecordingBuilder();
afterEach(() => builder.remove());

const chain = chainOf(builder);

async function updates(): Promise<MeasureUpdate[]> {
  const pipeline = createPipeline({ chain });
  const steps: Step[] = (await envelopesOf(builder)).map((envelope) => pipeline.push(envelope));
  return [...steps, pipeline.finish()].flatMap((step) => step.updates);
}

describe("slots while they last", () => {
  test("are pending until they can be judged, and never called missed before", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.chain(["c"], { from: 3, parent: "a" });
    const slots = recordsOf("slot", await updates());
    const statusesOf = (slot: number) => slots.filter((record) => record.slot === slot).map(({ status }) => status);
    expect([...new Set(statusesOf(2))]).toEqual(["pending", "missed"]);
    expect(statusesOf(2).at(-1)).toBe("missed");
    expect(statusesOf(3).at(-1)).toBe("proposed");
  });

  test("are told as soon as a block of an earlier slot comes by sync", async () => {
    builder = createRecordingBuilder();
    builder.chain(["e"], { from: 5, parent: "a" });
    builder.block("a", { slot: 2, parent: "genesis" });
    builder.see("a", ["n1"], { gossip: null, import: 22_000, head: null });
    builder.rest({ node: "n1", atMs: builder.startMs(9), path: "/eth/v1/something", body: null });
    const pipeline = createPipeline({ chain });
    const all = (await envelopesOf(builder)).flatMap((envelope) => pipeline.push(envelope).updates);
    expect([...new Set(recordsOf("slot", all).map(({ slot }) => slot))].sort()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("carry how far apart the nodes saw the block, with three decimals", async () => {
    builder = createRecordingBuilder();
    builder.block("a", { slot: 1, parent: "genesis" });
    builder.see("a", ["n1"], { gossip: 100.1 });
    builder.see("a", ["n2", "n3"], { gossip: 300.3 });
    expect(recordsOf("slot", await updates()).at(-1)).toMatchObject({ delay_ms: 100.1, spread_ms: 200.2 });
  });
});

describe("slots as a node lived them", () => {
  const lastOf = (all: readonly MeasureUpdate[], slot: number, node: string) =>
    recordsOf("node_slot", all).findLast((record) => record.slot === slot && record.node === node);

  test("have the stages of the block and the head at each deadline", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.block("b", { slot: 2, parent: "a" });
    builder.see("b", ["n1", "n2"], { gossip: 300, import: 400.5, head: 500 });
    builder.see("b", ["n3"], { gossip: 2500, import: 2600, head: 2700 });
    builder.chain(["c"], { from: 3, parent: "b" });
    const all = await updates();
    expect(lastOf(all, 2, "n1")).toMatchObject({
      block_root: rootOf("b"),
      gossip_ms: 300,
      import_ms: 400.5,
      head_ms: 500,
      head_at_attestation_due: rootOf("b"),
      head_at_aggregate_due: rootOf("b"),
      head_at_slot_end: rootOf("b"),
    });
    expect(lastOf(all, 2, "n3")).toMatchObject({
      gossip_ms: 2500,
      head_at_attestation_due: rootOf("a"),
      head_at_aggregate_due: rootOf("b"),
    });
  });

  test("count arrivals in bins of 50 ms, single attestations as what they are on either topic", async () => {
    builder = createRecordingBuilder({ nodes: ["n1"] });
    builder.chain(["a"], { from: 1, parent: "genesis" });
    const checkpoint = { epoch: "0", root: rootOf("c") };
    const data = { slot: "1", index: "0", beacon_block_root: rootOf("a"), source: checkpoint, target: checkpoint };
    const signature = `0x${"ab".repeat(96)}`;
    const vote = { committee_index: "0", attester_index: "9", data, signature };
    const told = (ms: number, event: string, what: unknown) =>
      builder.event({ node: "n1", atMs: builder.startMs(1) + ms, event, data: what });
    told(1999, "single_attestation", vote);
    told(2000, "single_attestation", vote);
    told(2049.999, "attestation", vote);
    told(4010, "attestation", { aggregation_bits: "0x0f", data, signature });
    told(4020, "data_column_sidecar", { block_root: rootOf("a"), index: "3", slot: "1" });
    told(60_000, "single_attestation", vote);
    expect(lastOf(await updates(), 1, "n1")).toMatchObject({
      single_attestations: [
        [1950, 1],
        [2000, 2],
        [12_000, 1],
      ],
      aggregates: [[4000, 1]],
      contributions: [],
      columns: [[4000, 1]],
    });
  });

  test("say that the node was syncing, and count its echoes", async () => {
    builder = createRecordingBuilder({ nodes: ["n1", "n2"] });
    const syncing = { head_slot: "0", sync_distance: "9", is_syncing: true };
    builder.rest({ node: "n2", atMs: builder.startMs(1), path: "/eth/v1/node/syncing", body: { data: syncing } });
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.see("a", ["n2"], { gossip: 3000, import: 3100, head: null });
    const all = await updates();
    expect(lastOf(all, 1, "n1")).toMatchObject({ syncing: false, echoes: 0 });
    expect(lastOf(all, 1, "n2")).toMatchObject({ syncing: true, echoes: 2 });
  });
});

describe("epochs", () => {
  test("add up, and have the finality that held while they lasted", async () => {
    builder = createRecordingBuilder();
    const names = Array.from({ length: 30 }, (_, i) => `e${i + 1}`);
    builder.chain(names, { from: 1, parent: "genesis" });
    for (const [epoch, slot] of [
      [1, 24],
      [2, 32],
    ] as const) {
      for (const node of builder.nodes) {
        const data = { block: rootOf("x"), state: rootOf("y"), epoch: String(epoch), execution_optimistic: false };
        builder.event({ node, atMs: builder.startMs(slot) + 100, event: "finalized_checkpoint", data });
      }
    }
    builder.chain(["late"], { from: 33, parent: "e30" });
    const epochs = new Map(recordsOf("epoch", await updates()).map((record) => [record.epoch, record]));
    for (const { slots, proposed, missed, orphaned, unknown, pending } of epochs.values()) {
      expect(proposed + missed + orphaned + unknown + pending).toBe(slots);
    }
    expect(epochs.get(0)).toMatchObject({ slots: 7, proposed: 7, finalized_epoch: null, finality_lag: null });
    expect(epochs.get(3)).toMatchObject({ slots: 8, proposed: 7, missed: 1, finalized_epoch: 1, finality_lag: 2 });
    expect(epochs.get(4)).toMatchObject({ finalized_epoch: 2, finality_lag: 2, finalized_by: { n1: 2, n2: 2, n3: 2 } });
  });

  test("do not begin before genesis, whatever nodes say of finality then", async () => {
    builder = createRecordingBuilder();
    const checkpoint = { epoch: "0", root: rootOf("zero") };
    const body = { data: { previous_justified: checkpoint, current_justified: checkpoint, finalized: checkpoint } };
    const path = "/eth/v1/beacon/states/head/finality_checkpoints";
    builder.rest({ node: "n1", atMs: builder.startMs(0) - 9000, path, body });
    builder.chain(["a"], { from: 1, parent: "genesis" });
    const epochs = recordsOf("epoch", await updates());
    expect(new Set(epochs.map(({ epoch }) => epoch))).toEqual(new Set([0]));
    expect(epochs.at(-1)).toMatchObject({ finalized_epoch: 0, justified_epoch: 0, finality_lag: 0 });
  });
});

describe("reorgs", () => {
  test("keep what each node said of its depth as a hint", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.chain(["b"], { from: 2, parent: "a" });
    builder.chain(["b'"], { from: 3, parent: "a" });
    builder.reorg({ node: "n1", atMs: builder.startMs(3) + 701, old: "b", new: "b'", depth: "2" });
    builder.reorg({ node: "n2", atMs: builder.startMs(3) + 699, old: "b", new: "b'", depth: "18446744073709551614" });
    const reorg = recordsOf("reorg", await updates()).at(-1);
    expect(reorg).toMatchObject({
      id: rootOf("b"),
      depth: 1,
      nodes: ["n1", "n2", "n3"],
      at_ms: builder.startMs(3) + 700,
      abandoned: [{ slot: 2, root: rootOf("b") }],
      adopted: [{ slot: 3, root: rootOf("b'") }],
      depth_hints: { n1: "2", n2: "18446744073709551614" },
      inferred: false,
      withdrawn: false,
    });
    expect(reorg?.switches).toHaveLength(3);
  });

  test("that rested on an inferred parent are withdrawn when a header says otherwise", async () => {
    builder = createRecordingBuilder({ nodes: ["n1", "n2"] });
    builder.chain(["a", "b"], { from: 1, parent: "genesis", headers: false });
    builder.block("c", { slot: 3, parent: "b" });
    // n1 tells of c as if it had left b for it; n2 never told of b's import.
    builder.see("c", ["n1"]);
    builder.reorg({ node: "n1", atMs: builder.startMs(3) + 710, old: "b", new: "c", depth: "1" });
    builder.header("a", { atMs: builder.startMs(5) });
    builder.header("b", { atMs: builder.startMs(5) });
    builder.header("c", { atMs: builder.startMs(5) });
    builder.chain(["f"], { from: 6, parent: "c" });
    const told = recordsOf("reorg", await updates()).map(({ inferred, withdrawn }) => ({ inferred, withdrawn }));
    expect(told).toEqual([
      { inferred: true, withdrawn: false },
      { inferred: true, withdrawn: true },
    ]);
  });
});

test("every derived record has the keys of its dataset's columns, no more and no fewer", async () => {
  const seen = new Map<string, Set<string>>();
  const onStep = (step: Step) => {
    for (const { dataset, record } of step.updates) {
      seen.set(dataset, new Set([...(seen.get(dataset) ?? []), Object.keys(record).sort().join()]));
    }
  };
  await replay({ directory: new URL("../demo/devnet3-fulu-faults", import.meta.url).pathname, onStep });
  await replay({ directory: new URL("../test/data/recordings/devnet3-1.5.1-3s", import.meta.url).pathname, onStep });
  const datasets = [
    blockDataset,
    slotDataset,
    nodeSlotDataset,
    slotVotesDataset,
    committeeSlotDataset,
    epochDataset,
    reorgDataset,
    streamDataset,
    gapDataset,
    nodeEpochDataset,
    latencyDataset,
    propagationDataset,
  ];
  expect([...seen.keys()].sort()).toEqual(datasets.map(({ name }) => name).sort());
  for (const { name, columns } of datasets) {
    expect([...(seen.get(name) ?? [])], name).toEqual([
      columns
        .map(({ key }) => key)
        .sort()
        .join(),
    ]);
  }
});

describe("headers", () => {
  test("are wanted for each new block, from each node that told of it, once", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a", "b"], { from: 1, parent: "genesis", headers: false });
    const pipeline = createPipeline({ chain });
    const wanted = (await envelopesOf(builder)).flatMap((envelope) => pipeline.push(envelope).wanted);
    const asked = wanted.flatMap(({ root, nodes }) => nodes.map((node) => `${root} ${node}`));
    expect(asked.toSorted()).toEqual(
      ["a", "b"].flatMap((name) => builder.nodes.map((node) => `${rootOf(name)} ${node}`)).toSorted(),
    );
  });

  test("are no longer wanted once one came, and then of parents that no stream told of", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.block("b", { slot: 2, parent: "a" });
    builder.block("c", { slot: 3, parent: "b" });
    builder.see("c", ["n1"]);
    builder.header("c", { atMs: builder.startMs(3) + 650 });
    const pipeline = createPipeline({ chain });
    const wanted = (await envelopesOf(builder)).flatMap((envelope) =>
      pipeline.push(envelope).wanted.map(({ root }) => root),
    );
    expect(wanted.filter((root) => root === rootOf("b"))).toEqual([rootOf("b")]);
    expect(wanted.at(-1)).toBe(rootOf("b"));
  });
});
