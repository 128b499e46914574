import { isShared, listed, plural, type Rule, seconds } from "./rule.ts";

/** A block as the nodes saw it. Times are signed ms from the start of the duty's slot, which may be a later one. */
export type BlockSighting = {
  slot: number;
  firstMs: number | null;
  /** First arrival on any of the validator's own nodes. */
  ownMs: number | null;
  /** First arrival on any other node. */
  otherMs: number | null;
};

/** What is known of a vote (or of a sync committee member's signature) that is not as it should be. */
export type VoteFacts = {
  outcome: "missed" | "late" | "wrong_target" | "wrong_head" | "unsigned";
  slot: number;
  slotMs: number;
  attestationDueMs: number;
  aggregateDueMs: number;
  /** A stream was up while the vote was due, so that what nobody told of was not there. */
  watched: boolean;
  /** The block that should have been named: the slot's canonical one, or the last before. */
  right: BlockSighting | null;
  /** The block that was named; its slot is null where no node ever told of it. */
  named: (Omit<BlockSighting, "slot"> & { root: string; slot: number | null; canonical: boolean }) | null;
  /** How the streams told of the vote; null when none did. */
  seen: { firstMs: number | null; nodes: readonly string[] } | null;
  /** How far the block that carried it lies behind. */
  inclusion: { slots: number; blocks: number } | null;
  /** The slot's validators outside of the group (all, where there are no others), and those with the same outcome. */
  others: { same: number; of: number };
  /** Validators of the group with a vote in this slot, and those whose vote was seen. */
  group: { seen: number; of: number };
  ownNodes: readonly string[];
  /** Those of them from which nothing came by the aggregates' deadline although others went on. */
  silentNodes: readonly string[];
};

const isWrong = ({ outcome }: VoteFacts) =>
  outcome === "wrong_head" || outcome === "wrong_target" || outcome === "unsigned";
const isUnseen = ({ seen, outcome }: VoteFacts) =>
  seen === null && (outcome === "missed" || outcome === "late" || outcome === "unsigned");
const allSilent = ({ ownNodes, silentNodes }: VoteFacts) =>
  ownNodes.length > 0 && silentNodes.length === ownNodes.length;
const isAfter = (ms: number | null | undefined, dueMs: number): ms is number =>
  ms !== null && ms !== undefined && ms > dueMs;
const byEndOfSlot = (ms: number | null, slotMs: number) => ms !== null && ms < slotMs;

const blockLate: Rule<VoteFacts> = {
  cause: "block_late",
  words:
    "A wrong head or target, or a missing sync signature: the right block's first arrival over all nodes came after " +
    "the attestation deadline, so that nobody could name it in time.",
  explain(facts) {
    const { right, attestationDueMs } = facts;
    if (!isWrong(facts) || right === null || !isAfter(right.firstMs, attestationDueMs)) return undefined;
    return (
      `The block of slot ${right.slot} reached the first node ${seconds(right.firstMs)} into the slot; votes were due ` +
      `at ${seconds(attestationDueMs)}.`
    );
  },
};

const offline: Rule<VoteFacts> = {
  cause: "offline",
  words:
    "The vote was not seen, or after the aggregates' deadline, and nothing came by then from any of the validator's own " +
    "nodes while other nodes went on; or the group has several validators in that slot, and no node saw a vote of any. Not where most of the others have the same fault.",
  explain(facts) {
    const { seen, aggregateDueMs, silentNodes, group, watched, slot } = facts;
    if (isShared(facts.others)) return undefined;
    if (allSilent(facts) && (seen === null || isAfter(seen.firstMs, aggregateDueMs))) {
      const came = isAfter(seen?.firstMs, aggregateDueMs)
        ? `; the vote came ${seconds(seen?.firstMs ?? 0)} into it`
        : "";
      return `${listed(silentNodes)} said nothing in slot ${slot} while other nodes went on${came}.`;
    }
    if (!watched || !isUnseen(facts) || group.seen > 0 || group.of < 2) return undefined;
    return `No node saw a vote of any of the group's ${group.of} validators of slot ${slot}.`;
  },
};

const reorged: Rule<VoteFacts> = {
  cause: "reorged",
  words:
    "A wrong head or target that is a block which the chain left, and which other nodes than the validator's own had " +
    "by the end of the slot.",
  explain(facts) {
    const { named, slotMs, slot } = facts;
    if (!isWrong(facts) || named === null || named.canonical || named.slot === null) return undefined;
    if (!byEndOfSlot(named.otherMs, slotMs)) return undefined;
    return `It named the block of slot ${named.slot}, which other nodes had in slot ${slot} too, and which the chain left.`;
  },
};

const nextSlotEmpty: Rule<VoteFacts> = {
  cause: "next_slot_empty",
  words: "A late inclusion in the first canonical block after the vote: the slots between have none.",
  explain({ outcome, inclusion, slot }) {
    if (outcome !== "late" || inclusion === null || inclusion.blocks > 1) return undefined;
    const empty = inclusion.slots - 1;
    const slots = empty === 1 ? `Slot ${slot + 1} has` : `Slots ${slot + 1} to ${slot + empty} have`;
    return `${slots} no canonical block; the first one after the vote carried it.`;
  },
};

const network: Rule<VoteFacts> = {
  cause: "network",
  words:
    "At least two thirds of the slot's validators outside of the group have the same fault " +
    "(of the sync committee: of its members).",
  explain({ others, outcome, slot }) {
    if (!isShared(others)) return undefined;
    const whom = outcome === "unsigned" ? "other members of the sync committee" : "other validators of the slot";
    return `${others.same} of ${others.of} ${whom} ${DID[outcome]} in slot ${slot}, too.`;
  },
};

const DID: Readonly<Record<VoteFacts["outcome"], string>> = {
  missed: "missed their vote",
  late: "were included late",
  wrong_target: "named another target",
  wrong_head: "named another head",
  unsigned: "did not sign",
};

const cutOff: Rule<VoteFacts> = {
  cause: "cut_off",
  words:
    "The named block was known to the validator's own nodes alone at the end of the slot, or the right block had " +
    "reached other nodes by then and none of its own: a partition.",
  explain(facts) {
    const { named, right, slot, slotMs, ownNodes, silentNodes } = facts;
    if (ownNodes.length === 0 || silentNodes.length > 0) return undefined;
    const own = listed(ownNodes);
    if (named !== null && byEndOfSlot(named.ownMs, slotMs) && !byEndOfSlot(named.otherMs, slotMs)) {
      return `It named the block of slot ${named.slot}, which ${own} alone had in slot ${slot}: cut off from the others.`;
    }
    if (right === null || !byEndOfSlot(right.otherMs, slotMs) || byEndOfSlot(right.ownMs, slotMs)) return undefined;
    return `The block of slot ${right.slot}, which others had, did not reach ${own} in slot ${slot}: cut off from the others.`;
  },
};

const ownNodeLate: Rule<VoteFacts> = {
  cause: "own_node_late",
  words:
    "The right block reached other nodes by the attestation deadline, and the validator's own nodes after it, in the " +
    "same slot.",
  explain({ right, attestationDueMs, ownNodes }) {
    if (right === null || ownNodes.length === 0) return undefined;
    if (isAfter(right.firstMs, attestationDueMs) || !isAfter(right.ownMs, attestationDueMs)) return undefined;
    return (
      `The block of slot ${right.slot} reached ${listed(ownNodes)} ${seconds(right.ownMs)} into the slot, the first node ` +
      `at ${seconds(right.firstMs ?? 0)}; votes were due at ${seconds(attestationDueMs)}.`
    );
  },
};

const voteLate: Rule<VoteFacts> = {
  cause: "vote_late",
  words: "The vote itself was first seen after the aggregates' deadline: too late for the next block.",
  explain({ seen, aggregateDueMs }) {
    if (seen === null || !isAfter(seen.firstMs, aggregateDueMs)) return undefined;
    return `The vote was first seen ${seconds(seen.firstMs)} into its slot; aggregates were due at ${seconds(aggregateDueMs)}.`;
  },
};

const staleHead: Rule<VoteFacts> = {
  cause: "stale_head",
  words: "A wrong head or target although the right block was there by the attestation deadline.",
  explain(facts) {
    const { right, named, attestationDueMs, outcome } = facts;
    if (!isWrong(facts) || outcome === "unsigned" || right === null || right.firstMs === null) return undefined;
    if (right.firstMs > attestationDueMs) return undefined;
    const older = named?.slot === null || named === null ? "another block" : `the block of slot ${named.slot}`;
    return `It named ${older}, although the block of slot ${right.slot} was there ${when(right.firstMs)}.`;
  },
};

const when = (ms: number) => (ms < 0 ? "before the slot began" : `${seconds(ms)} into the slot`);

const notIncluded: Rule<VoteFacts> = {
  cause: "not_included",
  words: "The vote was seen in time, and the blocks of the next slots did not carry it.",
  explain({ seen, outcome, inclusion }) {
    if (seen === null || outcome === "wrong_head" || outcome === "wrong_target") return undefined;
    if (outcome === "unsigned") return "A contribution carried the signature, and the block did not.";
    const by = seen.nodes.length === 0 ? "" : ` by ${listed(seen.nodes)}`;
    const came = seen.firstMs === null ? `in an aggregate${by}` : `${seconds(seen.firstMs)} into its slot${by}`;
    const passed =
      inclusion === null ? "no block carried it" : `${plural(inclusion.blocks - 1, "block")} passed it over`;
    return `The vote was seen ${came}, and ${passed}.`;
  },
};

const notSeen: Rule<VoteFacts> = {
  cause: "not_seen",
  words: "No node saw the vote, and whether its node was there is not known, or other votes of the group were seen.",
  explain(facts) {
    if (!facts.watched || !isUnseen(facts)) return undefined;
    const { seen, of } = facts.group;
    const what = facts.outcome === "unsigned" ? "No contribution carried the signature" : "No node saw the vote";
    return seen === 0 ? `${what}.` : `${what}, while ${seen} of the group's ${of} votes of the slot were seen.`;
  },
};

const unknown: Rule<VoteFacts> = {
  cause: "unknown",
  words: "Nothing that was seen explains it.",
  explain: ({ watched }) =>
    watched
      ? "Nothing that was seen explains it."
      : "No stream was up when it was due, so that its cause is not known.",
};

/** Faults of votes and of sync committee signatures; causes that lie with others come before one's own. */
export const voteRules: readonly Rule<VoteFacts>[] = [
  blockLate,
  nextSlotEmpty,
  offline,
  reorged,
  network,
  cutOff,
  ownNodeLate,
  voteLate,
  staleHead,
  notIncluded,
  notSeen,
  unknown,
];
