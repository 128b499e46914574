import type { Chain } from "../../chain/chain.ts";
import type { Gaps } from "../gaps.ts";

export type Heard = {
  note(node: string, atUs: number): void;
  /**
   * Those of these nodes from which nothing came by the aggregates' deadline of a slot, while another node was heard.
   * A node whose stream was down is not silent: it was not listened to.
   */
  silent(nodes: readonly string[], slot: number): string[];
  prune(belowSlot: number): void;
};

/** In which slots anything of a node arrived by the time that aggregates were due. */
export function createHeard(input: { chain: Chain; gaps: Pick<Gaps, "wasUpThroughout"> }): Heard {
  const { chain, gaps } = input;
  const slotsOf = new Map<string, Set<number>>();
  let lastNode = "";
  let lastSlot = Number.NaN;
  const dueUs = (slot: number) => chain.slotStartUs(slot) + chain.deadlinesOf(slot).aggregateMs * 1000;

  return {
    note(node, atUs) {
      const slot = chain.slotAt(atUs);
      if (slot === lastSlot && node === lastNode) return;
      if (atUs > dueUs(slot)) return;
      lastNode = node;
      lastSlot = slot;
      const slots = slotsOf.get(node);
      if (slots === undefined) slotsOf.set(node, new Set([slot]));
      else slots.add(slot);
    },
    silent(nodes, slot) {
      const heard = [...slotsOf].filter(([, slots]) => slots.has(slot)).map(([node]) => node);
      return nodes.filter(
        (node) =>
          !heard.includes(node) && heard.length > 0 && gaps.wasUpThroughout(node, chain.slotStartUs(slot), dueUs(slot)),
      );
    },
    prune(belowSlot) {
      for (const slots of slotsOf.values()) for (const slot of slots) if (slot < belowSlot) slots.delete(slot);
    },
  };
}
