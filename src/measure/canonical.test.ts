import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { link, shape, straight, treeOf } from "../../test/rigs/random-tree.ts";
import type { Block, BlockTree } from "./block-tree.ts";
import { createCanonicalChain } from "./canonical.ts";

describe("the canonical chain", () => {
  /** From the head down over what is linked. */
  function naive(tree: BlockTree, head: Block): Map<number, string> {
    const chain = new Map<number, string>();
    for (let block: Block | undefined = head; block !== undefined; block = tree.parentOf(block))
      chain.set(block.slot, block.root);
    return chain;
  }

  const step = fc.oneof(
    fc.record({ kind: fc.constant("follow" as const), block: fc.nat() }),
    fc.record({ kind: fc.constant("link" as const), block: fc.nat() }),
    fc.record({ kind: fc.constant("mislink" as const), block: fc.nat(), parent: fc.nat() }),
  );

  test("is what a walk from the head gives, however heads change and links become known", () => {
    fc.assert(
      fc.property(shape, fc.array(step, { maxLength: 60 }), (blocks, steps) => {
        const { tree, made, links } = treeOf(blocks);
        const canonical = createCanonicalChain(tree);
        let head: Block | undefined;
        for (const { kind, block: index, ...rest } of steps) {
          const block = made[index % made.length];
          if (block === undefined) continue;
          if (kind === "follow") head = block;
          else {
            const parent = kind === "mislink" && "parent" in rest ? made[rest.parent % made.length] : undefined;
            if (parent !== undefined && parent.slot < block.slot) block.parentRoot = parent.root;
            else link(block, links);
            canonical.noteLink(block.slot);
          }
          if (head === undefined) continue;
          const before = new Map(Array.from({ length: 200 }, (_, slot) => [slot, canonical.rootAt(slot)]));
          const changed = canonical.follow(head);
          const expected = naive(tree, head);
          // Where the lowest block's parent is not known, that parent lies below every block upon it.
          const lowest = tree.get(expected.get(Math.min(...expected.keys())) ?? "") ?? head;
          const siblings = made.filter(({ parentRoot }) => parentRoot !== null && parentRoot === lowest.parentRoot);
          const floor = Math.min(lowest.slot, ...siblings.map(({ slot }) => slot));
          for (let slot = 0; slot < 200; slot += 1) {
            expect(canonical.reaches(slot)).toBe(slot >= floor);
            if (slot >= floor) expect(canonical.rootAt(slot), `slot ${slot}`).toBe(expected.get(slot));
            expect(changed.includes(slot)).toBe(before.get(slot) !== canonical.rootAt(slot));
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test("forgets what lies below the window", () => {
    const { tree, made, links } = treeOf(straight(20));
    for (const block of made) link(block, links);
    const canonical = createCanonicalChain(tree);
    const head = made.at(-1) as Block;
    canonical.follow(head);
    canonical.prune(head.slot);
    expect(canonical.rootAt(head.slot - 1)).toBeUndefined();
    expect(canonical.rootAt(head.slot)).toBe(head.root);
  });
});
