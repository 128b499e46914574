import type { RecordColumn, RecordDataset } from "./record.ts";

export type SlashingKind = "proposer" | "attester";

/** Proof that one validator signed what it must not, told by however many nodes and blocks. */
export type SlashingRecord = {
  /** Kind and validator: a validator is slashed once. */
  id: string;
  kind: SlashingKind;
  validator: number;
  /** Group of the label file; null for a validator of others. */
  group: string | null;
  /** Slot of what was signed twice; null where a block alone told of it. */
  slot: number | null;
  /** When it was first told, by an event or by a block's slot. */
  at_ms: number;
  /** Nodes whose stream told of it. */
  nodes: readonly string[];
  /** The block that first carried it. */
  included_slot: number | null;
  /** Different validators told within the hour and the day up to it, itself included. */
  in_hour: number;
  in_day: number;
  /** Those of the day as a share of the active validators; null where these are not known. */
  share_of_day: number | null;
};

const column = (
  key: keyof SlashingRecord,
  [name, type]: readonly [string, RecordColumn["type"]],
  words: string,
): RecordColumn => ({ key, name, type, words });

export const slashingDataset: RecordDataset = {
  kind: "index",
  name: "slashing",
  title: "Slashed validators",
  words:
    "One document a validator of which proof was told that it signed two blocks or two votes, by events or blocks.",
  columns: [
    column("id", ["ethereum.slashing.id", "keyword"], "Kind and validator; the key."),
    column("kind", ["ethereum.slashing.kind", "keyword"], "proposer or attester."),
    column("validator", ["ethereum.validator.index", "long"], "Validator."),
    column("group", ["ethereum.validator.group", "keyword"], "Group, by the label file."),
    column("slot", ["ethereum.slot", "long"], "Slot of what was signed twice, where an event told of it."),
    column(
      "at_ms",
      ["event.start", "date"],
      "When it was first told: an event's arrival, or the start of a block's slot.",
    ),
    { ...column("nodes", ["observer.name", "keyword"], "Nodes whose stream told of it."), list: true },
    column("included_slot", ["ethereum.slashing.included_slot", "long"], "Slot of the block that first carried it."),
    column("in_hour", ["ethereum.slashing.in_hour", "long"], "Validators told within the hour up to it."),
    column("in_day", ["ethereum.slashing.in_day", "long"], "Validators told within the day up to it."),
    column(
      "share_of_day",
      ["ethereum.slashing.share_of_day", "double"],
      "Those of the day as a share of all active validators, 0 to 1.",
    ),
  ],
};
