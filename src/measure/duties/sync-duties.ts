import { hasBit, readBitvector } from "../../chain/bits.ts";
import type { Chain } from "../../chain/chain.ts";
import type { DutyRecord } from "../../events/duty-records.ts";
import type { BlockTree } from "../block-tree.ts";
import type { CanonicalRoots } from "../canonical-roots.ts";
import type { Votes } from "../votes/votes.ts";
import { faultRecord } from "./fault.ts";
import type { Labelled, ValidatorGroups } from "./groups.ts";
import type { Heard } from "./heard.ts";
import { sightingOf } from "./sightings.ts";
import { type VoteFacts, voteRules } from "./vote-rules.ts";

/** The sync duties of labelled validators in one canonical block; a validator may have several seats. */
export type SyncSlot = {
  byGroup: ReadonlyMap<string, { expected: number; signed: number }>;
  byValidator: ReadonlyMap<number, { group: string; expected: number; signed: number; fault: DutyRecord | undefined }>;
};

export type SyncDuties = {
  /** The members of the sync committee that serves in an epoch, by position. */
  noteCommittee(committee: { epoch: number; validators: readonly number[] }): void;
  /** Judges the sync aggregate of a slot's canonical block; undefined where block or committee are not known. */
  judge(slot: number): SyncSlot | undefined;
};

/** Committees that are kept: the last one, this one and the next. */
const KEPT_PERIODS = 3;

/**
 * Judges who of the labelled validators signed. The aggregate in the block of a slot is by the committee of that slot,
 * over the block of the slot before (consensus-specs Altair, `process_sync_aggregate`): who signed is told under the
 * slot before, in which it was to be done.
 */
export function createSyncDuties(input: {
  chain: Chain;
  tree: BlockTree;
  roots: CanonicalRoots;
  votes: Pick<Votes, "syncBits" | "contributed">;
  groups: ValidatorGroups;
  heard: Heard;
  seenOf(group: string, slot: number): { seen: number; of: number };
  wasWatched(slot: number): boolean;
}): SyncDuties {
  const { chain, tree, roots, votes, groups, heard, seenOf, wasWatched } = input;
  const committees = new Map<number, readonly number[]>();

  const periodOf = (epoch: number): number | undefined =>
    chain.epochsPerSyncCommitteePeriod && Math.floor(epoch / chain.epochsPerSyncCommitteePeriod);

  const factsOf = (of: {
    slot: number;
    label: Labelled;
    contributed: boolean;
    others: VoteFacts["others"];
  }): VoteFacts => {
    const { slot, label, contributed, others } = of;
    const { attestationMs, aggregateMs } = chain.deadlinesOf(slot);
    const root = roots.rootAtOrBelow(slot);
    const block = root === undefined ? undefined : tree.get(root);
    return {
      outcome: "unsigned",
      slot,
      slotMs: chain.slotDurationMs,
      attestationDueMs: attestationMs,
      aggregateDueMs: aggregateMs,
      watched: wasWatched(slot),
      right: block === undefined ? null : sightingOf({ chain, block, slot, ownNodes: label.nodes }),
      named: null,
      seen: contributed ? { firstMs: null, nodes: [] } : null,
      inclusion: null,
      others,
      group: seenOf(label.group, slot),
      ownNodes: label.nodes,
      silentNodes: heard.silent(label.nodes, slot),
    };
  };

  return {
    noteCommittee({ epoch, validators }) {
      const period = periodOf(epoch);
      if (period === undefined) return;
      committees.set(period, validators);
      for (const known of committees.keys()) if (known <= period - KEPT_PERIODS) committees.delete(known);
    },
    judge(blockSlot) {
      const period = periodOf(chain.epochOf(blockSlot));
      const members = period === undefined ? undefined : committees.get(period);
      const bits = readBitvector(votes.syncBits(blockSlot) ?? "");
      if (members === undefined || bits === undefined || bits.length < members.length) return undefined;
      const slot = blockSlot - 1;
      const byGroup = new Map<string, { expected: number; signed: number }>();
      const byValidator = new Map<number, { group: string; expected: number; signed: number; fault: undefined }>();
      const missing: { position: number; validator: number; label: Labelled }[] = [];
      let absent = 0;
      for (const [position, validator] of members.entries()) {
        const signed = hasBit(bits, position) ? 1 : 0;
        absent += 1 - signed;
        const label = groups.of(validator);
        if (label === undefined) continue;
        const { group } = label;
        const ofGroup = byGroup.get(group) ?? { expected: 0, signed: 0 };
        byGroup.set(group, { expected: ofGroup.expected + 1, signed: ofGroup.signed + signed });
        const own = byValidator.get(validator) ?? { group, expected: 0, signed: 0, fault: undefined };
        byValidator.set(validator, { ...own, expected: own.expected + 1, signed: own.signed + signed });
        if (signed === 0) missing.push({ position, validator, label });
      }
      const faults = new Map<number, DutyRecord>();
      for (const { position, validator, label } of missing) {
        if (faults.has(validator)) continue;
        const own = byGroup.get(label.group) ?? { expected: 0, signed: 0 };
        const others = { same: absent - (own.expected - own.signed), of: members.length - own.expected };
        const contributed = votes.contributed({ slot, position, size: members.length });
        const facts = factsOf({ slot, label, contributed, others });
        const duty = { chain, kind: "sync", slot, validator, label, outcome: "missed" } as const;
        faults.set(validator, faultRecord({ ...duty, facts, rules: voteRules, final: true }));
      }
      return {
        byGroup,
        byValidator: new Map(
          [...byValidator].map(([validator, own]) => [validator, { ...own, fault: faults.get(validator) }]),
        ),
      };
    },
  };
}
