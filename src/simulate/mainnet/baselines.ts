import type { Curve } from "./curve.ts";

/**
 * What mainnet looked like in 2026 (Xatu's public data, medians of days to months): seconds after the slot's start at
 * which the first of some hundred nodes saw an object. Given are the measured quantiles; the ends are estimates.
 */

/** Blocks: p50 1.460, p95 3.118 s; 0.18 % after 4 s. */
export const BLOCK_S: Curve = [
  [0, 0.55],
  [0.05, 0.9],
  [0.5, 1.46],
  [0.95, 3.118],
  [0.99, 3.4],
  [0.9982, 4],
  [1, 7.3],
];

/**
 * Votes before they wait for their block: two waves, at about 2.25 s (clients that vote once they have the block) and
 * 4.25 s (those that wait for the deadline). With the waiting: p50 2.916, p95 4.971 s, 29.9 % after 4 s.
 */
export const VOTE_S: Curve = [
  [0, 1],
  [0.12, 1.9],
  [0.45, 2.35],
  [0.54, 2.75],
  [0.705, 4],
  [0.86, 4.4],
  [0.95, 4.971],
  [0.99, 6],
  [1, 10],
];

/** Aggregates: p50 8.042, p95 8.072 s. */
export const AGGREGATE_S: Curve = [
  [0, 8],
  [0.5, 8.042],
  [0.95, 8.072],
  [1, 8.5],
];

/** Sync committee contributions: p50 8.11, p95 9.19 s. */
export const CONTRIBUTION_S: Curve = [
  [0, 8],
  [0.5, 8.11],
  [0.95, 9.19],
  [1, 10.5],
];

/** Data columns: p50 1.78, p95 3.2 s. */
export const COLUMN_S: Curve = [
  [0, 0.7],
  [0.05, 1.1],
  [0.5, 1.78],
  [0.95, 3.2],
  [0.99, 3.5],
  [1, 7.5],
];

/** Between the first and the last observer of a block: median 0.53 s. */
export const SPREAD_S: Curve = [
  [0, 0.15],
  [0.5, 0.53],
  [0.95, 1.2],
  [1, 2],
];

/** Share of votes with the right head, by the second at which the block was first seen. */
export const HEAD_ACCURACY: Curve = [
  [0, 0.997],
  [1.5, 0.997],
  [3, 0.971],
  [3.2, 0.923],
  [3.4, 0.781],
  [3.6, 0.468],
  [4, 0.02],
  [12, 0.02],
];

/** Slots without a block, a day's mean. */
export const MISSED_SHARE = 0.0025;
/** Validators whose vote of an epoch is in a block. */
export const PARTICIPATION = 0.9984;
/** Members of the sync committee that sign. */
export const SYNC_PARTICIPATION = 0.984;
/** The slot to which the seconds above belong. */
export const BASELINE_SLOT_MS = 12_000;
