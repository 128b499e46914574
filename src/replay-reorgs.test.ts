import { afterEach, describe, expect, test } from "vitest";
import { createRecordingBuilder, type RecordingBuilder, rootOf } from "../test/rigs/recording-builder.ts";
import type { ReplayReport } from "./measure/report.ts";
import { replay } from "./replay.ts";

let builder: RecordingBuilder = createRecordingBuilder();
afterEach(() => builder.remove());

async function reportOf(options: Parameters<RecordingBuilder["write"]>[0] = {}): Promise<ReplayReport> {
  return replay({ directory: await builder.write(options) });
}

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
    builder.reorg({ node: "n1", atMs: builder.startMs(3) + 3001, old: "b2", new: "b1", depth: "1" });
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

  test("a repeated head of a branch that was left makes none: nodes repeat what they said minutes ago", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a"], { from: 1, parent: "genesis" });
    builder.chain(["b1"], { from: 2, parent: "a" });
    builder.chain(["b2", "c", "d"], { from: 3, parent: "a" });
    builder.turn("b1", { node: "n1", atMs: builder.startMs(5) + 3000 });
    builder.chain(["e"], { from: 6, parent: "d" });
    const { reorgs, echoes } = await reportOf();
    expect(reorgs).toHaveLength(1);
    expect(reorgs).toMatchObject([{ slot: 3, depth: 1, old_head: rootOf("b1"), new_head: rootOf("b2") }]);
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
