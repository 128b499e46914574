import type { SlotVotesRecord, VotePart } from "../../../src/events/vote-records.ts";

/** Votes of a slot that a stream was up for: its counts are known. */
export type HeardVotes = SlotVotesRecord & Record<"seen" | "on_time" | "late" | "untimed" | "missing", number>;

export function isHeard(record: SlotVotesRecord): record is HeardVotes {
  return record.seen !== null;
}

/** Votes of several slots: counts are sums, shares means over the votes expected in the slots that have them. */
export type VoteSums = {
  slots: number;
  expected: number;
  seen: number;
  onTime: number;
  late: number;
  untimed: number;
  missing: number;
  doubleVotes: number;
  liveTarget: number | undefined;
  liveHead: number | undefined;
  blocksTarget: number | undefined;
  blocksHead: number | undefined;
  inclusionSlots: number | undefined;
  inclusionBlocks: number | undefined;
  /** Share of the sync committee whose bits are set in blocks. */
  sync: number | undefined;
};

/** A mean weighed by what each value stands for; undefined without values. */
function mean(values: Iterable<readonly [value: number | null, weight: number]>): number | undefined {
  let [sum, weights] = [0, 0];
  for (const [value, weight] of values) {
    if (value === null) continue;
    sum += value * weight;
    weights += weight;
  }
  return weights === 0 ? undefined : sum / weights;
}

/** Adds slots up; those that no stream was up for count for blocks alone. */
export function sumVotes(records: readonly SlotVotesRecord[]): VoteSums {
  const heard = records.filter(isHeard);
  const sum = (figureOf: (record: HeardVotes) => number) =>
    heard.reduce((total, record) => total + figureOf(record), 0);
  const share = (figureOf: (record: SlotVotesRecord) => number | null) =>
    mean(records.map((record) => [figureOf(record), record.expected] as const));
  const delay = (figureOf: (record: SlotVotesRecord) => number | null) =>
    mean(records.map((record) => [figureOf(record), record.included] as const));
  return {
    slots: heard.length,
    expected: sum(({ expected }) => expected),
    seen: sum(({ seen }) => seen),
    onTime: sum(({ on_time }) => on_time),
    late: sum(({ late }) => late),
    untimed: sum(({ untimed }) => untimed),
    missing: sum(({ missing }) => missing),
    doubleVotes: records.reduce((total, { double_votes }) => total + double_votes, 0),
    liveTarget: share(({ live_target }) => live_target),
    liveHead: share(({ live_head }) => live_head),
    blocksTarget: share(({ blocks_target }) => blocks_target),
    blocksHead: share(({ blocks_head }) => blocks_head),
    inclusionSlots: delay(({ inclusion_delay }) => inclusion_delay),
    inclusionBlocks: delay(({ inclusion_delay_blocks }) => inclusion_delay_blocks),
    sync: mean(records.map(({ sync_bits, sync_size }) => [syncShare(sync_bits, sync_size), sync_size ?? 0] as const)),
  };
}

/** Part of the sync committee, 0 to 1; null where either is not known. */
export function syncShare(signed: number | null, size: number | null): number | null {
  return signed === null || size === null || size === 0 ? null : signed / size;
}

/** The slots that are over: what a running one lacks is still to come. The newest `count` of them. */
export function votesOver(records: Iterable<SlotVotesRecord>, currentSlot: number, count: number): SlotVotesRecord[] {
  return [...records]
    .filter(({ slot }) => slot < currentSlot && slot >= currentSlot - count)
    .sort((a, b) => a.slot - b.slot);
}

/** Of the votes that any node told of, how many each did. */
export function votesByNode(records: readonly SlotVotesRecord[]): { node: string; had: number; of: number }[] {
  const seen = records.filter(isHeard).reduce((total, record) => total + record.seen, 0);
  const had = new Map<string, number>();
  for (const { seen_by } of records) {
    for (const [node, count] of Object.entries(seen_by)) had.set(node, (had.get(node) ?? 0) + count);
  }
  return [...had].map(([node, count]) => ({ node, had: count, of: seen })).sort((a, b) => (a.node < b.node ? -1 : 1));
}

/** Below two thirds of the weight nothing is justified (consensus-specs, `weigh_justification_and_finalization`). */
export function isTargetLow(target: number | undefined): boolean {
  return target !== undefined && target < 2 / 3;
}

/** On a network that is well a few votes in a hundred come late, and fewer not at all. */
const USUAL_LATE = 0.05;
const USUAL_MISSING = 0.02;

/** Which of a slot's votes are more late, or more missing, than on a network that is well. */
export function isUnusual({ expected, late, missing }: Pick<HeardVotes, "expected" | "late" | "missing">) {
  return { late: late > USUAL_LATE * expected, missing: missing > USUAL_MISSING * expected };
}

export type NamedPart = VotePart & { name: string };

/** Votes by group or by client over several slots, the largest part first. */
export function sumParts(parts: Iterable<Readonly<Record<string, VotePart>>>): NamedPart[] {
  const sums = new Map<string, NamedPart>();
  for (const part of parts) {
    for (const [name, { expected, seen, late, head, included }] of Object.entries(part)) {
      const sum = sums.get(name) ?? { name, expected: 0, seen: 0, late: 0, head: 0, included: 0 };
      sums.set(name, {
        name,
        expected: sum.expected + expected,
        seen: sum.seen + seen,
        late: sum.late + late,
        head: sum.head + head,
        included: sum.included + included,
      });
    }
  }
  return [...sums.values()].sort((a, b) => b.expected - a.expected || (a.name < b.name ? -1 : 1));
}

/** Less than this share of a slot's weight on another head is what honest late voters do on any day. */
export const DOUBT_SHARE = 0.02;

/** Whether the validators of a slot disagreed on the head, or some voted twice. */
export function isInDoubt({ heads, double_votes }: SlotVotesRecord): boolean {
  const others = heads.slice(1).reduce((total, { share }) => total + share, 0);
  return others >= DOUBT_SHARE || double_votes > 0;
}
