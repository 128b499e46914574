import { afterEach, describe, expect, test } from "vitest";
import { chainOf, envelopesOf, recordsOf } from "../../test/rigs/built-records.ts";
import { createRecordingBuilder, type RecordingBuilder } from "../../test/rigs/recording-builder.ts";
import { createPipeline } from "../pipeline.ts";
import type { MeasureUpdate } from "./measure-update.ts";

let builder: RecordingBuilder = createRecordingBuilder();
afterEach(() => builder.remove());

async function told(): Promise<MeasureUpdate[]> {
  const pipeline = createPipeline({ chain: chainOf(builder) });
  const steps = (await envelopesOf(builder)).map((envelope) => pipeline.push(envelope));
  return [...steps, pipeline.finish()].flatMap((step) => step.updates);
}

const newest = (updates: readonly MeasureUpdate[], epoch: number, node: string) =>
  recordsOf("node_epoch", updates).findLast((record) => record.epoch === epoch && record.node === node);

describe("an epoch as a node had it", () => {
  test("is measured against the blocks of all branches that any node told of", async () => {
    builder = createRecordingBuilder();
    builder.open();
    builder.chain(["a", "b", "c"], { from: 1, parent: "genesis" });
    builder.block("lost", { slot: 2, parent: "a" });
    builder.see("lost", ["n1"], { gossip: 5000, import: null, head: null });
    builder.block("d", { slot: 4, parent: "c" });
    builder.see("d", ["n1", "n2"], { gossip: 510 });
    const updates = await told();
    const shares = builder.nodes.map((node) => {
      const record = newest(updates, 0, node);
      return [record?.blocks_seen, record?.blocks_total];
    });
    expect(shares).toEqual([
      [5, 5],
      [4, 5],
      [3, 5],
    ]);
    expect(newest(updates, 0, "n3")?.arrivals).toEqual([
      [1, 500, 600, 700],
      [2, 500, 600, 700],
      [3, 500, 600, 700],
      [4, null, null, null],
    ]);
  });

  test("does not count against a node what came while its stream was down, and tells the gap", async () => {
    builder = createRecordingBuilder();
    builder.open();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.lines.push({ recv_ms: builder.startMs(2) - 500, node: "n3", event: "_close" });
    builder.chain(["b", "c"], { from: 2, parent: "a", nodes: ["n1", "n2"] });
    builder.lines.push({ recv_ms: builder.startMs(4) - 500, node: "n3", event: "_open", status: 200 });
    builder.chain(["d"], { from: 4, parent: "c" });
    const record = newest(await told(), 0, "n3");
    expect(record).toMatchObject({ blocks_seen: 2, blocks_total: 2, gaps: 1, gap_ms: 12_000 });
    expect(record?.arrivals.map(([slot]) => slot)).toEqual([1, 4]);
  });

  test("names the blocks that a stream left out, and neither orphans nor what the node may still tell of", async () => {
    builder = createRecordingBuilder();
    builder.open();
    builder.chain(["a"], { from: 1, parent: "genesis", headers: true });
    builder.chain(["b"], { from: 2, parent: "a", nodes: ["n1", "n2"], headers: true });
    builder.chain(["c"], { from: 3, parent: "b", headers: true });
    builder.block("lost", { slot: 4, parent: "c" });
    builder.see("lost", ["n1"], { head: null });
    builder.header("lost");
    builder.chain(["d"], { from: 5, parent: "c", headers: true });
    builder.chain(["e"], { from: 6, parent: "d", nodes: ["n1", "n2"], headers: true });
    const updates = await told();
    expect(builder.nodes.map((node) => newest(updates, 0, node)?.left_out)).toEqual([[], [], [2]]);
  });

  test("has its pairs told once it is over, with the later node's sign", async () => {
    builder = createRecordingBuilder({ nodes: ["n1", "n2"] });
    builder.open();
    const names = Array.from({ length: 12 }, (_, index) => `b${index + 1}`);
    for (const [index, name] of names.entries()) {
      builder.block(name, { slot: index + 1, parent: names[index - 1] ?? "genesis" });
      builder.see(name, ["n1"], { gossip: 400 });
      builder.see(name, ["n2"], { gossip: 430 + index });
    }
    const pairs = recordsOf("latency", await told());
    expect(pairs.map(({ epoch, a, b, topic, median_ms, n }) => ({ epoch, a, b, topic, median_ms, n }))).toEqual([
      { epoch: 0, a: "n1", b: "n2", topic: "block_gossip", median_ms: 33, n: 7 },
      { epoch: 1, a: "n1", b: "n2", topic: "block_gossip", median_ms: 39, n: 5 },
    ]);
  });

  test("tells how blocks spread and which were orphaned by their arrival", async () => {
    builder = createRecordingBuilder();
    builder.open();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.block("late", { slot: 2, parent: "a" });
    builder.see("late", builder.nodes, { gossip: 2600, import: 2700, head: null });
    builder.header("late", {});
    builder.chain(["c", "d"], { from: 3, parent: "a" });
    const record = recordsOf("propagation", await told()).at(-1);
    expect(record).toMatchObject({ epoch: 0, slots: 4, spread_median_ms: 0, attestation_due_ms: 2000 });
    expect(record?.outcomes).toEqual([
      [-1500, 2, 0],
      [500, 1, 1],
    ]);
  });
});
