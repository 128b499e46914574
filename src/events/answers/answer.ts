import type { z } from "zod";
import type { BlockBody } from "../block/block-body.ts";
import type { Column, StreamDataset } from "../dataset.ts";
import type { Json } from "../document.ts";

export type HeaderAnswer = {
  root: string;
  slot: number;
  proposerIndex: number;
  parentRoot: string;
  isHead: boolean;
};

/** What one REST answer says, read. */
export type Answer =
  | ({ kind: "header" } & HeaderAnswer)
  | ({ kind: "block"; body: BlockBody } & HeaderAnswer)
  | { kind: "duties"; epoch: number; dependentRoot: string | null; proposers: ReadonlyMap<number, number> }
  | { kind: "checkpoints"; justifiedEpoch: number; finalizedEpoch: number }
  | { kind: "syncing"; headSlot: number; isSyncing: boolean }
  | { kind: "peers"; connected: number }
  | { kind: "version"; version: string }
  | { kind: "identity"; peerId: string; custodyGroups: number | undefined };

export type AnswerReading = {
  answer: Answer;
  fields: Readonly<Record<string, Json | undefined>>;
  /** The slot that the answer is about, where it is about one. */
  slot?: number;
};

/** One kind of REST answer: which paths it has, and how it is read. */
export type AnswerDataset = StreamDataset & {
  source: "rest";
  pattern: RegExp;
  parse(body: unknown, match: RegExpExecArray): z.ZodSafeParseResult<AnswerReading>;
};

const nodeColumns: readonly Column[] = [
  { name: "observer.name", type: "keyword", words: "Name of the node." },
  { name: "observer.product", type: "keyword", words: "Client family of the node." },
  { name: "observer.version", type: "keyword", words: "Client version of the node." },
];

/** Describes one kind of answer: its columns are the node's and its own. */
export function defineAnswer<S extends z.ZodType>(answer: {
  name: string;
  title: string;
  words: string;
  pattern: RegExp;
  columns: readonly Column[];
  schema: S;
  read(body: z.output<S>, match: RegExpExecArray): AnswerReading;
}): AnswerDataset {
  const { schema, read, columns, ...rest } = answer;
  return {
    kind: "stream",
    source: "rest",
    keep: "raw",
    ...rest,
    columns: [...nodeColumns, ...columns],
    parse(body, match) {
      const parsed = schema.safeParse(body);
      return parsed.success
        ? { success: true, data: read(parsed.data, match) }
        : (parsed as z.ZodSafeParseError<never>);
    },
  };
}
