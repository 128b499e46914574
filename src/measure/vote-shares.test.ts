import { describe, expect, it } from "vitest";
import { createSingleVotes } from "./vote-shares.ts";

const note = (
  votes: ReturnType<typeof createSingleVotes>,
  node: string,
  slot: number,
  validatorIndex: number,
  delayMs = 0,
) => votes.note({ node, slot, validatorIndex, delayMs });

describe("votes that come one by one", () => {
  it("count once a validator and node, and once in the union of all nodes", () => {
    const votes = createSingleVotes({ slotDurationMs: 12_000 });
    for (const validator of [1, 2, 2, 3]) note(votes, "a", 7, validator);
    for (const validator of [3, 4]) note(votes, "b", 7, validator);
    expect([votes.seen({ node: "a", slot: 7 }), votes.seen({ node: "b", slot: 7 }), votes.union(7)]).toEqual([3, 2, 4]);
    expect([votes.seen({ node: "c", slot: 7 }), votes.union(8)]).toEqual([0, 0]);
  });

  it("keep their counts when their slot is closed, and take no later ones", () => {
    const votes = createSingleVotes({ slotDurationMs: 12_000 });
    note(votes, "a", 1, 1);
    note(votes, "a", 2, 1, 24_000);
    note(votes, "a", 30, 1, -12_001);
    note(votes, "a", 4, 1);
    note(votes, "b", 1, 2);
    expect([votes.seen({ node: "a", slot: 1 }), votes.union(1), votes.union(2), votes.union(30)]).toEqual([1, 1, 0, 0]);
    votes.prune(2);
    expect([votes.seen({ node: "a", slot: 1 }), votes.union(4)]).toEqual([0, 1]);
  });
});
