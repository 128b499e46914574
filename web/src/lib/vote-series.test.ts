import { expect, test } from "vitest";
import type { EpochRecord } from "../../../src/events/derived.ts";
import { unheardRecord, voteRecord } from "./vote-record-rig.ts";
import { epochVoteSeries, lastKnown, slotVoteSeries } from "./vote-series.ts";

test("a slot without a record is a gap, not a zero", () => {
  const series = slotVoteSeries([voteRecord({ slot: 4, live_head: 0.5 }), voteRecord({ slot: 6 })], 3, 6);
  expect(series.xs).toEqual([3, 4, 5, 6]);
  expect(series.live_head).toEqual([null, 0.5, null, 1]);
  expect(lastKnown(series.xs, series.live_head)).toBe(6);
  expect(lastKnown(series.xs, [null, null, null, null])).toBeUndefined();
});

test("counts are shares of the votes expected, and unknown where no stream was up", () => {
  const series = slotVoteSeries(
    [voteRecord({ slot: 1, expected: 8, late: 2, missing: 1, untimed: 4 }), unheardRecord({ slot: 2 })],
    1,
    2,
  );
  expect([series.late, series.missing, series.untimed]).toEqual([
    [0.25, null],
    [0.125, null],
    [0.5, null],
  ]);
});

test("an epoch's late and missing votes are shares of those that were expected so far", () => {
  const record = { epoch: 3, live_head: 0.9, votes_seen: 75, votes_missing: 25, votes_late: 5 } as EpochRecord;
  const unknown = { epoch: 4, live_head: null, votes_seen: null, votes_missing: null, votes_late: null } as EpochRecord;
  const series = epochVoteSeries([record, unknown], 3, 4);
  expect(series.missing).toEqual([0.25, null]);
  expect(series.late).toEqual([0.05, null]);
});
