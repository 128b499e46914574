import fc from "fast-check";
import { expect, test } from "vitest";
import type { NodeSlotRecord, SlotBlock, SlotRecord } from "../../../src/events/derived.ts";
import type { NodeView } from "../../../src/serve/views.ts";
import { blockShare, delayBehind, headStanding, nodeBlocks, voteShares } from "./node-figures.ts";

const blockOf = (root: string, seen_ms: SlotBlock["seen_ms"], canonical = true): SlotBlock => ({
  root,
  parent_root: null,
  parent_inferred: false,
  proposer_index: null,
  canonical,
  backfilled: false,
  seen_ms,
});

function slotsOf(blocks: Readonly<Record<number, readonly SlotBlock[]>>): Map<number, SlotRecord> {
  return new Map(
    Object.entries(blocks).map(([slot, own]) => [
      Number(slot),
      { slot: Number(slot), blocks: own, attestation_due_ms: 4000 } as unknown as SlotRecord,
    ]),
  );
}

const slots = slotsOf({
  7: [blockOf("0x7", { n1: 100, n2: 150 })],
  8: [blockOf("0x8", { n1: 300, n2: 200 }), blockOf("0x8b", { n3: 250 }, false)],
  9: [],
  10: [blockOf("0xa", {})],
  11: [blockOf("0xb", { n2: 900 })],
  12: [blockOf("0xc", { n1: 100 })],
});

test("a node's completeness is its share of the blocks of all branches that any node had", () => {
  const share = (node: string, before: number, count: number) => blockShare(nodeBlocks({ slots, node, before, count }));
  expect(share("n1", 12, 256)).toEqual({ had: 2, of: 4 });
  expect(share("n2", 12, 256)).toEqual({ had: 3, of: 4 });
  expect(share("n3", 12, 256)).toEqual({ had: 1, of: 4 });
  expect(share("n1", 12, 4)).toEqual({ had: 1, of: 3 });
  expect(share("n1", 7, 256)).toBeUndefined();
});

test("delays are counted from the first node, and only where another node had the block too", () => {
  const behind = (node: string) => delayBehind(nodeBlocks({ slots, node, before: 13, count: 64 }));
  expect(behind("n1")).toEqual({ medianMs: 50, p90Ms: 90, blocks: 2 });
  expect(behind("n2")).toEqual({ medianMs: 25, p90Ms: 45, blocks: 2 });
  expect(behind("n3")).toBeUndefined();
});

test("the shares of all nodes cover the union, and some node is the first of each shared block", () => {
  const arrivals = fc.dictionary(fc.constantFrom("n1", "n2", "n3"), fc.integer({ min: -500, max: 12_000 }));
  fc.assert(
    fc.property(fc.array(arrivals, { maxLength: 30 }), (seen) => {
      const all = slotsOf(Object.fromEntries(seen.map((one, slot) => [slot, [blockOf(`0x${slot}`, one)]])));
      const perNode = ["n1", "n2", "n3"].map((node) => nodeBlocks({ slots: all, node, before: 30, count: 30 }));
      const union = seen.filter((one) => Object.keys(one).length > 0).length;
      for (const blocks of perNode) expect(blocks).toHaveLength(union);
      const had = perNode.reduce((sum, blocks) => sum + (blockShare(blocks)?.had ?? 0), 0);
      expect(had).toBe(seen.reduce((sum, one) => sum + Object.keys(one).length, 0));
      for (let index = 0; index < union; index += 1) {
        const behind = perNode.flatMap((blocks) => blocks[index]?.behindMs ?? []);
        if (behind.length > 0) expect(Math.min(...behind)).toBe(0);
      }
    }),
  );
});

test("votes are measured against the node with most in each slot that is over", () => {
  const record = (counts: readonly number[]) =>
    ({ single_attestations: counts.map((count, bin) => [bin * 50, count]) }) as unknown as NodeSlotRecord;
  const nodeSlots = new Map([
    [
      10,
      new Map([
        ["n1", record([3, 5])],
        ["n2", record([10])],
      ]),
    ],
    [11, new Map([["n1", record([10])]])],
    [
      12,
      new Map([
        ["n1", record([1])],
        ["n2", record([99])],
      ]),
    ],
  ]);
  expect(voteShares({ nodeSlots, nodes: ["n1", "n2"], before: 12 })).toEqual(
    new Map([
      ["n1", { had: 18, of: 20 }],
      ["n2", { had: 10, of: 20 }],
    ]),
  );
  expect(voteShares({ nodeSlots, nodes: ["n1"], before: 10 }).size).toBe(0);
});

test("a head stands with most, behind them, beside them, or alone", () => {
  const node = (name: string, slot: number | null, root: string, state = "streaming") =>
    ({ name, state, head: slot === null ? null : { slot, root, at_ms: 0 } }) as NodeView;
  const [n1, n2, n3] = [node("n1", 20, "0xa"), node("n2", 20, "0xa"), node("n3", 18, "0xb")];
  const all = [n1, n2, n3];
  expect(headStanding(n1, all)).toEqual({ kind: "with_most" });
  expect(headStanding(n3, all)).toEqual({ kind: "behind", slots: 2 });
  expect(headStanding(node("n4", 20, "0xc"), all)).toEqual({ kind: "other_head" });
  expect(headStanding(node("n4", null, ""), all)).toBeUndefined();
  expect(headStanding(n1, [n1, node("n2", 30, "0xd", "down")])).toEqual({ kind: "alone" });
});
