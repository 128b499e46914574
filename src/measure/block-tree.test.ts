import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { link, shape, straight, treeOf } from "../../test/rigs/random-tree.ts";
import { type Block, createBlockTree, noteSighting } from "./block-tree.ts";

/** A block and all below it, the unknown root last. */
function lineOf(block: Block, links: ReadonlyMap<string, string>): string[] {
  const line = [block.root];
  for (let at = links.get(block.root); at !== undefined; at = links.get(at)) line.push(at);
  return line;
}

const roots = (blocks: readonly Block[]) => blocks.map(({ root }) => root);

describe("where two branches meet", () => {
  test("is the first block that both lines have, and depth counts blocks and not slots", () => {
    fc.assert(
      fc.property(shape, fc.nat(), fc.nat(), (blocks, a, b) => {
        const { tree, made, links } = treeOf(blocks);
        for (const block of made) link(block, links);
        const [left, right] = [made[a % made.length], made[b % made.length]];
        if (left === undefined || right === undefined) throw new Error("no block");
        const [leftLine, rightLine] = [lineOf(left, links), lineOf(right, links)];
        const ancestor = leftLine.find((root) => rightLine.includes(root)) ?? "";
        const fork = tree.fork(left, right);
        expect(fork?.ancestorRoot).toBe(ancestor);
        expect(roots(fork?.abandoned ?? [])).toEqual(leftLine.slice(0, leftLine.indexOf(ancestor)).reverse());
        expect(roots(fork?.adopted ?? [])).toEqual(rightLine.slice(0, rightLine.indexOf(ancestor)).reverse());
        expect(tree.isAncestor(left, right)).toBe(rightLine.includes(left.root));
      }),
    );
  });

  test("is not said while a link on the way is missing", () => {
    const { tree, made, links } = treeOf([
      { parent: 0, skipped: 0 },
      { parent: 0, skipped: 0 },
      { parent: 0, skipped: 1 },
    ]);
    const [base, left, right] = made as [Block, Block, Block];
    for (const block of [base, right]) link(block, links);
    expect(tree.fork(left, right)).toBeUndefined();
    link(left, links);
    expect(tree.fork(left, right)?.ancestorRoot).toBe(base.root);
  });

  test("says when an inferred parent was on the way", () => {
    const { tree, made, links } = treeOf([
      { parent: 0, skipped: 0 },
      { parent: 0, skipped: 0 },
    ]);
    const [base, left] = made as [Block, Block];
    for (const block of made) link(block, links);
    left.parentInferred = true;
    expect(tree.fork(left, base)?.inferred).toBe(true);
    expect(tree.fork(base, base)).toEqual({ ancestorRoot: base.root, abandoned: [], adopted: [], inferred: false });
  });
});

test("of a node's events about a block the earliest counts, in whatever order they come", () => {
  const stages = ["gossipUs", "importUs", "headUs", undefined] as const;
  const sighting = fc.record({ node: fc.constantFrom("n1", "n2"), stage: fc.constantFrom(...stages), atUs: fc.nat() });
  fc.assert(
    fc.property(fc.array(sighting, { minLength: 1 }), (sightings) => {
      const block = createBlockTree().ensure("0x1", 1);
      for (const seen of sightings) noteSighting({ block, ...seen });
      const earliest = (of: typeof sightings) =>
        of.length === 0 ? undefined : Math.min(...of.map(({ atUs }) => atUs));
      expect(block.firstSeenUs).toBe(earliest(sightings));
      for (const [node, seen] of block.seen) {
        const own = sightings.filter((item) => item.node === node);
        expect(seen.firstUs).toBe(earliest(own));
        for (const stage of ["gossipUs", "importUs", "headUs"] as const) {
          expect(seen[stage]).toBe(earliest(own.filter((item) => item.stage === stage)));
        }
      }
    }),
  );
});

test("blocks below the window are forgotten, the others stay", () => {
  const { tree, made } = treeOf(straight(100));
  tree.prune(50);
  expect(tree.size).toBe(made.filter(({ slot }) => slot >= 50).length);
  expect(tree.at(49)).toEqual([]);
  expect(tree.get(made.at(-1)?.root ?? "")).toBe(made.at(-1));
});
