import type { Dataset } from "../../events/dataset.ts";
import type { Document } from "../../events/document.ts";
import { testDatasets } from "../contract-data.ts";
import { DAY_US, type RetentionLimits } from "../retention.ts";

/** Noon of a day that the tests call day 0. */
export const NOON_US = Date.UTC(2026, 10, 22, 12) * 1000;
export const HOUR_US = 3_600_000_000;

const columns: Dataset["columns"] = [
  { name: "test.number", type: "long", words: "Counts from 1." },
  { name: "test.remark", type: "text", words: "Free text." },
];
const own = { kind: "stream", source: "own", columns } as const;

/** Beside the datasets of the store's contract (raw ones, and an index) one of votes and one that is kept for ever. */
export const keptDatasets: readonly Dataset[] = [
  ...testDatasets,
  { ...own, name: "test.vote", title: "Votes", words: "Numbered votes.", keep: "votes", rowFields: ["test.number"] },
  { ...own, name: "test.mark", title: "Marks", words: "Numbered marks.", keep: "ever" },
];

export const DEFAULT_LIMITS: RetentionLimits = { votesMs: 24 * 3_600_000, rawMs: 30 * 86_400_000, diskBytes: 20e9 };
export const VOTES = "logs-test.vote-testnet";
export const MARKS = "logs-test.mark-testnet";

/** Documents of one dataset at noon of a day, that many days from day 0. */
export function ofDay(dataset: string, day: number, numbers: readonly number[], remark?: () => string): Document[] {
  return numbers.map((number) => ({
    dataset,
    timestampUs: NOON_US + day * DAY_US + number,
    fields: { "test.number": number, ...(remark === undefined ? {} : { "test.remark": remark() }) },
  }));
}

/** The day of a numbered vote in the fast calendar of `retain-kill-rig.ts`. */
export function dayOfNumber(number: number): number {
  return Math.floor(number / 200);
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}
