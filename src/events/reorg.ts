import type { RecordDataset } from "./record.ts";
import { slotColumn } from "./slot-columns.ts";

/** One abandoned branch, all nodes that left it merged. */
export type ReorgRecord = {
  /** The first abandoned block: the reorg's key. */
  id: string;
  slot: number;
  /** Abandoned blocks, skipped slots not counted. */
  depth: number;
  nodes: readonly string[];
  old_head: string;
  new_head: string;
  common_ancestor: string | null;
  at_ms: number;
  abandoned: readonly { slot: number; root: string }[];
  adopted: readonly { slot: number; root: string }[];
  switches: readonly { node: string; at_ms: number; old_head: string; new_head: string }[];
  /** A parent on the way was inferred. */
  inferred: boolean;
  /** `chain_reorg.depth` as each node told it: a hint, never believed. */
  depth_hints: Readonly<Record<string, string>>;
  /** Blocks of the justified checkpoint's slot or below were abandoned, as it was when the reorg was first told. */
  crosses_justified: boolean | null;
  /** A header corrected an inferred parent, and this reorg turned out not to be one. */
  withdrawn: boolean;
};

export const reorgDataset: RecordDataset = {
  kind: "index",
  name: "reorg",
  title: "Reorgs",
  words: "One document an abandoned branch, computed from parent links over all nodes that left it.",
  columns: [
    { key: "id", name: "ethereum.reorg.first_abandoned", type: "keyword", words: "First abandoned block; the key." },
    { ...slotColumn, words: "Slot of the new head at the earliest switch." },
    {
      key: "depth",
      name: "ethereum.reorg.depth",
      type: "long",
      words: "Abandoned blocks; skipped slots do not count.",
    },
    { key: "nodes", name: "ethereum.reorg.nodes", type: "keyword", list: true, words: "Nodes that switched." },
    { key: "old_head", name: "ethereum.reorg.old_head", type: "keyword", words: "The deepest abandoned head." },
    { key: "new_head", name: "ethereum.reorg.new_head", type: "keyword", words: "New head of the earliest switch." },
    { key: "common_ancestor", name: "ethereum.reorg.common_ancestor", type: "keyword", words: "Last block in common." },
    { key: "at_ms", name: "event.start", type: "date", words: "The earliest switch." },
    {
      key: "abandoned",
      name: "ethereum.reorg.abandoned",
      type: "flattened",
      words: "The abandoned blocks, oldest first.",
    },
    { key: "adopted", name: "ethereum.reorg.adopted", type: "flattened", words: "The blocks adopted instead." },
    { key: "switches", name: "ethereum.reorg.switches", type: "flattened", words: "Which node switched when." },
    { key: "inferred", name: "ethereum.reorg.inferred", type: "boolean", words: "A parent on the way was inferred." },
    {
      key: "depth_hints",
      name: "ethereum.reorg.depth_hints",
      type: "flattened",
      words: "chain_reorg.depth by node: a hint, never believed.",
    },
    {
      key: "crosses_justified",
      name: "ethereum.reorg.crosses_justified",
      type: "boolean",
      words: "It abandoned blocks at or below the slot that was justified (else finalized) when it was first told.",
    },
    {
      key: "withdrawn",
      name: "ethereum.reorg.withdrawn",
      type: "boolean",
      words: "A later header showed it was none.",
    },
  ],
};
