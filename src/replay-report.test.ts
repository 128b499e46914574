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

describe("reorgs", () => {
  /** a - b - (3 skipped) - d - e on n3, and c' - d' - e' on n1 and n2, where n3 comes over. */
  function partition(headers: boolean) {
    builder = createRecordingBuilder();
    const told = { headers };
    builder.chain(["a", "b"], { from: 1, parent: "genesis", ...told });
    builder.chain(["d", "e"], { from: 4, parent: "b", nodes: ["n3"], ...told });
    builder.chain(["c'", "d'", "e'"], { from: 3, parent: "b", nodes: ["n1", "n2"], ...told });
    builder.block("f'", { slot: 6, parent: "e'" });
    for (const [index, name] of ["c'", "d'", "e'"].entries()) {
      builder.event({
        node: "n3",
        atMs: builder.startMs(6) + index,
        event: "block",
        data: { slot: String(builder.blocks.get(name)?.slot), block: rootOf(name), execution_optimistic: false },
      });
    }
    builder.see("f'");
    if (headers) builder.header("f'");
    builder.reorg({ node: "n3", atMs: builder.startMs(6) + 700.1, old: "e", new: "f'", depth: "4" });
  }

  test("depth counts abandoned blocks: a skipped slot neither counts nor splits a branch", async () => {
    partition(true);
    const report = await reportOf();
    expect(report.reorgs).toEqual([
      {
        slot: 6,
        depth: 2,
        nodes: ["n3"],
        old_head: rootOf("e"),
        new_head: rootOf("f'"),
        common_ancestor: rootOf("b"),
      },
    ]);
    expect(report.orphaned.map(({ slot, nodes }) => [slot, nodes])).toEqual([
      [4, ["n3"]],
      [5, ["n3"]],
    ]);
    expect(report.missed).toEqual([]);
  });

  test("are the same without any REST answer", async () => {
    partition(true);
    const withRest = (await reportOf()).reorgs;
    await builder.remove();
    partition(false);
    const report = await reportOf();
    expect(report.reorgs).toEqual(withRest);
    expect(report.slots.some(({ parent_inferred }) => parent_inferred)).toBe(true);
  });

  test("nodes that leave one branch at different times and depths are one reorg", async () => {
    builder = createRecordingBuilder({ nodes: ["n1", "n2", "n3", "n4", "n5"] });
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.chain(["b", "c"], { from: 2, parent: "a", nodes: ["n1", "n2"] });
    builder.chain(["x", "y", "z"], { from: 2, parent: "a", nodes: ["n3", "n4", "n5"] });
    builder.turn("x", { node: "n2", atMs: builder.startMs(2) + 900 });
    builder.turn("z", { node: "n1", atMs: builder.startMs(4) + 900 });
    // n2 held c of slot 3 again before it turned for good: one reorg still, by its first abandoned block.
    builder.lines.splice(
      builder.lines.findIndex(
        ({ node, event, data }) => node === "n2" && event === "head" && (data as { slot: string }).slot === "3",
      ),
      1,
    );
    const report = await reportOf();
    expect(report.reorgs).toEqual([
      {
        slot: 2,
        depth: 2,
        nodes: ["n1", "n2"],
        old_head: rootOf("c"),
        new_head: rootOf("x"),
        common_ancestor: rootOf("a"),
      },
    ]);
  });

  test("a node that turns back makes a second one, of the branch that it left then", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.chain(["b1"], { from: 2, parent: "a" });
    builder.chain(["b2"], { from: 3, parent: "a", nodes: ["n1"] });
    builder.turn("b1", { node: "n1", atMs: builder.startMs(3) + 3000 });
    builder.chain(["c"], { from: 4, parent: "b1" });
    const { reorgs, echoes } = await reportOf();
    expect(
      reorgs.map(({ slot, depth, nodes, old_head, new_head }) => ({ slot, depth, nodes, old_head, new_head })),
    ).toEqual([
      { slot: 2, depth: 1, nodes: ["n1"], old_head: rootOf("b2"), new_head: rootOf("b1") },
      { slot: 3, depth: 1, nodes: ["n1"], old_head: rootOf("b1"), new_head: rootOf("b2") },
    ]);
    expect(echoes).toBe(1);
  });

  test("of the first blocks has genesis as its ancestor, although genesis was never told of", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis", nodes: ["n3"] });
    builder.chain(["b"], { from: 2, parent: "genesis", nodes: ["n1", "n2"] });
    builder.chain(["c"], { from: 3, parent: "b" });
    expect((await reportOf()).reorgs).toEqual([
      {
        slot: 3,
        depth: 1,
        nodes: ["n3"],
        old_head: rootOf("a"),
        new_head: rootOf("c"),
        common_ancestor: rootOf("genesis"),
      },
    ]);
  });

  test("a node that lags and then catches up makes none", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.chain(["b", "c", "d"], { from: 2, parent: "a", nodes: ["n1", "n2"] });
    builder.chain(["e"], { from: 5, parent: "d" });
    const report = await reportOf();
    expect(report).toMatchObject({ reorgs: [], orphaned: [], missed: [], gaps: [] });
  });

  test("what a node says of its own reorgs is never believed", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a", "b", "c"], { from: 1, parent: "genesis" });
    builder.reorg({ node: "n2", atMs: builder.startMs(3) + 710, old: "b", new: "c", depth: "18446744073709551614" });
    const report = await reportOf();
    expect(report.reorgs).toEqual([]);
    expect(report.quarantined).toBe(0);
  });

  test("a header that comes late corrects an inferred parent, and the reorg that rested on it is withdrawn", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis", headers: false });
    builder.chain(["b"], { from: 2, parent: "a", headers: false });
    builder.chain(["c"], { from: 3, parent: "b", nodes: ["n1", "n2"], headers: false });
    // n3 missed b's head: it is taken for a node that went from a to c.
    builder.chain(["d"], { from: 4, parent: "c", headers: false });
    const without = await reportOf();
    for (const name of ["a", "b", "c", "d"]) builder.header(name, { atMs: builder.startMs(5) });
    const corrected = await reportOf();
    expect(corrected.reorgs).toEqual([]);
    expect(corrected.slots.some(({ parent_inferred }) => parent_inferred)).toBe(false);
    expect(corrected.slots.map(({ parent_root }) => parent_root)).toEqual(["genesis", "a", "b", "c"].map(rootOf));
    expect(without.slots.map(({ status }) => status)).toEqual(corrected.slots.map(({ status }) => status));
  });

  test.each([
    ["before", 690],
    ["after", 710],
  ])("a node's word on a reorg, told %s its head, tells it from an extension where there is no REST", async (_, ms) => {
    builder = createRecordingBuilder();
    builder.chain(["a", "b"], { from: 1, parent: "genesis", headers: false });
    builder.chain(["b'"], { from: 3, parent: "a", headers: false });
    for (const node of builder.nodes) {
      builder.reorg({ node, atMs: builder.startMs(3) + ms, old: "b", new: "b'", depth: "2" });
    }
    const { reorgs } = await reportOf();
    expect(reorgs).toEqual([
      {
        slot: 3,
        depth: 1,
        nodes: ["n1", "n2", "n3"],
        old_head: rootOf("b"),
        new_head: rootOf("b'"),
        common_ancestor: rootOf("a"),
      },
    ]);
  });
});

describe("echoes", () => {
  test("are counted, and change neither sightings nor heads nor the range of slots", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a", "b", "c", "d", "e"], { from: 1, parent: "genesis" });
    const clean = await reportOf();
    for (const name of ["a", "b", "c"]) {
      const { slot, root } = builder.block(name, { slot: builder.blocks.get(name)?.slot ?? 0, parent: "genesis" });
      for (const event of ["block_gossip", "block"]) {
        builder.event({
          node: "n2",
          atMs: builder.startMs(5) + 4000,
          event,
          data: { slot: String(slot), block: root },
        });
      }
      builder.turn(name, { node: "n2", atMs: builder.startMs(5) + 4000 });
    }
    const { events, echoes, ...rest } = await reportOf();
    expect(rest).toEqual({ ...clean, events: undefined, echoes: undefined });
    expect([events, echoes]).toEqual([clean.events + 9, 9]);
  });

  test("a head of long ago, told for the first time since the watch began, is no reorg", async () => {
    builder = createRecordingBuilder();
    const names = Array.from({ length: 12 }, (_, i) => `block ${i + 20}`);
    builder.block("before", { slot: 19, parent: "genesis" });
    builder.chain(names, { from: 20, parent: "before" });
    builder.turn("before", { node: "n2", atMs: builder.startMs(27) + 3000 });
    builder.header("before", { node: "n2", atMs: builder.startMs(27) + 3100 });
    const report = await reportOf();
    expect(report).toMatchObject({ reorgs: [], orphaned: [], missed: [], echoes: 0 });
    expect(report.slots[0]).toMatchObject({ slot: 19, status: "proposed" });
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

describe("gaps", () => {
  test("a stream that closes in the middle has one gap until it opens again", async () => {
    builder = createRecordingBuilder();
    builder.open();
    builder.chain(["a", "b", "c", "d"], { from: 1, parent: "genesis" });
    builder.lines.push({ recv_ms: builder.startMs(2) + 1000, node: "n1", event: "_close" });
    builder.lines.push({
      recv_ms: builder.startMs(2) + 2000,
      node: "n1",
      event: "_error",
      error: "connect ECONNREFUSED",
    });
    builder.lines.push({ recv_ms: builder.startMs(3) + 100, node: "n1", event: "_open", status: 200 });
    const report = await reportOf();
    expect(report.gaps).toEqual([
      { node: "n1", from_ms: builder.startMs(2) + 1000, to_ms: builder.startMs(3) + 100, cause: "closed" },
    ]);
  });

  test("a node that never opens misses everything from genesis on, and nothing before", async () => {
    builder = createRecordingBuilder();
    builder.open(["n1", "n2"]);
    for (const atMs of [builder.startMs(0) - 5000, builder.startMs(0) + 1000]) {
      builder.lines.push({
        recv_ms: atMs,
        node: "n3",
        event: "_error",
        data: { error: "connect ECONNREFUSED" },
      } as never);
    }
    builder.chain(["a", "b"], { from: 1, parent: "genesis", nodes: ["n1", "n2"] });
    const report = await reportOf();
    const endMs = builder.startMs(2) + 2000;
    expect(report.gaps).toEqual([{ node: "n3", from_ms: builder.startMs(0), to_ms: endMs, cause: "error" }]);
  });

  test.each([{ status: 503 }, { data: { status: 503 } }])("a stream that opens with %j is not up", async (answer) => {
    builder = createRecordingBuilder();
    builder.open(["n1", "n2"]);
    builder.lines.push({ recv_ms: builder.startMs(1), node: "n3", event: "_open", ...answer });
    builder.chain(["a"], { from: 1, parent: "genesis", nodes: ["n1", "n2"] });
    const { gaps } = await reportOf();
    expect(gaps.map(({ node, cause }) => [node, cause])).toEqual([["n3", "error"]]);
  });

  test("a frozen node that delivers late has none, and its late events count for it alone", async () => {
    builder = createRecordingBuilder();
    builder.open();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.chain(["b", "c"], { from: 2, parent: "a", nodes: ["n1", "n2"] });
    builder.see("b", ["n3"], { gossip: 13_000, import: 13_010, head: 13_020 });
    builder.see("c", ["n3"], { gossip: 7_030, import: 7_040, head: 7_050 });
    builder.chain(["d"], { from: 5, parent: "c" });
    const report = await reportOf();
    expect(report).toMatchObject({ gaps: [], late: [], reorgs: [], missed: [4] });
    expect(slotOf(report, 2)?.seen_ms).toEqual({ n1: 500, n2: 500, n3: 13_000 });
  });

  test("a stream that says nothing while its node's head moves on is silent from its last event on", async () => {
    builder = createRecordingBuilder();
    builder.open();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.chain(["b", "c", "d", "e"], { from: 2, parent: "a", nodes: ["n1", "n2"] });
    for (const slot of [2, 3, 4, 5]) {
      const data = { head_slot: String(slot), sync_distance: "0", is_syncing: false };
      builder.rest({ node: "n3", atMs: builder.startMs(slot) + 3000, path: "/eth/v1/node/syncing", body: { data } });
    }
    builder.chain(["f"], { from: 6, parent: "e" });
    expect((await reportOf()).gaps).toEqual([
      { node: "n3", from_ms: builder.startMs(1) + 700, to_ms: builder.startMs(6) + 500, cause: "silent" },
    ]);
  });

  test("slots for which no stream was up are unknown, unless REST answers for them", async () => {
    const blackout = () => {
      builder = createRecordingBuilder();
      builder.open();
      builder.chain(["a", "b"], { from: 1, parent: "genesis" });
      for (const node of builder.nodes) {
        builder.lines.push({ recv_ms: builder.startMs(2) + 3000, node, event: "_close" });
        builder.lines.push({ recv_ms: builder.startMs(6), node, event: "_open", status: 200 });
      }
      builder.block("c", { slot: 3, parent: "b" });
      builder.block("e", { slot: 5, parent: "c" });
    };
    blackout();
    builder.block("f", { slot: 6, parent: "e" });
    builder.see("f");
    builder.header("f");
    builder.chain(["g"], { from: 7, parent: "f" });
    const silent = await reportOf();
    expect(statuses(silent).slice(2, 5)).toEqual(["3 unknown", "4 unknown", "5 unknown"]);
    expect(silent.gaps.map(({ node, cause }) => [node, cause])).toEqual(
      ["n1", "n2", "n3"].map((node) => [node, "closed"]),
    );

    await builder.remove();
    blackout();
    builder.block("f", { slot: 6, parent: "e" });
    builder.see("f");
    builder.header("f");
    builder.chain(["g"], { from: 7, parent: "f" });
    builder.header("e", { atMs: builder.startMs(8) });
    builder.header("c", { atMs: builder.startMs(9) });
    const answered = await reportOf();
    expect(statuses(answered).slice(2, 5)).toEqual(["3 proposed", "4 missed", "5 proposed"]);
    expect(slotOf(answered, 3)).toMatchObject({
      block_root: rootOf("c"),
      proposer: 3,
      seen_ms: {},
      delay_ms: null,
      late: false,
    });
  });
});

describe("what does not fit", () => {
  test("is quarantined and counted, and the rest goes on", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a", "b"], { from: 1, parent: "genesis" });
    const clean = await reportOf();
    const atMs = builder.startMs(1) + 3000;
    builder.event({ node: "n1", atMs, event: "head", data: null });
    builder.event({ node: "n1", atMs, event: "a_topic_of_tomorrow", data: { slot: "1" } });
    builder.event({ node: "n1", atMs, event: "block", data: { slot: "99999999999999999999", block: rootOf("x") } });
    builder.event({ node: "n1", atMs, event: "block", data: { slot: String(52_596_000 + 2), block: rootOf("x") } });
    builder.event({ node: "n1", atMs, event: "_a_recorder_of_tomorrow", data: "anything" });
    builder.rest({ node: "n1", atMs, path: "/eth/v1/beacon/headers/head", body: "<html>" });
    builder.rest({ node: "n1", atMs, path: "/eth/v1/beacon/headers/head", body: "<html>", status: 503 });
    builder.rest({ node: "n1", atMs, path: "/eth/v1/something/new", body: { data: 1 } });
    const report = await reportOf();
    expect(report).toEqual({ ...clean, events: clean.events + 4, quarantined: 5 });
  });

  test("a block of another day is quarantined: it neither moves the clock nor the range", async () => {
    builder = createRecordingBuilder();
    builder.event({
      node: "n1",
      atMs: builder.startMs(1),
      event: "block",
      data: { slot: "100000", block: rootOf("x") },
    });
    builder.chain(["a", "b"], { from: 1, parent: "genesis" });
    const report = await reportOf();
    expect(statuses(report)).toEqual(["1 proposed", "2 proposed"]);
    expect(report.quarantined).toBe(1);
  });
});
