import { describe, expect, test } from "vitest";
import { type Block, createBlockTree } from "./block-tree.ts";
import { createReorgs } from "./reorgs.ts";

/** 10 - 11 - 12 - 13 and 10 - 12' - 13', named by their slots. */
function watched(justifiedSlot?: () => number | null) {
  const tree = createBlockTree();
  const make = (root: string, parentRoot: string | null) => {
    const block = tree.ensure(root, Number.parseInt(root, 10));
    block.parentRoot = parentRoot;
    return block;
  };
  const blocks = {
    "10": make("10", "9"),
    "11": make("11", "10"),
    "12": make("12", "11"),
    "13": make("13", "12"),
    "12'": make("12'", "10"),
    "13'": make("13'", "12'"),
  };
  const reorgs = createReorgs(tree, justifiedSlot);
  const turn = (node: string, from: string, to: string, atUs = 1000) => {
    reorgs.noteHead({ node, atUs, oldRoot: from, oldAtUs: 0, newRoot: to, newSlot: Number.parseInt(to, 10) });
  };
  return { tree, blocks, reorgs, turn };
}

describe("a turn of a node's head", () => {
  test("to a descendant is none", () => {
    const { reorgs, turn } = watched();
    turn("n1", "10", "11");
    turn("n1", "11", "13");
    expect(reorgs.changed()).toEqual([]);
  });

  test("is told once, and again only when it changes", () => {
    const { reorgs, turn } = watched();
    turn("n1", "12", "13'");
    expect(reorgs.changed()).toHaveLength(1);
    expect(reorgs.changed()).toEqual([]);
    turn("n2", "13", "13'", 2000);
    expect(reorgs.changed()).toMatchObject([
      { id: "11", depth: 3, nodes: ["n1", "n2"], old_head: "13", new_head: "13'", common_ancestor: "10", at_ms: 1 },
    ]);
  });

  test("crosses the justified checkpoint when it abandons its slot, as that was when it was first told", () => {
    let justified: number | null = 10;
    const { reorgs, turn } = watched(() => justified);
    turn("n1", "12", "13'");
    expect(reorgs.changed()).toMatchObject([{ crosses_justified: false }]);
    justified = 12;
    turn("n2", "12", "13'");
    expect(reorgs.changed()).toMatchObject([{ nodes: ["n1", "n2"], crosses_justified: false }]);
    const other = watched(() => 11);
    other.turn("n1", "12", "13'");
    expect(other.reorgs.changed()).toMatchObject([{ crosses_justified: true }]);
    const unknown = watched();
    unknown.turn("n1", "12", "13'");
    expect(unknown.reorgs.changed()).toMatchObject([{ crosses_justified: null }]);
  });

  test("takes the slot and new head of the earliest node, not of the first that was told of", () => {
    const { reorgs, turn } = watched();
    turn("n1", "13", "13'", 3000);
    turn("n2", "12", "12'", 2000);
    expect(reorgs.changed()).toMatchObject([
      { slot: 12, new_head: "12'", depth: 3, at_ms: 2, adopted: [{ root: "12'" }] },
    ]);
  });

  test("waits for the links on the way", () => {
    const { reorgs, turn, blocks } = watched();
    blocks["12'"].parentRoot = null;
    turn("n1", "12", "13'");
    expect(reorgs.changed()).toEqual([]);
    blocks["12'"].parentRoot = "10";
    expect(reorgs.changed()).toMatchObject([{ depth: 2, common_ancestor: "10" }]);
  });

  test("over a link that was inferred is corrected by the header, or withdrawn", () => {
    const { reorgs, turn, blocks } = watched();
    const link = (block: Block, parentRoot: string, parentInferred: boolean) =>
      Object.assign(block, { parentRoot, parentInferred });
    link(blocks["12'"], "10", true);
    turn("n1", "11", "13'");
    expect(reorgs.changed()).toMatchObject([{ id: "11", depth: 1, inferred: true, withdrawn: false }]);
    link(blocks["12'"], "11", false);
    reorgs.noteCorrection(12);
    expect(reorgs.changed()).toMatchObject([{ id: "11", withdrawn: true }]);
    expect(reorgs.changed()).toEqual([]);
  });
});

describe("a step back to an ancestor", () => {
  test("is no reorg when the node goes on where it was", () => {
    const { reorgs, turn } = watched();
    turn("n1", "12", "10");
    turn("n1", "10", "13");
    expect(reorgs.changed()).toEqual([]);
  });

  test("is one from the old head when the node goes on elsewhere, though that comes later", () => {
    const { reorgs, turn } = watched();
    turn("n1", "12", "10");
    expect(reorgs.changed()).toEqual([]);
    turn("n1", "10", "13'", 2000);
    expect(reorgs.changed()).toMatchObject([{ id: "11", depth: 2, old_head: "12", new_head: "13'", at_ms: 2 }]);
  });
});

describe("memory", () => {
  test("of hints is bounded, whatever a node says", () => {
    const { reorgs, turn } = watched();
    reorgs.noteHint({ node: "n1", oldHead: "12", newHead: "13'", depth: "7" });
    for (let index = 0; index < 100_000; index += 1) {
      reorgs.noteHint({ node: "n2", oldHead: `${index}`, newHead: `${index + 1}`, depth: "1" });
    }
    turn("n1", "12", "13'");
    expect(reorgs.changed()).toMatchObject([{ depth_hints: {} }]);
  });

  test("of a reorg is kept whole as long as its last switch is recent, and then forgotten without a word", () => {
    const { reorgs, turn } = watched();
    turn("n1", "12", "13'", 1000);
    turn("n2", "13", "13'", 9000);
    expect(reorgs.changed()).toHaveLength(1);
    reorgs.prune(5000);
    expect(reorgs.changed()).toEqual([]);
    turn("n3", "11", "12'", 9500);
    expect(reorgs.changed()).toMatchObject([{ nodes: ["n1", "n2", "n3"], depth: 3 }]);
    reorgs.prune(20_000);
    expect(reorgs.changed()).toEqual([]);
  });
});
