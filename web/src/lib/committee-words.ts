import type { CommitteeSlotRecord } from "../../../src/events/vote-records.ts";
import { formatCount, formatList } from "./format.ts";

/** A committee's votes in words, what there is none of left out. */
export function committeeWords(record: CommitteeSlotRecord | undefined): string {
  if (record === undefined) return "not told";
  const parts = (["on_time", "late", "untimed", "missed"] as const)
    .filter((part) => record[part] > 0)
    .map((part) => `${record[part]} ${part.replace("_", " ")}`);
  return `${formatList(parts)} of ${formatCount(record.validators, "validator")}`;
}
