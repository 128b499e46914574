import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBlockTree } from "./block-tree.ts";
import { type Checkpoints, createForkChoice, type ForkChoiceBlock } from "./fork-choice.ts";

const SLOTS_PER_EPOCH = 8;
/** Eight a slot. */
const VALIDATORS = 64;

const GENESIS: Checkpoints = { justified: { epoch: 0, root: "g" }, finalized: { epoch: 0, root: "g" } };
const justifiedAt = (epoch: number, root: string): Checkpoints => ({ ...GENESIS, justified: { epoch, root } });

function network() {
  const genesis: ForkChoiceBlock = {
    root: "g",
    parentRoot: "none",
    slot: 0,
    checkpoints: GENESIS,
    unrealized: GENESIS,
    timely: true,
  };
  const tree = createBlockTree(genesis);
  const forkChoice = createForkChoice({
    tree,
    genesisRoot: "g",
    validatorCount: VALIDATORS,
    slotsPerEpoch: SLOTS_PER_EPOCH,
  });
  let nextValidator = 0;
  return {
    forkChoice,
    tree,
    block(root: string, parentRoot: string, slot: number, changes: Partial<ForkChoiceBlock> = {}) {
      const block = {
        root,
        parentRoot,
        slot,
        checkpoints: GENESIS,
        unrealized: GENESIS,
        timely: true,
        ...changes,
      };
      tree.add(block);
      forkChoice.onBlock(block);
    },
    /** By validators that have not voted yet. */
    votes(root: string, slot: number, count: number) {
      for (let vote = 0; vote < count; vote += 1) {
        forkChoice.onVote({
          validator: nextValidator,
          slot,
          targetEpoch: Math.floor(slot / SLOTS_PER_EPOCH),
          root,
        });
        nextValidator += 1;
      }
    },
  };
}

test("the branch with more votes is the head, and votes for a block count for its ancestors", () => {
  const { forkChoice, block, votes } = network();
  forkChoice.onSlot(2);
  block("a", "g", 1);
  block("b", "g", 1);
  block("b2", "b", 2);
  votes("a", 1, 3);
  votes("b2", 1, 4);
  expect(forkChoice.head()).toBe("b2");
  expect(forkChoice.weights().get("b")).toBe(4 + 3.2);
});

test("a vote counts from the slot after its own", () => {
  const { forkChoice, block, votes } = network();
  forkChoice.onSlot(1);
  block("a", "g", 1, { timely: false });
  block("b", "g", 1, { timely: false });
  votes("a", 1, 1);
  expect(forkChoice.head()).toBe("b");
  forkChoice.onSlot(2);
  expect(forkChoice.head()).toBe("a");
});

test("only a validator's newest vote counts", () => {
  const { forkChoice, block } = network();
  forkChoice.onSlot(10);
  block("a", "g", 1);
  block("b", "g", 1);
  forkChoice.onVote({ validator: 7, slot: 9, targetEpoch: 1, root: "b" });
  forkChoice.onVote({ validator: 7, slot: 1, targetEpoch: 0, root: "a" });
  expect(forkChoice.weights().get("a")).toBeUndefined();
  expect(forkChoice.weights().get("b")).toBe(1);
});

test("the first timely block of the slot is boosted until the slot is over", () => {
  const { forkChoice, block, votes } = network();
  forkChoice.onSlot(2);
  block("a", "g", 1);
  votes("a", 1, 3);
  block("b", "g", 2);
  block("c", "g", 2);
  expect(forkChoice.head()).toBe("b");
  forkChoice.onSlot(3);
  expect(forkChoice.head()).toBe("a");
});

describe("on a late block", () => {
  /** Slot 1 is strong, slot 2 came late. */
  function lateIn(slot: number, votesForLate: number) {
    const parts = network();
    const { forkChoice, block, votes } = parts;
    forkChoice.onSlot(slot);
    block("parent", "g", slot - 1);
    votes("parent", slot - 1, 8);
    block("late", "parent", slot, { timely: false });
    votes("late", slot, votesForLate);
    votes("parent", slot, 8 - votesForLate);
    forkChoice.onSlot(slot + 1);
    expect(forkChoice.head()).toBe("late");
    return forkChoice.proposerHead(slot + 1);
  }

  test("the next proposer builds on its parent when hardly any voted for it", () => {
    expect(lateIn(2, 1)).toBe("parent");
  });
  test("the next proposer builds when enough voted for it", () => {
    expect(lateIn(2, 2)).toBe("late");
  });
  test("the next proposer builds when it is an epoch's first", () => {
    expect(lateIn(7, 1)).toBe("late");
  });
});

test("at an epoch's turn a branch whose votes have justified nothing is left, however heavy it is", () => {
  const { forkChoice, block, votes } = network();
  const unrealized = justifiedAt(3, "a");
  forkChoice.onSlot(31);
  block("a", "g", 24);
  block("heavy", "a", 30);
  votes("heavy", 30, 9);
  block("justifying", "a", 31, { unrealized });
  expect(forkChoice.head()).toBe("heavy");
  forkChoice.onSlot(32);
  expect(forkChoice.checkpoints().justified).toEqual({ epoch: 3, root: "a" });
  // The voting source of the heavy branch is of epoch 0, more than two epochs ago.
  expect(forkChoice.head()).toBe("justifying");
});

test("the head is always a leaf, whatever comes in whichever order", () => {
  const step = fc.record({ parent: fc.nat(), slot: fc.integer({ min: 1, max: 30 }), voters: fc.nat({ max: 9 }) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
      const { forkChoice, tree, block, votes } = network();
      const known = ["g"];
      for (const [index, { parent, slot, voters }] of steps.entries()) {
        const parentRoot = known[parent % known.length] ?? "g";
        const root = `r${index}`;
        forkChoice.onSlot(slot);
        block(root, parentRoot, (tree.get(parentRoot)?.slot ?? 0) + 1);
        votes(root, slot, voters);
        known.push(root);
        expect(tree.children(forkChoice.head())).toEqual([]);
      }
    }),
  );
});
