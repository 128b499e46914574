import { beforeEach, expect, test } from "vitest";
import { type BlockTree, createBlockTree, type TreeBlock } from "./block-tree.ts";

let tree: BlockTree<TreeBlock>;
/** g - a - b - d(5), and c beside b. */
beforeEach(() => {
  tree = createBlockTree<TreeBlock>({ root: "g", parentRoot: "none", slot: 0 });
  tree.add({ root: "a", parentRoot: "g", slot: 1 });
  tree.add({ root: "b", parentRoot: "a", slot: 2 });
  tree.add({ root: "c", parentRoot: "a", slot: 3 });
  tree.add({ root: "d", parentRoot: "b", slot: 5 });
});

test("the ancestor at an empty slot is the last block before it", () => {
  expect(tree.ancestorAt("d", 4)?.root).toBe("b");
  expect(tree.ancestorAt("d", 5)?.root).toBe("d");
  expect(tree.ancestorAt("d", -1)).toBeUndefined();
  expect(tree.ancestorAt("unknown", 4)).toBeUndefined();
});

test("two branches meet where they parted", () => {
  expect(tree.commonAncestor("d", "c")?.root).toBe("a");
  expect(tree.commonAncestor("d", "b")?.root).toBe("b");
  expect(tree.commonAncestor("d", "unknown")).toBeUndefined();
});

test("what does not descend from the kept block is forgotten, but not the way to it", () => {
  tree.keepOnly("b");
  expect([...tree.all()].map(({ root }) => root)).toEqual(["g", "a", "b", "d"]);
  expect(tree.children("a").map(({ root }) => root)).toEqual(["b"]);
});
