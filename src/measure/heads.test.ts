import { describe, expect, test } from "vitest";
import { type Block, createBlockTree } from "./block-tree.ts";
import { createHeads } from "./heads.ts";

describe("heads", () => {
  /** base - a1 - a2 - a3, and base - b2 - b3. */
  function forked() {
    const tree = createBlockTree();
    const make = (root: string, slot: number, parent?: Block) => {
      const block = tree.ensure(root, slot);
      block.parentRoot = parent?.root ?? null;
      return block;
    };
    const base = make("0x0", 10);
    const a1 = make("0xa1", 11, base);
    const a2 = make("0xa2", 12, a1);
    const a3 = make("0xa3", 13, a2);
    const b2 = make("0xb2", 12, base);
    const b3 = make("0xb3", 13, b2);
    const heads = createHeads(tree);
    const hold = (node: string, block: Block) => heads.note({ node, block, atUs: 1 });
    return { tree, heads, hold, base, a1, a2, a3, b2, b3, make };
  }

  test("the majority's is the one that most nodes hold or are on the way to", () => {
    const { heads, hold, a1, a3, b3 } = forked();
    hold("n1", a3);
    hold("n2", a1);
    hold("n3", b3);
    expect(heads.majority(["n1", "n2", "n3"])).toBe(a3);
  });

  test("nodes that are down do not count, unless all are", () => {
    const { heads, hold, a3, b3 } = forked();
    hold("n1", a3);
    hold("n2", a3);
    hold("n3", b3);
    expect(heads.majority(["n3"])).toBe(b3);
    expect(heads.majority([])).toBe(a3);
    expect(heads.majority(["n4"])).toBe(a3);
  });

  test("a tie goes to the higher slot, then to the lower root, in whatever order they came", () => {
    for (const order of [
      ["n1", "n2"],
      ["n2", "n1"],
    ] as const) {
      const { heads, hold, a2, a3, b3, b2 } = forked();
      const held = { n1: a3, n2: b2 };
      for (const node of order) hold(node, held[node]);
      expect(heads.majority(["n1", "n2"])).toBe(a3);
      hold("n2", b3);
      expect(heads.majority(["n1", "n2"])).toBe(a3);
      hold("n1", a2);
      expect(heads.headOf("n1")).toBe(a3.root);
    }
  });

  test("a change names both heads; the same head again is none, nor is a block below it", () => {
    const { hold, base, a1, a2, b2 } = forked();
    expect(hold("n1", a1)).toEqual({ node: "n1", atUs: 1, oldRoot: null, oldAtUs: 1, newRoot: "0xa1", newSlot: 11 });
    expect(hold("n1", a1)).toBeUndefined();
    expect(hold("n1", a2)).toMatchObject({ oldRoot: "0xa1", newRoot: "0xa2" });
    expect(hold("n1", base)).toBeUndefined();
    expect(hold("n1", b2)).toMatchObject({ oldRoot: "0xa2", newRoot: "0xb2" });
  });

  test("a head of another branch that lies hours back is none that a node turned to", () => {
    const { hold, make, base } = forked();
    const far = make("0xfar", 300, base);
    hold("n1", far);
    expect(hold("n1", make("0xold", 43))).toBeUndefined();
    expect(hold("n1", make("0xrecent", 44))).toMatchObject({ newRoot: "0xrecent" });
  });

  test("a repeated head is a turn back only where the node says so within a slot, before it or after it", () => {
    const { heads, hold, a2, b2 } = forked();
    const second = 1_000_000;
    hold("n1", a2);
    hold("n1", b2);
    expect(heads.noteRepeat({ node: "n1", block: a2, atUs: second })).toBeUndefined();
    expect(heads.noteTurn({ node: "n1", root: a2.root, atUs: 60 * second })).toBeUndefined();
    expect(heads.headOf("n1")).toBe(b2.root);
    expect(heads.noteRepeat({ node: "n1", block: a2, atUs: 61 * second })).toMatchObject({ newRoot: a2.root });
    expect(heads.noteRepeat({ node: "n1", block: b2, atUs: 90 * second })).toBeUndefined();
    expect(heads.noteTurn({ node: "n1", root: b2.root, atUs: 91 * second })).toMatchObject({
      newRoot: b2.root,
      atUs: 90 * second,
    });
  });
});
