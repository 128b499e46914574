import type { ZodType } from "zod";
import type { Json } from "./document.ts";
import type { AggregateVote, SingleVote } from "./vote.ts";

/** Elasticsearch's field types, as far as the catalogue uses them; `flattened` is a JSON value kept whole. */
export type ColumnType = "keyword" | "long" | "unsigned_long" | "double" | "boolean" | "date" | "flattened" | "text";

/** One field of a dataset. `unsigned_long` values are decimal strings or safe integers. */
export type Column = {
  name: string;
  type: ColumnType;
  /** One short sentence, with the unit. */
  words: string;
  /** The field holds a list of values. */
  list?: boolean;
};

/** How an event's data are read: what identifies it, where it stands on the chain, which columns it fills. */
export type EventReading = {
  slot?: number;
  epoch?: number;
  /** The identity for first-seen reduction: a repeat of (node, topic, identity) is an echo. */
  identity?: string;
  /** The block that the event is about. */
  root?: string;
  /** What a vote says, for whoever counts votes. */
  vote?: SingleVote | AggregateVote;
  fields: Readonly<Record<string, Json | undefined>>;
};

type Described = {
  /** The dataset's name: `ethereum.block` for a stream, `slot` for a derived index. */
  name: string;
  title: string;
  words: string;
  columns: readonly Column[];
};

/** How long documents are kept: votes for hours, other observations for days, what they tell for ever. */
export type Keep = "votes" | "raw" | "ever";

/** Append-only documents, a data stream `logs-<name>-<network>`. */
export type StreamDataset = Described & {
  kind: "stream";
  source: "topic" | "rest" | "own";
  keep: Keep;
  /**
   * Fields that differ from row to row where documents come as a `DocumentBlock`: the store keeps them and the time row
   * by row, and all other fields once.
   */
  rowFields?: readonly string[];
};

/** Documents that are replaced by id, a plain index `ethmon-<name>-<network>`. */
export type IndexDataset = Described & { kind: "index" };

/** A topic of the Beacon API's event stream. */
export type TopicDataset = StreamDataset & {
  source: "topic";
  topic: string;
  schema: ZodType;
  /** Reads parsed data; throws nothing that the schema let pass. */
  read(data: never): EventReading;
  /**
   * A short way for events that come by the thousand: reads their text as schema and `read` would, or leaves it to them
   * by undefined.
   */
  readText?(text: string): EventReading | undefined;
};

export type Dataset = StreamDataset | IndexDataset | TopicDataset;

/** Documents that are replaced are few and are what the others were judged to be: they stay. */
export function keepOf(dataset: Pick<IndexDataset, "kind"> | Pick<StreamDataset, "kind" | "keep">): Keep {
  return dataset.kind === "index" ? "ever" : dataset.keep;
}
