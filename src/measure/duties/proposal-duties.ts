import type { Chain } from "../../chain/chain.ts";
import type { SlotRecord } from "../../events/derived.ts";
import type { DutyRecord } from "../../events/duty-records.ts";
import type { BlockTree } from "../block-tree.ts";
import type { CanonicalRoots } from "../canonical-roots.ts";
import { faultRecord } from "./fault.ts";
import type { Labelled, ValidatorGroups } from "./groups.ts";
import type { Heard } from "./heard.ts";
import { type ProposalFacts, proposalRules } from "./proposal-rules.ts";
import { sightingOf } from "./sightings.ts";

export type ProposalOutcome = "ok" | "late" | "orphaned" | "missed" | "unknown";

/** One proposal of a labelled validator. */
export type Proposal = { group: string; outcome: ProposalOutcome; fault: DutyRecord | undefined };

export type ProposalDuties = {
  /** A slot was judged, for the first time or anew. */
  noteSlot(record: SlotRecord): void;
  /** Judges the proposal of a slot; undefined where its proposer is not labelled, or not known. */
  judge(slot: number): Proposal | undefined;
  prune(belowSlot: number): void;
};

/** What is kept of a slot. */
type Judged = Pick<SlotRecord, "slot" | "status" | "late" | "proposer_index" | "block_root" | "parent_root">;

/** Judges the proposals of labelled validators by what became of their slots. */
export function createProposalDuties(input: {
  chain: Chain;
  tree: BlockTree;
  roots: CanonicalRoots;
  groups: ValidatorGroups;
  heard: Heard;
  seenOf(group: string, slot: number): { seen: number; of: number };
}): ProposalDuties {
  const { chain, tree, roots, groups, heard, seenOf } = input;
  const slots = new Map<number, Judged>();

  const labelOf = (record: Judged | undefined): Labelled | undefined =>
    record === undefined || record.proposer_index === null ? undefined : groups.of(record.proposer_index);

  /** The slots of other proposers in an epoch's length before this one, and those without a block. */
  const othersBefore = (slot: number, group: string) => {
    const others = { same: 0, of: 0 };
    for (let before = slot - chain.slotsPerEpoch; before < slot; before += 1) {
      const record = slots.get(before);
      if (record === undefined || labelOf(record)?.group === group) continue;
      if (record.status === "pending" || record.status === "unknown") continue;
      others.of += 1;
      if (record.status === "missed") others.same += 1;
    }
    return others;
  };

  const blockOf = ({ slot, block_root, parent_root }: Judged, label: Labelled): ProposalFacts["block"] => {
    const block = block_root === null ? undefined : tree.get(block_root);
    if (block === undefined) return null;
    const parent = parent_root === null ? undefined : tree.get(parent_root);
    const parentLeft = parent !== undefined && roots.rootAtOrBelow(parent.slot) !== parent.root;
    return { ...sightingOf({ chain, block, slot, ownNodes: label.nodes }), parentLeft };
  };

  return {
    noteSlot({ slot, status, late, proposer_index, block_root, parent_root }) {
      slots.set(slot, { slot, status, late, proposer_index, block_root, parent_root });
    },
    judge(slot) {
      const record = slots.get(slot);
      const label = labelOf(record);
      if (record === undefined || label === undefined || record.proposer_index === null) return undefined;
      const outcome = outcomeOf(record);
      if (outcome === "ok" || outcome === "unknown") return { group: label.group, outcome, fault: undefined };
      const facts: ProposalFacts = {
        outcome,
        slot,
        slotMs: chain.slotDurationMs,
        attestationDueMs: chain.deadlinesOf(slot).attestationMs,
        block: blockOf(record, label),
        others: othersBefore(slot, label.group),
        group: seenOf(label.group, slot),
        ownNodes: label.nodes,
        silentNodes: heard.silent(label.nodes, slot),
      };
      const validator = record.proposer_index;
      const duty = { chain, kind: "proposal", slot, validator, label, outcome } as const;
      return { group: label.group, outcome, fault: faultRecord({ ...duty, facts, rules: proposalRules, final: true }) };
    },
    prune(belowSlot) {
      for (const slot of slots.keys()) if (slot < belowSlot) slots.delete(slot);
    },
  };
}

function outcomeOf({ status, late }: Judged): ProposalOutcome {
  if (status === "proposed") return late ? "late" : "ok";
  return status === "orphaned" || status === "missed" ? status : "unknown";
}
