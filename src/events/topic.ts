import type { z } from "zod";
import type { Column, EventReading, Keep, TopicDataset } from "./dataset.ts";

/** Fields that enrichment gives every event of a node's stream. */
export const nodeEventColumns: readonly Column[] = [
  { name: "observer.name", type: "keyword", words: "Name of the node." },
  { name: "observer.product", type: "keyword", words: "Client family of the node." },
  { name: "observer.version", type: "keyword", words: "Client version of the node." },
  { name: "ethereum.slot", type: "long", words: "Slot of the object, or of its arrival where it has none." },
  { name: "ethereum.epoch", type: "long", words: "Epoch of that slot." },
  { name: "ethereum.slot_index", type: "long", words: "Position of the slot in its epoch, from 0." },
  { name: "ethereum.fork", type: "keyword", words: "Fork that is active in that slot." },
  { name: "ethereum.delay_ms", type: "double", words: "Arrival, signed ms from that slot's start." },
  {
    name: "ethereum.seen_order",
    type: "long",
    words: "1 for the first node that told of this object, 2 for the next.",
  },
  { name: "ethereum.echo", type: "boolean", words: "This node had told of this object on this topic before." },
  { name: "ethereum.syncing", type: "boolean", words: "The node was syncing." },
];

const originalColumn: Column = {
  name: "event.original",
  type: "text",
  words: "The event's data as they came.",
};

/** Describes one topic: its columns are those of every event, its own, and the original text unless it is a vote. */
export function defineTopic<S extends z.ZodType>(topic: {
  topic: string;
  title: string;
  words: string;
  schema: S;
  columns: readonly Column[];
  /** Votes come by the thousand a second: their columns say all but the signature, and the text is not kept. */
  keepsOriginal?: false;
  /** `raw` where nothing else is said. */
  keep?: Keep;
  read(data: z.output<S>): EventReading;
  readText?: TopicDataset["readText"];
  rowFields?: readonly string[];
}): TopicDataset {
  return {
    kind: "stream",
    source: "topic",
    name: `ethereum.${topic.topic}`,
    topic: topic.topic,
    title: topic.title,
    words: topic.words,
    keep: topic.keep ?? "raw",
    schema: topic.schema,
    columns: [...nodeEventColumns, ...topic.columns, ...(topic.keepsOriginal === false ? [] : [originalColumn])],
    read: topic.read,
    ...(topic.readText === undefined ? {} : { readText: topic.readText }),
    ...(topic.rowFields === undefined ? {} : { rowFields: topic.rowFields }),
  };
}

export const keepsOriginal = (dataset: TopicDataset): boolean => dataset.columns.includes(originalColumn);

export const blockRootColumn: Column = { name: "ethereum.block.root", type: "keyword", words: "Block root." };
export const stateRootColumn: Column = { name: "ethereum.state.root", type: "keyword", words: "State root." };
export const optimisticColumn: Column = {
  name: "ethereum.execution_optimistic",
  type: "boolean",
  words: "The execution payload was not verified yet.",
};
export const versionColumn: Column = { name: "ethereum.version", type: "keyword", words: "Fork the object is of." };
export const validatorColumn: Column = {
  name: "ethereum.validator.index",
  type: "long",
  words: "Index of the validator.",
};
