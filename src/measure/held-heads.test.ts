import { describe, expect, test } from "vitest";
import { type Block, createBlockTree } from "./block-tree.ts";
import { createHeldHeads } from "./held-heads.ts";

/** base(10) - a11 - a12 - a13, and base - b12 - b13; `far` is linked to nothing. */
function rig() {
  const tree = createBlockTree();
  const make = (root: string, slot: number, parent?: Block) => {
    const block = tree.ensure(root, slot);
    block.parentRoot = parent?.root ?? null;
    return block;
  };
  const base = make("base", 10);
  const a12 = make("a12", 12, make("a11", 11, base));
  make("a13", 13, a12);
  make("b13", 13, make("b12", 12, base));
  make("far", 12);
  const held = createHeldHeads(tree);
  return {
    tree,
    held,
    compare(heads: Readonly<Record<string, string>>, slot = 13) {
      held.told();
      const compared = held.compared(slot, () => Object.entries(heads).map(([node, root]) => ({ node, root })));
      if (compared === undefined) return undefined;
      return {
        standings: Object.fromEntries(
          Object.keys(heads).map((node) => {
            const { relation, behindSlots } = compared.of(node) ?? {};
            return [node, `${relation} ${behindSlots}`];
          }),
        ),
        tips: compared.tips.map(({ root, nodes }) => `${root}: ${nodes.join(" ")}`),
      };
    },
  };
}

describe("heads that nodes hold at one moment", () => {
  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ["all the same", { n1: "a13", n2: "a13" }, { n1: "same 0", n2: "same 0" }, ["a13: n1 n2"]],
    [
      "one that lags on the chain of the others is behind, and no branch",
      { n1: "a13", n2: "a13", n3: "a11" },
      { n1: "same 0", n2: "same 0", n3: "behind 2" },
      ["a13: n1 n2"],
    ],
    [
      "one that has a block before the others is ahead, and nobody behind",
      { n1: "a13", n2: "a12", n3: "a12" },
      { n1: "ahead 0", n2: "same 0", n3: "same 0" },
      ["a13: n1"],
    ],
    ["of two nodes the lower one is behind", { n1: "a13", n2: "a11" }, { n1: "same 0", n2: "behind 2" }, ["a13: n1"]],
    [
      "one on a branch of its own is on a fork",
      { n1: "a13", n2: "a13", n3: "b12" },
      { n1: "same 0", n2: "same 0", n3: "fork 1" },
      ["a13: n1 n2", "b12: n3"],
    ],
    [
      "where no branch has half of the nodes, each is ahead of what they share",
      { n1: "a13", n2: "b13", n3: "base" },
      { n1: "ahead 0", n2: "ahead 0", n3: "same 0" },
      ["a13: n1", "b13: n2"],
    ],
    [
      "where the way between two is not known, nothing is said",
      { n1: "a13", n2: "a13", n3: "far" },
      { n1: "same 0", n2: "same 0", n3: "null 1" },
      ["a13: n1 n2"],
    ],
  ])("%s", (_, heads, standings, tips) => {
    expect(rig().compare(heads)).toEqual({ standings, tips });
  });

  test("one alone is compared with nothing", () => {
    expect(rig().compare({ n1: "a13" })).toBeUndefined();
  });

  test("one that stays on what most nodes had and left is behind, until that is forgotten", () => {
    const { held, compare } = rig();
    held.note(12, ["b12", "b12", "b12"]);
    const heads = { n1: "a13", n2: "a13", n3: "b12" };
    expect(compare(heads)).toEqual({
      standings: { n1: "same 0", n2: "same 0", n3: "behind 1" },
      tips: ["a13: n1 n2"],
    });
    held.prune(13);
    expect(compare(heads)?.standings["n3"]).toBe("fork 1");
  });

  test("half of the nodes are not most of them", () => {
    const { held, compare } = rig();
    held.note(12, ["b12", "a12"]);
    expect(compare({ n1: "a13", n2: "b12" })?.standings).toEqual({ n1: "same 0", n2: "fork 1" });
  });

  test("a head of long ago is behind, whether or not its way is known", () => {
    const { tree, compare } = rig();
    tree.ensure("now", 1000);
    expect(compare({ n1: "now", n2: "now", n3: "far" })?.standings["n3"]).toBe("behind 988");
  });
});
