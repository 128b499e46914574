import { describe, expect, it } from "vitest";
import type { Arrival, NodeEpochRecord } from "../../events/comparison.ts";
import { pairDifferences } from "./differences.ts";

const SLOT_MS = 6000;

function epochOf(node: string, arrivals: readonly Arrival[]): NodeEpochRecord {
  return {
    epoch: 0,
    node,
    client: null,
    start_ms: 0,
    blocks_seen: 0,
    blocks_total: 0,
    votes_seen: 0,
    votes_total: 0,
    left_out: [],
    echoes: 0,
    gaps: 0,
    gap_ms: 0,
    arrivals,
  };
}

const compared = (epochs: readonly NodeEpochRecord[]) => pairDifferences({ epochs, slotDurationMs: SLOT_MS });

describe("the difference of two nodes", () => {
  it("is seen by b less seen by a over the blocks that both have, by names in order", () => {
    const a = epochOf(
      "a",
      [1, 2, 3, 4].map((slot): Arrival => [slot, 1000, 1100, 1200]),
    );
    const b = epochOf("b", [
      [1, 1030, null, null],
      [2, 1010, null, null],
      [3, 880, null, null],
      [5, 9, null, null],
    ]);
    const expected = { a: "a", b: "b", topic: "block_gossip", medianMs: 10, p90Ms: 102, n: 3 };
    expect(compared([b, a])).toMatchObject([expected]);
  });

  it("is of one topic that both have: gossip, else import, else head", () => {
    const all = epochOf("all", [
      [1, 100, 200, 300],
      [2, 100, 200, 300],
    ]);
    const imports = epochOf("imports", [
      [1, null, 250, 300],
      [2, null, 250, 300],
    ]);
    const heads = epochOf("heads", [
      [1, null, null, 1],
      [2, null, null, 1],
    ]);
    expect(compared([all, imports, heads]).map(({ a, b, topic, medianMs }) => [a, b, topic, medianMs])).toEqual([
      ["all", "heads", "head", -299],
      ["all", "imports", "block", 50],
      ["heads", "imports", "head", 299],
    ]);
  });

  it("passes over gossip where it is there for less than half of what both have", () => {
    const seldom = epochOf(
      "seldom",
      [1, 2, 3].map((slot): Arrival => [slot, slot === 1 ? 5000 : null, 200, 300]),
    );
    const always = epochOf(
      "always",
      [1, 2, 3].map((slot): Arrival => [slot, 100, 190, 290]),
    );
    expect(compared([seldom, always])).toMatchObject([{ topic: "block", medianMs: 10, n: 3 }]);
  });

  it("leaves out what came by sync: a slot behind another node, or two slots after its own", () => {
    const a = epochOf("a", [
      [1, 500, null, null],
      [2, 500, null, null],
      [3, 13_000, null, null],
    ]);
    const b = epochOf("b", [
      [1, 6501, null, null],
      [2, 6499, null, null],
      [3, 13_100, null, null],
    ]);
    expect(compared([a, b])).toMatchObject([{ medianMs: 5999, n: 1 }]);
  });

  it("is not there for nodes without a block in common", () => {
    expect(compared([epochOf("a", [[1, 1, 1, 1]]), epochOf("b", [[2, 1, 1, 1]])])).toEqual([]);
  });
});
