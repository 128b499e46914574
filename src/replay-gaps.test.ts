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
