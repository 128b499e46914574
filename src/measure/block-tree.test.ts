import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Block, type BlockTree, createBlockTree } from "./block-tree.ts";
import { createCanonicalChain } from "./canonical.ts";
import { createHeads } from "./heads.ts";

/** A random tree: each block's parent is an earlier one (or an unknown root), some slots above it. */
const shape = fc.array(fc.record({ parent: fc.nat(), skipped: fc.integer({ min: 0, max: 3 }) }), { minLength: 1, maxLength: 40 });

const straight = (length: number) => Array.from({ length }, (_, i) => ({ parent: Math.max(0, i - 1), skipped: 0 }));

function treeOf(blocks: readonly { parent: number; skipped: number }[]) {
  const tree = createBlockTree();
  const made: Block[] = [];
  const links = new Map<string, string>();
  for (const [index, { parent, skipped }] of blocks.entries()) {
    const parentBlock = made[parent % (made.length + 1)];
    const block = tree.ensure(`0x${index}`, (parentBlock?.slot ?? 0) + 1 + skipped);
    links.set(block.root, parentBlock?.root ?? "0xgenesis");
    made.push(block);
  }
  return { tree, made, links };
}

const link = (block: Block, links: ReadonlyMap<string, string>) => {
  block.parentRoot = links.get(block.root) ?? null;
};

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
    const { tree, made, links } = treeOf([{ parent: 0, skipped: 0 }, { parent: 0, skipped: 0 }]);
    const [base, left] = made as [Block, Block];
    for (const block of made) link(block, links);
    left.parentInferred = true;
    expect(tree.fork(left, base)?.inferred).toBe(true);
    expect(tree.fork(base, base)).toEqual({ ancestorRoot: base.root, abandoned: [], adopted: [], inferred: false });
  });
});

test("blocks below the window are forgotten, the others stay", () => {
  const { tree, made } = treeOf(straight(100));
  tree.prune(50);
  expect(tree.size).toBe(made.filter(({ slot }) => slot >= 50).length);
  expect(tree.at(49)).toEqual([]);
  expect(tree.get(made.at(-1)?.root ?? "")).toBe(made.at(-1));
});

describe("the canonical chain", () => {
  /** From the head down over what is linked. */
  function naive(tree: BlockTree, head: Block): Map<number, string> {
    const chain = new Map<number, string>();
    for (let block: Block | undefined = head; block !== undefined; block = tree.parentOf(block)) chain.set(block.slot, block.root);
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
          const floor = Math.min(...expected.keys());
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
    for (const order of [["n1", "n2"], ["n2", "n1"]] as const) {
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
    expect(hold("n1", a1)).toEqual({ node: "n1", atUs: 1, oldRoot: null, newRoot: "0xa1", newSlot: 11 });
    expect(hold("n1", a1)).toBeUndefined();
    expect(hold("n1", a2)).toMatchObject({ oldRoot: "0xa1", newRoot: "0xa2" });
    expect(hold("n1", base)).toBeUndefined();
    expect(hold("n1", b2)).toMatchObject({ oldRoot: "0xa2", newRoot: "0xb2" });
  });

  test("a head of another branch that lies more than an epoch back is a repetition", () => {
    const { hold, make, base } = forked();
    const far = make("0xfar", 60, base);
    hold("n1", far);
    expect(hold("n1", make("0xold", 27))).toBeUndefined();
    expect(hold("n1", make("0xrecent", 28))).toMatchObject({ newRoot: "0xrecent" });
  });
});
