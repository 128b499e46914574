import { afterEach, describe, expect, test } from "vitest";
import { createRecordingBuilder, type RecordingBuilder, rootOf } from "../test/rigs/recording-builder.ts";
import type { ReplayReport } from "./measure/report.ts";
import { replay } from "./replay.ts";

let builder: RecordingBuilder = createRecordingBuilder();
afterEach(() => builder.remove());

async function reportOf(options: Parameters<RecordingBuilder["write"]>[0] = {}): Promise<ReplayReport> {
  return replay({ directory: await builder.write(options) });
}

const statuses = ({ slots }: ReplayReport) => slots.map(({ slot, status }) => `${slot} ${status}`);
const slotOf = ({ slots }: ReplayReport, slot: number) => slots.find((entry) => entry.slot === slot);

describe("slots", () => {
  test("a slot without a block is missed, and every slot is one of four", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a", "b"], { from: 1, parent: "genesis" });
    builder.chain(["d"], { from: 4, parent: "b" });
    const report = await reportOf();
    expect(statuses(report)).toEqual(["1 proposed", "2 proposed", "3 missed", "4 proposed"]);
    expect(report.missed).toEqual([3]);
    expect(slotOf(report, 3)).toEqual({
      slot: 3,
      status: "missed",
      proposer: null,
      block_root: null,
      parent_root: null,
      seen_ms: {},
      delay_ms: null,
      late: false,
    });
  });

  test("slot 0 is never reported", async () => {
    builder = createRecordingBuilder();
    builder.block("zero", { slot: 0, parent: "nothing" });
    builder.see("zero");
    builder.chain(["a"], { from: 1, parent: "zero" });
    expect(statuses(await reportOf())).toEqual(["1 proposed"]);
  });

  test("late is strictly after the deadline, by the earliest node", async () => {
    builder = createRecordingBuilder();
    builder.block("a", { slot: 1, parent: "genesis" });
    builder.see("a", ["n1"], { gossip: 2000, import: 2100, head: 2200 });
    builder.see("a", ["n2", "n3"], { gossip: 4000, import: 4100, head: 4200 });
    builder.block("b", { slot: 2, parent: "a" });
    builder.see("b", ["n1", "n2", "n3"], { gossip: 2000.001, import: 2100, head: 2200 });
    const report = await reportOf();
    expect(report.late).toEqual([2]);
    expect(slotOf(report, 1)).toMatchObject({ late: false, delay_ms: 2000, seen_ms: { n1: 2000, n2: 4000, n3: 4000 } });
    expect(slotOf(report, 2)).toMatchObject({ late: true, delay_ms: 2000.001 });
  });

  test("the deadline is that of the slot's own fork", async () => {
    const spec = { ATTESTATION_DUE_BPS: "3333", ATTESTATION_DUE_BPS_GLOAS: "2500", GLOAS_FORK_EPOCH: "1" };
    builder = createRecordingBuilder({ spec });
    builder.block("a", { slot: 7, parent: "genesis" });
    builder.block("b", { slot: 8, parent: "a" });
    for (const name of ["a", "b"]) builder.see(name, builder.nodes, { gossip: 1700, import: 1800, head: 1900 });
    expect((await reportOf()).late).toEqual([8]);
  });

  test("an early block has a negative delay with three decimals", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.block("b", { slot: 2, parent: "a" });
    builder.see("b", ["n1"], { gossip: -90.125, import: -80, head: -70 });
    builder.see("b", ["n2", "n3"]);
    const report = await reportOf();
    expect(slotOf(report, 2)).toMatchObject({
      delay_ms: -90.125,
      seen_ms: { n1: -90.125, n2: 500, n3: 500 },
      late: false,
    });
    expect(statuses(report)).toEqual(["1 proposed", "2 proposed"]);
  });

  test("a recording that begins with an early block begins with its slot", async () => {
    builder = createRecordingBuilder();
    builder.block("a", { slot: 5, parent: "genesis" });
    builder.see("a", builder.nodes, { gossip: -400, import: -300, head: -200 });
    builder.chain(["b"], { from: 7, parent: "a" });
    expect(statuses(await reportOf())).toEqual(["5 proposed", "6 missed", "7 proposed"]);
  });

  test("the first of two blocks by one node counts, and lines that stand a little out of order do not matter", async () => {
    builder = createRecordingBuilder();
    builder.block("a", { slot: 1, parent: "genesis" });
    builder.see("a", ["n1", "n2", "n3"], { gossip: 700, import: 600, head: 650 });
    builder.block("b", { slot: 2, parent: "a" });
    builder.see("b", ["n1"], { gossip: 300.5, import: 301, head: 302 });
    builder.see("b", ["n3", "n2"], { gossip: 299.25, import: 299.5, head: 299.75 });
    const inOrder = await reportOf();
    builder.lines.reverse();
    builder.lines.sort((a, b) => Math.floor(a.recv_ms / 500) - Math.floor(b.recv_ms / 500));
    expect(await reportOf({ asAdded: true })).toEqual(inOrder);
    expect(slotOf(inOrder, 1)).toMatchObject({ seen_ms: { n1: 600, n2: 600, n3: 600 } });
    expect(slotOf(inOrder, 2)).toMatchObject({ delay_ms: 299.25 });
  });
});

describe("the range of slots", () => {
  test("reaches down to a block that came by sync, and up to one that claims a slot to come", async () => {
    builder = createRecordingBuilder();
    builder.chain(["e"], { from: 5, parent: "a" });
    builder.block("a", { slot: 2, parent: "genesis" });
    builder.see("a", ["n1"], { gossip: null, import: 22_000, head: null });
    builder.block("z", { slot: 20, parent: "e" });
    builder.see("z", ["n2"], { gossip: -80_000, import: null, head: null });
    builder.chain(["f"], { from: 7, parent: "e" });
    const { slots } = await reportOf();
    expect(slots.map(({ slot }) => slot)).toEqual(Array.from({ length: 19 }, (_, i) => i + 2));
    expect(slots.slice(0, 6).map(({ status }) => status)).toEqual([
      "proposed",
      "missed",
      "missed",
      "proposed",
      "missed",
      "proposed",
    ]);
  });

  test("leaves out a block that was older than the window when the watch began", async () => {
    builder = createRecordingBuilder();
    builder.block("old", { slot: 5, parent: "genesis" });
    builder.chain(["a", "b"], { from: 6001, parent: "old" });
    builder.see("old", ["n1"], { gossip: null, import: (6001 - 5) * 6000 + 3000, head: null });
    expect(statuses(await reportOf())).toEqual(["6001 proposed", "6002 proposed"]);
  });
});

describe("what cannot be known", () => {
  test("is the fate of a block when no node told of any head", async () => {
    builder = createRecordingBuilder();
    builder.block("a", { slot: 1, parent: "genesis" });
    builder.see("a", builder.nodes, { head: null });
    builder.header("a");
    const report = await reportOf();
    expect(statuses(report)).toEqual(["1 unknown"]);
    expect(report.orphaned).toEqual([]);
  });

  test("is the fate of a block when the links past it are missing", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.block("b", { slot: 2, parent: "a" });
    builder.see("b", ["n1"], { head: null });
    builder.header("b");
    builder.block("d", { slot: 4, parent: "unheard of" });
    builder.see("d");
    builder.header("d", { atMs: builder.startMs(4) + 700 });
    const report = await reportOf();
    expect(statuses(report).slice(1)).toEqual(["2 unknown", "3 missed", "4 proposed"]);
    expect(report.orphaned).toEqual([]);
  });
});

describe("proposers", () => {
  test("are named by their duties, though these come after the slot was missed, and by the header before all", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.chain(["c"], { from: 3, parent: "a" });
    const duty = (slot: number, validator: number) => ({
      slot: String(slot),
      validator_index: String(validator),
      pubkey: "0x",
    });
    const body = { dependent_root: rootOf("genesis"), data: [duty(1, 41), duty(2, 42), duty(3, 43)] };
    builder.rest({ node: "n1", atMs: builder.startMs(6), path: "/eth/v1/validator/duties/proposer/0", body });
    expect((await reportOf()).slots.map(({ proposer }) => proposer)).toEqual([1, 42, 3]);
  });
});

describe("two blocks in one slot", () => {
  test("the canonical one is the slot's block, the other is orphaned with the nodes that saw it", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.block("b1", { slot: 2, parent: "a" });
    builder.block("b2", { slot: 2, parent: "a" });
    builder.see("b1", ["n3"], { gossip: 300, import: 310, head: 320 });
    builder.see("b2", ["n1", "n2"], { gossip: 2500, import: 2510, head: 2520 });
    builder.header("b1", { node: "n3" });
    builder.header("b2", { node: "n1", atMs: builder.startMs(2) + 3000 });
    builder.chain(["c"], { from: 3, parent: "b2" });
    const report = await reportOf();
    expect(slotOf(report, 2)).toMatchObject({
      status: "proposed",
      block_root: rootOf("b2"),
      delay_ms: 2500,
      seen_ms: { n1: 2500, n2: 2500 },
      // The slot's earliest block of any root came in time.
      late: false,
    });
    expect(report.orphaned).toEqual([{ slot: 2, block_root: rootOf("b1"), nodes: ["n3"] }]);
    expect(report.reorgs).toEqual([
      {
        slot: 3,
        depth: 1,
        nodes: ["n3"],
        old_head: rootOf("b1"),
        new_head: rootOf("c"),
        common_ancestor: rootOf("a"),
      },
    ]);
  });

  test("both are orphaned when the chain goes past the slot without them, in the order of their roots", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    for (const name of ["b1", "b2"]) {
      builder.block(name, { slot: 2, parent: "a" });
      builder.see(name, ["n1"], { head: null });
      builder.header(name);
    }
    builder.chain(["c"], { from: 3, parent: "a" });
    const report = await reportOf();
    expect(slotOf(report, 2)?.status).toBe("orphaned");
    expect(report.missed).toEqual([]);
    expect(report.orphaned.map(({ block_root }) => block_root)).toEqual([rootOf("b1"), rootOf("b2")].sort());
    expect(report.reorgs).toEqual([]);
  });
});

describe("the canonical chain", () => {
  test("is that of the head that most nodes hold at the end", async () => {
    builder = createRecordingBuilder({ nodes: ["n1", "n2", "n3", "n4", "n5"] });
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.chain(["b1", "c1", "d1", "e1"], { from: 2, parent: "a", nodes: ["n1", "n2"] });
    builder.chain(["b2"], { from: 3, parent: "a", nodes: ["n3", "n4", "n5"] });
    const report = await reportOf();
    expect(statuses(report)).toEqual(["1 proposed", "2 orphaned", "3 proposed", "4 orphaned", "5 orphaned"]);
    expect(slotOf(report, 3)?.block_root).toBe(rootOf("b2"));
    expect(report.reorgs).toEqual([]);
  });

  test("of two heads that equally many hold has the higher slot, then the lower root", async () => {
    builder = createRecordingBuilder({ nodes: ["n1", "n2"] });
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.chain(["b1"], { from: 2, parent: "a", nodes: ["n1"] });
    builder.chain(["b2"], { from: 3, parent: "a", nodes: ["n2"] });
    expect(slotOf(await reportOf(), 2)?.status).toBe("orphaned");
    await builder.remove();
    builder = createRecordingBuilder({ nodes: ["n1", "n2"] });
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.chain(["b1"], { from: 2, parent: "a", nodes: ["n1"] });
    builder.chain(["b2"], { from: 2, parent: "a", nodes: ["n2"] });
    const [lower] = [rootOf("b1"), rootOf("b2")].sort();
    expect(slotOf(await reportOf(), 2)?.block_root).toBe(lower);
  });

  test("is not held back by a node that is a block behind", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a", "b"], { from: 1, parent: "genesis" });
    builder.chain(["c"], { from: 3, parent: "b", nodes: ["n2"] });
    expect(statuses(await reportOf())).toEqual(["1 proposed", "2 proposed", "3 proposed"]);
  });
});
