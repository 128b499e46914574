import type { DutyKind, DutyOutcome, DutyRecord } from "../../../src/events/duty-records.ts";
import type { GroupView } from "../../../src/serve/views.ts";
import type { SlotLook } from "./slot-look.ts";

/** Faults of one slot that are the same but for the validator: one line tells them all. */
export type SharedFault = { fault: DutyRecord; validators: readonly number[] };

/** Newest first, as they came; what differs in its sentence is another line. */
export function sharedFaults(faults: readonly DutyRecord[]): SharedFault[] {
  const lines = new Map<string, { fault: DutyRecord; validators: number[] }>();
  for (const fault of faults) {
    const { slot, kind, outcome, cause, sentence, final, validator } = fault;
    const key = JSON.stringify([slot, kind, outcome, cause, sentence, final]);
    const line = lines.get(key);
    if (line === undefined) lines.set(key, { fault, validators: [validator] });
    else line.validators.push(validator);
  }
  return [...lines.values()].map(({ fault, validators }) => ({ fault, validators: validators.sort((a, b) => a - b) }));
}

const KINDS: Readonly<Record<DutyKind, readonly [one: string, many: string]>> = {
  attestation: ["vote", "votes"],
  proposal: ["proposal", "proposals"],
  sync: ["sync committee member", "sync committee members"],
};

const OUTCOMES: Readonly<Record<DutyOutcome, string>> = {
  missed: "missed",
  orphaned: "orphaned",
  late: "late",
  wrong_head: "for a wrong head",
  wrong_target: "for a wrong target",
};

/** `vote missed`, `3 votes late`, `sync committee member without signatures`. */
export function faultTitle({ fault, validators }: SharedFault): string {
  const [one, many] = KINDS[fault.kind];
  const who = validators.length === 1 ? one : `${validators.length} ${many}`;
  return `${who} ${fault.kind === "sync" ? "without signatures" : OUTCOMES[fault.outcome]}`;
}

/** `validator 7`, `validators 7, 9 and 5 more`. */
export function validatorsWords(validators: readonly number[], most = 6): string {
  if (validators.length === 1) return `validator ${validators[0]}`;
  if (validators.length <= most) return `validators ${validators.join(", ")}`;
  return `validators ${validators.slice(0, most - 1).join(", ")} and ${validators.length - most + 1} more`;
}

/** The shape that doubles the fault's colour; wrong votes are hatched, as what the chain left is. */
export function faultLook(outcome: DutyOutcome): SlotLook {
  if (outcome === "late" || outcome === "missed") return outcome;
  return "orphaned";
}

export const SIDE_WORDS = { own: "yours", network: "not yours", unclear: "unclear" } as const;

/** Votes that could be judged, and of them those that are right and in the next block. */
export function votesOk(group: GroupView): { had: number; of: number } | undefined {
  const of = group.attestations - group.attestations_unknown - group.attestations_pending;
  return of === 0 ? undefined : { had: group.attestations_ok, of };
}

/** Proposals that could be judged, and of them those that are canonical. */
export function proposalsOk(group: GroupView): { had: number; of: number } | undefined {
  const of = group.proposals - group.proposals_unknown;
  return of === 0 ? undefined : { had: group.proposals_ok + group.proposals_late, of };
}
