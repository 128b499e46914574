import { describe, expect, test } from "vitest";
import { createFinality } from "./finality.ts";

const everyNode = () => true;

function finalityOf(epochs: Readonly<Record<string, number>>, counts: (node: string) => boolean = everyNode) {
  const finality = createFinality(counts);
  for (const [node, epoch] of Object.entries(epochs)) finality.noteFinalized(node, epoch);
  return finality;
}

describe("the finalized epoch", () => {
  test("is not known before a node told of one", () => {
    expect(createFinality(everyNode).finalizedEpoch()).toBeNull();
    expect(createFinality(everyNode).justifiedEpoch()).toBeNull();
  });

  test.each([
    [{ n1: 5 }, 5],
    [{ n1: 5, n2: 6 }, 5],
    [{ n1: 5, n2: 5, n3: 6 }, 5],
    [{ n1: 5, n2: 9, n3: 10 }, 9],
    [{ n1: 5, n2: 6, n3: 6, n4: 7 }, 6],
    [{ n1: 4, n2: 4, n3: 4, n4: 9, n5: 9 }, 4],
  ])("%j: the highest that most nodes reached is %i", (epochs, epoch) => {
    expect(finalityOf(epochs).finalizedEpoch()).toBe(epoch);
  });

  test("is not held back by nodes that are down, as long as one is up", () => {
    const epochs = { n1: 9, n2: 2, n3: 2 };
    expect(finalityOf(epochs, (node) => node === "n1").finalizedEpoch()).toBe(9);
    expect(finalityOf(epochs, () => false).finalizedEpoch()).toBe(2);
  });

  test("never goes back on a node: a smaller epoch is a repetition", () => {
    const finality = finalityOf({ n1: 9 });
    expect(finality.noteFinalized("n1", 9)).toBe(false);
    expect(finality.noteFinalized("n1", 3)).toBe(false);
    expect(finality.noteFinalized("n1", 10)).toBe(true);
    expect(finality.finalizedBy()).toEqual({ n1: 10 });
  });

  test("of each node is listed by name", () => {
    expect(Object.keys(finalityOf({ b: 1, a: 2, c: 3 }).finalizedBy())).toEqual(["a", "b", "c"]);
  });
});
