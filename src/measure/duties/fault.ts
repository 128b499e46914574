import type { Chain } from "../../chain/chain.ts";
import {
  type DutyEvidence,
  type DutyKind,
  type DutyOutcome,
  type DutyRecord,
  dutyCauses,
} from "../../events/duty-records.ts";
import type { Labelled } from "./groups.ts";
import type { ProposalFacts } from "./proposal-rules.ts";
import { firstCause, type Rule } from "./rule.ts";
import type { VoteFacts } from "./vote-rules.ts";

type Duty = {
  chain: Chain;
  kind: DutyKind;
  slot: number;
  validator: number;
  label: Labelled;
  outcome: DutyOutcome;
};

/** The record of a fault: its cause is that of the first rule that holds. */
export function faultRecord<Facts extends VoteFacts | ProposalFacts>(
  input: Duty & { facts: Facts; rules: readonly Rule<Facts>[]; inclusionDelay?: number; final: boolean },
): DutyRecord {
  const { chain, kind, slot, validator, label, outcome, facts, rules } = input;
  const { cause, sentence } = firstCause(rules, facts);
  return {
    id: `${kind}/${slot}/${validator}`,
    kind,
    slot,
    epoch: chain.epochOf(slot),
    start_ms: chain.slotStartUs(slot) / 1000,
    validator,
    group: label.group,
    own_nodes: label.nodes,
    outcome,
    cause,
    side: dutyCauses[cause],
    sentence,
    evidence: evidenceOf(facts),
    inclusion_delay: input.inclusionDelay ?? null,
    sync_missed: null,
    sync_expected: null,
    final: input.final,
    withdrawn: false,
  };
}

function evidenceOf(facts: VoteFacts | ProposalFacts): DutyEvidence {
  const block = "right" in facts ? facts.right : facts.block;
  const named = "named" in facts ? facts.named : null;
  const seen = "seen" in facts ? facts.seen : null;
  return {
    due_ms: facts.attestationDueMs,
    block_slot: block?.slot ?? null,
    block_ms: block?.firstMs ?? null,
    own_block_ms: block?.ownMs ?? null,
    named_root: named?.root ?? null,
    named_slot: named?.slot ?? null,
    vote_ms: seen?.firstMs ?? null,
    vote_nodes: seen?.nodes ?? [],
    silent_nodes: facts.silentNodes,
    group_expected: facts.group.of,
    group_seen: facts.group.seen,
    others: facts.others.of,
    others_same: facts.others.same,
  };
}
