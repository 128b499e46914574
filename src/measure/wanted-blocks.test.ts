import { describe, expect, test } from "vitest";
import { createWantedBlocks } from "./wanted-blocks.ts";

const FRESH_FROM = 100;
const create = () => createWantedBlocks({ isFresh: (slot) => slot >= FRESH_FROM });
const block = (
  root: string,
  node: string,
  changes: Partial<Parameters<ReturnType<typeof create>["told"]>[0]> = {},
) => ({
  root,
  node,
  slot: FRESH_FROM,
  isImported: true,
  isLinked: false,
  ...changes,
});

test("a fresh block is wanted whole from every node that imported it, from each once", () => {
  const blocks = create();
  for (const node of ["n1", "n2", "n1"]) blocks.told(block("a", node));
  blocks.told(block("b", "n1"));
  expect(blocks.taken()).toEqual([
    { root: "a", nodes: ["n1", "n2"], whole: true },
    { root: "b", nodes: ["n1"], whole: true },
  ]);
  blocks.told(block("a", "n1"));
  blocks.told(block("a", "n3"));
  expect(blocks.taken()).toEqual([{ root: "a", nodes: ["n3"], whole: true }]);
  expect(blocks.taken()).toEqual([]);
});

test("of an older block the header is wanted, and nothing where its parent is known", () => {
  const blocks = create();
  blocks.told(block("old", "n1", { slot: FRESH_FROM - 1 }));
  blocks.told(block("linked", "n1", { slot: FRESH_FROM - 1, isLinked: true }));
  blocks.wantParent({ root: "older", node: "n1", slot: FRESH_FROM - 2 });
  blocks.wantParent({ root: "parent", node: "n1", slot: FRESH_FROM });
  expect(blocks.taken()).toEqual([
    { root: "old", nodes: ["n1"], whole: false },
    { root: "older", nodes: ["n1"], whole: false },
    { root: "parent", nodes: ["n1"], whole: true },
  ]);
});

test("a header that the poll of heads brought does not make the block's body known", () => {
  const blocks = create();
  blocks.told(block("a", "n1"));
  blocks.answered("a", false);
  expect(blocks.taken()).toEqual([{ root: "a", nodes: ["n1"], whole: true }]);
  blocks.answered("b", false);
  blocks.told(block("b", "n1", { isLinked: true }));
  expect(blocks.taken()).toEqual([{ root: "b", nodes: ["n1"], whole: true }]);
});

test("once the whole block came nobody is asked for it", () => {
  const blocks = create();
  blocks.told(block("a", "n1"));
  blocks.answered("a", true);
  blocks.told(block("a", "n2"));
  blocks.told(block("a", "n2", { isImported: false }));
  blocks.begin(FRESH_FROM + 1);
  expect(blocks.taken()).toEqual([]);
});

describe("a block that was gossiped", () => {
  test("is asked for when a node imports it, not before", () => {
    const blocks = create();
    blocks.told(block("a", "n1", { isImported: false }));
    blocks.begin(FRESH_FROM);
    expect(blocks.taken()).toEqual([]);
    blocks.told(block("a", "n2"));
    blocks.begin(FRESH_FROM + 1);
    expect(blocks.taken()).toEqual([{ root: "a", nodes: ["n2"], whole: true }]);
  });

  test("and never imported is asked for by its header when its slot is over", () => {
    const blocks = create();
    for (const node of ["n1", "n2"]) blocks.told(block("a", node, { isImported: false }));
    blocks.begin(FRESH_FROM + 1);
    expect(blocks.taken()).toEqual([{ root: "a", nodes: ["n1", "n2"], whole: false }]);
    blocks.begin(FRESH_FROM + 2);
    expect(blocks.taken()).toEqual([]);
  });

  test("and never imported takes bounded memory", () => {
    const blocks = create();
    for (let i = 0; i < 5_000; i += 1) blocks.told(block(String(i), "n1", { isImported: false }));
    blocks.begin(FRESH_FROM + 1);
    expect(blocks.taken()).toHaveLength(1_024);
  });
});

test("its memory is bounded: of very many the oldest may be asked again", () => {
  const blocks = create();
  for (let index = 0; index < 40_000; index += 1) blocks.told(block(String(index), "n1"));
  expect(blocks.taken()).toHaveLength(40_000);
  blocks.told(block("39999", "n1"));
  blocks.told(block("0", "n1"));
  expect(blocks.taken()).toEqual([{ root: "0", nodes: ["n1"], whole: true }]);
});
