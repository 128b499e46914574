import type { SlotRecord } from "../../../src/events/derived.ts";

/** How a slot is drawn: its status, and lateness beside it where a block is canonical. */
export type SlotLook = "proposed" | "late" | "missed" | "orphaned" | "pending" | "unknown";

export function lookOf(record: Pick<SlotRecord, "status" | "late"> | undefined): SlotLook {
  if (record === undefined) return "unknown";
  return record.status === "proposed" && record.late ? "late" : record.status;
}

/** The words of a look, for tables and readers. */
export const LOOK_WORDS: Readonly<Record<SlotLook, string>> = {
  proposed: "proposed",
  late: "proposed late",
  missed: "missed",
  orphaned: "orphaned",
  pending: "pending",
  unknown: "unknown",
};
