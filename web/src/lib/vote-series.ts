import type { EpochRecord } from "../../../src/events/derived.ts";
import type { SlotVotesRecord } from "../../../src/events/vote-records.ts";
import { syncShare } from "./vote-figures.ts";

/** One value a place on the axis; null is a gap. */
export type Column = readonly (number | null)[];

const SHARES = [
  "live_source",
  "live_target",
  "live_head",
  "blocks_source",
  "blocks_target",
  "blocks_head",
  "inclusion_delay",
  "inclusion_delay_blocks",
] as const;

/** The series that slots and epochs share. */
export type VoteSeries = { xs: readonly number[] } & Readonly<
  Record<(typeof SHARES)[number] | "late" | "missing", Column>
>;

export type SlotVoteSeries = VoteSeries & Readonly<Record<"untimed" | "sync_bits" | "sync_contributed", Column>>;

/** Every place from `first` to `last`, those without a record too: a gap is drawn as one. */
function placed<R, K extends string>(input: {
  records: readonly R[];
  keyOf(record: R): number;
  first: number;
  last: number;
  columns: Readonly<Record<K, (record: R) => number | null>>;
}): { xs: readonly number[] } & Record<K, Column> {
  const { records, keyOf, first, last, columns } = input;
  const byKey = new Map(records.map((record) => [keyOf(record), record]));
  const xs = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  const entries = Object.entries<(record: R) => number | null>(columns).map(([name, figureOf]) => [
    name,
    xs.map((x) => {
      const record = byKey.get(x);
      return record === undefined ? null : figureOf(record);
    }),
  ]);
  return { xs, ...(Object.fromEntries(entries) as Record<K, Column>) };
}

type Shares = Pick<SlotVotesRecord, (typeof SHARES)[number]>;
const shareColumns = Object.fromEntries(SHARES.map((name) => [name, (record: Shares) => record[name]])) as Record<
  (typeof SHARES)[number],
  (record: Shares) => number | null
>;

/** Votes slot by slot, from `first` to `last`; counts are shares of the votes expected. */
export function slotVoteSeries(records: readonly SlotVotesRecord[], first: number, last: number): SlotVoteSeries {
  const ofExpected = (figureOf: (record: SlotVotesRecord) => number | null) => (record: SlotVotesRecord) => {
    const figure = figureOf(record);
    return figure === null || record.expected === 0 ? null : figure / record.expected;
  };
  return placed({
    records,
    keyOf: ({ slot }) => slot,
    first,
    last,
    columns: {
      ...shareColumns,
      late: ofExpected(({ late }) => late),
      untimed: ofExpected(({ untimed }) => untimed),
      missing: ofExpected(({ missing }) => missing),
      sync_bits: ({ sync_bits, sync_size }) => syncShare(sync_bits, sync_size),
      sync_contributed: ({ sync_contributed, sync_size }) => syncShare(sync_contributed, sync_size),
    },
  });
}

/** The same epoch by epoch. */
export function epochVoteSeries(records: readonly EpochRecord[], first: number, last: number): VoteSeries {
  const ofTold = (count: number | null, { votes_seen, votes_missing }: EpochRecord) =>
    count === null || votes_seen === null || votes_missing === null || votes_seen + votes_missing === 0
      ? null
      : count / (votes_seen + votes_missing);
  return placed({
    records,
    keyOf: ({ epoch }) => epoch,
    first,
    last,
    columns: {
      ...shareColumns,
      late: (record) => ofTold(record.votes_late, record),
      missing: (record) => ofTold(record.votes_missing, record),
    },
  });
}

/** Where a column ends: its newest place with a value; undefined when it has none. */
export function lastKnown(xs: readonly number[], column: Column): number | undefined {
  const index = column.findLastIndex((value) => value !== null);
  return index === -1 ? undefined : xs[index];
}
