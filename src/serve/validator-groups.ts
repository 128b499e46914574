import type { LabelledGroup } from "../chain/validator-labels.ts";
import type { DutyRecord, ValidatorEpochRecord } from "../events/duty-records.ts";
import type { GroupView, ValidatorView } from "./views.ts";

/**
 * What a vote's parts are worth: weights of the flags for source, target and head (consensus-specs Altair,
 * `PARTICIPATION_FLAG_WEIGHTS`). A late vote loses its head, one with a wrong target its head, too.
 */
const SOURCE = 14;
const TARGET = 26;
const HEAD = 14;

const SUMMED = [
  "attestations",
  "attestations_ok",
  "attestations_late",
  "attestations_wrong_head",
  "attestations_wrong_target",
  "attestations_missed",
  "attestations_unknown",
  "attestations_pending",
  "proposals",
  "proposals_ok",
  "proposals_late",
  "proposals_orphaned",
  "proposals_missed",
  "proposals_unknown",
  "faults_own",
  "faults_network",
  "faults_unclear",
] as const satisfies readonly (keyof ValidatorEpochRecord & keyof GroupView)[];

/** The figures of each labelled group over some epochs, the one that lost most first. */
export function groupViews(input: {
  labels: readonly LabelledGroup[];
  records: readonly ValidatorEpochRecord[];
}): GroupView[] {
  const { labels, records } = input;
  const byGroup = new Map<string, ValidatorEpochRecord[]>(labels.map(({ group }) => [group, []]));
  for (const record of records) byGroup.set(record.group, [...(byGroup.get(record.group) ?? []), record]);
  return [...byGroup]
    .map(([group, own]) => groupView({ group, label: labels.find((label) => label.group === group), records: own }))
    .sort(worstFirst);
}

function groupView(input: {
  group: string;
  label: LabelledGroup | undefined;
  records: readonly ValidatorEpochRecord[];
}): GroupView {
  const { group, label, records } = input;
  const sums = Object.fromEntries(SUMMED.map((key) => [key, records.reduce((sum, record) => sum + record[key], 0)]));
  const sync = records.filter(({ sync_expected }) => sync_expected !== null);
  const view = {
    group,
    nodes: label?.nodes ?? [],
    labelled: label?.validators ?? 0,
    epochs: records.length,
    ...(sums as Record<(typeof SUMMED)[number], number>),
    sync_expected: sync.length === 0 ? null : sync.reduce((sum, record) => sum + (record.sync_expected ?? 0), 0),
    sync_signed: sync.length === 0 ? null : sync.reduce((sum, record) => sum + (record.sync_signed ?? 0), 0),
    inclusion_delay: meanDelay(records),
  };
  return { ...view, lost_share: lostShare(view) };
}

/** Of epochs with many votes more than of those with few. */
function meanDelay(records: readonly ValidatorEpochRecord[]): number | null {
  let votes = 0;
  let slots = 0;
  for (const {
    inclusion_delay,
    attestations,
    attestations_missed,
    attestations_pending,
    attestations_unknown,
  } of records) {
    const included = attestations - attestations_missed - attestations_pending - attestations_unknown;
    if (inclusion_delay === null) continue;
    votes += included;
    slots += included * inclusion_delay;
  }
  return votes === 0 ? null : slots / votes;
}

type Votes = Pick<GroupView, (typeof SUMMED)[number]>;

function lostShare(votes: Votes): number | null {
  const judged = votes.attestations - votes.attestations_unknown - votes.attestations_pending;
  if (judged === 0) return null;
  const all = SOURCE + TARGET + HEAD;
  const lost =
    votes.attestations_missed * all +
    votes.attestations_wrong_target * (TARGET + HEAD) +
    (votes.attestations_wrong_head + votes.attestations_late) * HEAD;
  return lost / (judged * all);
}

function worstFirst(a: GroupView, b: GroupView): number {
  const lostProposals = (view: GroupView) => view.proposals_missed + view.proposals_orphaned;
  return (
    (b.lost_share ?? -1) - (a.lost_share ?? -1) ||
    lostProposals(b) - lostProposals(a) ||
    b.faults_own - a.faults_own ||
    (a.group < b.group ? -1 : 1)
  );
}

/** The validators with faults, those with most of their own causes first, then with most of any. */
export function validatorViews(faults: readonly DutyRecord[]): ValidatorView[] {
  const views = new Map<number, ValidatorView>();
  for (const { validator, kind, outcome, side, slot, sync_missed } of faults) {
    const view = views.get(validator) ?? emptyView(validator);
    views.set(validator, view);
    view[`faults_${side}`] += 1;
    view.last_slot = Math.max(view.last_slot, slot);
    if (kind === "sync") view.sync_missed += sync_missed ?? 0;
    else if (kind === "proposal") view[outcome === "late" ? "proposals_late" : "proposals_lost"] += 1;
    else if (outcome !== "orphaned") view[`attestations_${outcome}`] += 1;
  }
  const total = (view: ValidatorView) => view.faults_own + view.faults_network + view.faults_unclear;
  return [...views.values()].sort(
    (a, b) =>
      b.faults_own - a.faults_own || total(b) - total(a) || b.last_slot - a.last_slot || a.validator - b.validator,
  );
}

function emptyView(validator: number): ValidatorView {
  return {
    validator,
    attestations_missed: 0,
    attestations_late: 0,
    attestations_wrong_head: 0,
    attestations_wrong_target: 0,
    proposals_lost: 0,
    proposals_late: 0,
    sync_missed: 0,
    faults_own: 0,
    faults_network: 0,
    faults_unclear: 0,
    last_slot: 0,
  };
}
