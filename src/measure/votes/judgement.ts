import type { Chain } from "../../chain/chain.ts";
import type { VoteData } from "../../events/vote.ts";
import type { CanonicalRoots } from "../canonical-roots.ts";
import type { Inclusion, Rightness } from "./inclusion.ts";
import type { VoteTable } from "./vote-table.ts";
import type { Tally } from "./vote-tally.ts";

/**
 * What the canonical chain says a vote should say. Where the chain is not known that far down (the first epoch that is
 * watched), what most of the slot's votes say stands for it.
 */
export function createJudgement(input: {
  chain: Chain;
  roots: CanonicalRoots;
  table: VoteTable;
  inclusion: () => Inclusion;
}): (data: VoteData) => Rightness {
  const { chain, roots, table, inclusion } = input;
  const mostOf = (slot: number, saying: (tally: Tally) => string): string | undefined =>
    heaviest(table.tallies.ofSlot(slot), saying);

  return (data) => {
    const target =
      roots.rootAtOrBelow(data.targetEpoch * chain.slotsPerEpoch) ??
      mostOf(data.slot, (tally) => tally.data.targetRoot);
    const head = roots.rootAtOrBelow(data.slot) ?? mostOf(data.slot, (tally) => tally.data.head);
    const included = inclusion().source();
    const source = included === undefined ? mostOf(data.slot, (tally) => sourceKey(tally.data)) : sourceKey(included);
    return {
      source: source === undefined || source === sourceKey(data),
      target: target === undefined || target === data.targetRoot,
      head: head === undefined || head === data.head,
    };
  };
}

function sourceKey({ sourceEpoch, sourceRoot }: Pick<VoteData, "sourceEpoch" | "sourceRoot">): string {
  return `${sourceEpoch}/${sourceRoot}`;
}

function heaviest(tallies: readonly Tally[], saying: (tally: Tally) => string): string | undefined {
  const weights = new Map<string, number>();
  for (const tally of tallies) {
    const says = saying(tally);
    weights.set(says, (weights.get(says) ?? 0) + tally.weight);
  }
  return [...weights].reduce<[string, number] | undefined>(
    (best, entry) => (best === undefined || entry[1] > best[1] ? entry : best),
    undefined,
  )?.[0];
}
