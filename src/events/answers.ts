import { z } from "zod";
import type { Column, StreamDataset } from "./dataset.ts";
import type { Json } from "./document.ts";
import { boolean, root, uint, uint64 } from "./primitives.ts";

/** What one REST answer says, read. */
export type Answer =
  | { kind: "header"; root: string; slot: number; proposerIndex: number; parentRoot: string; isHead: boolean }
  | { kind: "duties"; epoch: number; dependentRoot: string | null; proposers: ReadonlyMap<number, number> }
  | { kind: "checkpoints"; justifiedEpoch: number; finalizedEpoch: number }
  | { kind: "syncing"; headSlot: number; isSyncing: boolean }
  | { kind: "peers"; connected: number }
  | { kind: "version"; version: string }
  | { kind: "identity"; peerId: string };

export type AnswerReading = {
  answer: Answer;
  fields: Readonly<Record<string, Json | undefined>>;
  /** The slot that the answer is about, where it is about one. */
  slot?: number;
};

/** One kind of REST answer: which paths it has, and how it is read. */
type AnswerDataset = StreamDataset & {
  source: "rest";
  pattern: RegExp;
  parse(body: unknown, match: RegExpExecArray): z.ZodSafeParseResult<AnswerReading>;
};

const nodeColumns: readonly Column[] = [
  { name: "observer.name", type: "keyword", words: "Name of the node." },
  { name: "observer.product", type: "keyword", words: "Client family of the node." },
  { name: "observer.version", type: "keyword", words: "Client version of the node." },
];

function defineAnswer<S extends z.ZodType>(answer: {
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

const slotColumn: Column = { name: "ethereum.slot", type: "long", words: "Slot of the block." };
const rootColumn: Column = { name: "ethereum.block.root", type: "keyword", words: "Block root." };
const proposerColumn: Column = { name: "ethereum.proposer_index", type: "long", words: "Validator that proposed." };
const parentColumn: Column = { name: "ethereum.block.parent_root", type: "keyword", words: "Root of the parent." };

const headerMessage = z.object({ slot: uint, proposer_index: uint, parent_root: root });

function headerReading(message: z.output<typeof headerMessage>, blockRoot: string, isHead: boolean): AnswerReading {
  return {
    slot: message.slot,
    answer: {
      kind: "header",
      root: blockRoot,
      slot: message.slot,
      proposerIndex: message.proposer_index,
      parentRoot: message.parent_root,
      isHead,
    },
    fields: {
      "ethereum.slot": message.slot,
      "ethereum.block.root": blockRoot,
      "ethereum.proposer_index": message.proposer_index,
      "ethereum.block.parent_root": message.parent_root,
    },
  };
}

const header = defineAnswer({
  name: "ethereum.header",
  title: "Block headers",
  words: "A block's header as a node answered it: the source of parent links and proposers.",
  pattern: /^\/eth\/v1\/beacon\/headers\/([^/?]+)$/,
  columns: [slotColumn, rootColumn, proposerColumn, parentColumn],
  schema: z.object({ data: z.object({ root, header: z.object({ message: headerMessage }) }) }),
  read: ({ data }, match) => headerReading(data.header.message, data.root, match[1] === "head"),
});

const blockBody = defineAnswer({
  name: "ethereum.block_body",
  title: "Blocks",
  words: "A block as a node answered it; now read for its header alone.",
  pattern: /^\/eth\/v2\/beacon\/blocks\/(0x[0-9a-fA-F]{64})$/,
  columns: [slotColumn, rootColumn, proposerColumn, parentColumn],
  schema: z.object({ data: z.object({ message: headerMessage }) }),
  read: ({ data }, match) => headerReading(data.message, (match[1] ?? "").toLowerCase(), false),
});

const duty = defineAnswer({
  name: "ethereum.proposer_duty",
  title: "Proposer duties",
  words: "Who has to propose in an epoch, for one dependent root.",
  pattern: /^\/eth\/v[12]\/validator\/duties\/proposer\/(\d+)$/,
  columns: [
    { name: "ethereum.epoch", type: "long", words: "Epoch of the duties." },
    { name: "ethereum.duty.dependent_root", type: "keyword", words: "Block on which the duties depend." },
    { name: "ethereum.duty.proposers", type: "flattened", words: "Validator index by slot." },
  ],
  schema: z.object({
    dependent_root: root.optional(),
    data: z.array(z.object({ validator_index: uint, slot: uint })),
  }),
  read(body, match) {
    const epoch = Number(match[1]);
    const proposers = new Map(body.data.map((item) => [item.slot, item.validator_index]));
    return {
      answer: { kind: "duties", epoch, dependentRoot: body.dependent_root ?? null, proposers },
      fields: {
        "ethereum.epoch": epoch,
        "ethereum.duty.dependent_root": body.dependent_root,
        "ethereum.duty.proposers": Object.fromEntries(proposers),
      },
    };
  },
});

const checkpointAnswer = z.object({ epoch: uint, root });

const checkpoints = defineAnswer({
  name: "ethereum.checkpoint",
  title: "Finality checkpoints",
  words: "Justified and finalized checkpoints of a node's head state.",
  pattern: /^\/eth\/v1\/beacon\/states\/head\/finality_checkpoints$/,
  columns: [
    { name: "ethereum.justified_epoch", type: "long", words: "Current justified epoch." },
    { name: "ethereum.justified_root", type: "keyword", words: "Current justified root." },
    { name: "ethereum.finalized_epoch", type: "long", words: "Finalized epoch." },
    { name: "ethereum.finalized_root", type: "keyword", words: "Finalized root." },
  ],
  schema: z.object({ data: z.object({ current_justified: checkpointAnswer, finalized: checkpointAnswer }) }),
  read: ({ data }) => ({
    answer: {
      kind: "checkpoints",
      justifiedEpoch: data.current_justified.epoch,
      finalizedEpoch: data.finalized.epoch,
    },
    fields: {
      "ethereum.justified_epoch": data.current_justified.epoch,
      "ethereum.justified_root": data.current_justified.root,
      "ethereum.finalized_epoch": data.finalized.epoch,
      "ethereum.finalized_root": data.finalized.root,
    },
  }),
});

const syncing = defineAnswer({
  name: "ethereum.node_syncing",
  title: "Sync status of nodes",
  words: "Whether a node is syncing, and the head it has.",
  pattern: /^\/eth\/v1\/node\/syncing$/,
  columns: [
    { name: "ethereum.head_slot", type: "long", words: "Slot of the node's head." },
    { name: "ethereum.sync_distance", type: "unsigned_long", words: "Slots the node is behind." },
    { name: "ethereum.syncing", type: "boolean", words: "The node is syncing." },
    { name: "ethereum.execution_optimistic", type: "boolean", words: "Its head's payload is not verified." },
    { name: "ethereum.execution_offline", type: "boolean", words: "Its execution client does not answer." },
  ],
  schema: z.object({
    data: z.object({
      head_slot: uint,
      sync_distance: uint64.optional(),
      is_syncing: boolean,
      is_optimistic: boolean.optional(),
      el_offline: boolean.optional(),
    }),
  }),
  read: ({ data }) => ({
    answer: { kind: "syncing", headSlot: data.head_slot, isSyncing: data.is_syncing },
    fields: {
      "ethereum.head_slot": data.head_slot,
      "ethereum.sync_distance": data.sync_distance,
      "ethereum.syncing": data.is_syncing,
      "ethereum.execution_optimistic": data.is_optimistic,
      "ethereum.execution_offline": data.el_offline,
    },
  }),
});

const peerCount = defineAnswer({
  name: "ethereum.node_peers",
  title: "Peer counts of nodes",
  words: "How many peers a node has.",
  pattern: /^\/eth\/v1\/node\/peer_count$/,
  columns: [{ name: "ethereum.peers.connected", type: "long", words: "Connected peers." }],
  schema: z.object({ data: z.object({ connected: uint }) }),
  read: ({ data }) => ({
    answer: { kind: "peers", connected: data.connected },
    fields: { "ethereum.peers.connected": data.connected },
  }),
});

const version = defineAnswer({
  name: "ethereum.node_version",
  title: "Versions of nodes",
  words: "The client and version a node says it is.",
  pattern: /^\/eth\/v1\/node\/version$/,
  columns: [{ name: "ethereum.node.version", type: "keyword", words: "The version string as told." }],
  schema: z.object({ data: z.object({ version: z.string() }) }),
  read: ({ data }) => ({
    answer: { kind: "version", version: data.version },
    fields: { "ethereum.node.version": data.version },
  }),
});

const identity = defineAnswer({
  name: "ethereum.node_identity",
  title: "Identities of nodes",
  words: "A node's identity in the peer-to-peer network.",
  pattern: /^\/eth\/v1\/node\/identity$/,
  columns: [
    { name: "ethereum.node.peer_id", type: "keyword", words: "Peer id." },
    { name: "ethereum.node.enr", type: "keyword", words: "Ethereum node record." },
  ],
  schema: z.object({ data: z.object({ peer_id: z.string(), enr: z.string().optional() }) }),
  read: ({ data }) => ({
    answer: { kind: "identity", peerId: data.peer_id },
    fields: { "ethereum.node.peer_id": data.peer_id, "ethereum.node.enr": data.enr },
  }),
});

export const answerDatasets: readonly AnswerDataset[] = [
  header,
  blockBody,
  duty,
  checkpoints,
  syncing,
  peerCount,
  version,
  identity,
];

/** The dataset of a REST path, or undefined for an answer that nothing reads yet. */
export function answerOf(path: string): { dataset: AnswerDataset; match: RegExpExecArray } | undefined {
  for (const dataset of answerDatasets) {
    const match = dataset.pattern.exec(path);
    if (match !== null) return { dataset, match };
  }
  return undefined;
}
