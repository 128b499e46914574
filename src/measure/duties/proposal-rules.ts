import { isShared, listed, type Rule, seconds } from "./rule.ts";
import type { BlockSighting } from "./vote-rules.ts";

/** What is known of a proposal that is not as it should be. */
export type ProposalFacts = {
  outcome: "missed" | "orphaned" | "late";
  slot: number;
  slotMs: number;
  attestationDueMs: number;
  block: (BlockSighting & { parentLeft: boolean }) | null;
  /** The slots of the epoch that ends here, of other proposers, and those without any block. */
  others: { same: number; of: number };
  group: { seen: number; of: number };
  ownNodes: readonly string[];
  silentNodes: readonly string[];
};

/** Faults of proposals, by the order in which causes are looked for. */
export const proposalRules: readonly Rule<ProposalFacts>[] = [
  {
    cause: "proposed_late",
    words: "The block's first arrival over all nodes came after the attestation deadline.",
    explain({ block, attestationDueMs, outcome }) {
      if (block === null || block.firstMs === null || block.firstMs <= attestationDueMs) return undefined;
      const left = outcome === "orphaned" ? ", and the chain left it" : "";
      return (
        `Its block reached the first node ${seconds(block.firstMs)} into the slot; votes were due at ` +
        `${seconds(attestationDueMs)}${left}.`
      );
    },
  },
  {
    cause: "network",
    words:
      "No block, and at least two thirds of the slots of other proposers in an epoch's length before had none either.",
    explain({ outcome, others, slot }) {
      if (outcome !== "missed" || !isShared(others)) return undefined;
      return `${others.same} of the ${others.of} slots of other proposers before slot ${slot} have no block either.`;
    },
  },
  {
    cause: "offline",
    words:
      "No block, and nothing came from any of the validator's own nodes while others went on; or the group has " +
      "several validators with a vote in that slot, and no node saw any.",
    explain({ outcome, ownNodes, silentNodes, group, slot }) {
      if (outcome !== "missed") return undefined;
      if (ownNodes.length > 0 && silentNodes.length === ownNodes.length) {
        return `${listed(silentNodes)} said nothing in slot ${slot} while other nodes went on.`;
      }
      if (group.of < 2 || group.seen > 0) return undefined;
      return `No node saw a block, nor a vote of any of the group's ${group.of} validators of slot ${slot}.`;
    },
  },
  {
    cause: "cut_off",
    words: "The block was known to the validator's own nodes alone at the end of its slot: a partition.",
    explain({ outcome, block, slotMs, ownNodes, silentNodes, slot }) {
      if (outcome !== "orphaned" || block === null || ownNodes.length === 0 || silentNodes.length > 0) return undefined;
      const isIn = (ms: number | null) => ms !== null && ms < slotMs;
      if (!isIn(block.ownMs) || isIn(block.otherMs)) return undefined;
      return `Only ${listed(ownNodes)} had its block in slot ${slot}: cut off from the others.`;
    },
  },
  {
    cause: "wrong_parent",
    words: "The block was built on one that the chain left.",
    explain({ outcome, block }) {
      if (outcome !== "orphaned" || block?.parentLeft !== true) return undefined;
      return "Its block was built on one that the chain left.";
    },
  },
  {
    cause: "reorged",
    words: "The block came in time, and the next ones were built beside it.",
    explain({ outcome, block }) {
      if (outcome !== "orphaned" || block === null) return undefined;
      const came = block.firstMs === null ? "" : ` came ${seconds(block.firstMs)} into the slot, in time, and`;
      return `Its block${came} was left by the blocks after it.`;
    },
  },
  {
    cause: "not_proposed",
    words: "No node saw a block, while votes of the group, or its node, were there.",
    explain({ outcome, group, ownNodes, slot }) {
      if (outcome !== "missed") return undefined;
      const there =
        group.seen > 0
          ? `, while ${group.seen} of the group's ${group.of} votes of the slot were seen`
          : ownNodes.length > 0
            ? `, while ${listed(ownNodes)} went on`
            : "";
      return `No node saw a block of slot ${slot}${there}.`;
    },
  },
  {
    cause: "unknown",
    words: "Nothing that was seen explains it.",
    explain: () => "Nothing that was seen explains it.",
  },
];
