import { z } from "zod";
import { boolean, kzgCommitment, root, uint, uint64 } from "../primitives.ts";
import { blockRootColumn, defineTopic, optimisticColumn, stateRootColumn, versionColumn } from "../topic.ts";

const dependentRoots = [
  { name: "ethereum.duty.previous_dependent_root", type: "keyword", words: "Dependent root of the current epoch." },
  { name: "ethereum.duty.current_dependent_root", type: "keyword", words: "Dependent root of the next epoch." },
] as const;

const epochTransition = {
  name: "ethereum.epoch_transition",
  type: "boolean",
  words: "The head crossed into a new epoch.",
} as const;

export const head = defineTopic({
  topic: "head",
  title: "Heads",
  words: "The node's fork choice selected a new head.",
  schema: z.object({
    slot: uint,
    block: root,
    state: root,
    epoch_transition: boolean,
    previous_duty_dependent_root: root.optional(),
    current_duty_dependent_root: root.optional(),
    execution_optimistic: boolean.optional(),
  }),
  columns: [blockRootColumn, stateRootColumn, epochTransition, ...dependentRoots, optimisticColumn],
  read: (data) => ({
    slot: data.slot,
    identity: data.block,
    root: data.block,
    fields: {
      "ethereum.block.root": data.block,
      "ethereum.state.root": data.state,
      "ethereum.epoch_transition": data.epoch_transition,
      "ethereum.duty.previous_dependent_root": data.previous_duty_dependent_root,
      "ethereum.duty.current_dependent_root": data.current_duty_dependent_root,
      "ethereum.execution_optimistic": data.execution_optimistic,
    },
  }),
});

export const headV2 = defineTopic({
  topic: "head_v2",
  title: "Heads, second form",
  words: "The node selected a new head; sent again when its payload turns from empty to full.",
  schema: z.object({
    version: z.string(),
    data: z.object({
      slot: uint,
      block: root,
      state: root,
      payload_status: z.enum(["empty", "full"]),
      epoch_transition: boolean,
      current_epoch_dependent_root: root.optional(),
      next_epoch_dependent_root: root.optional(),
      execution_optimistic: boolean.optional(),
    }),
  }),
  columns: [
    blockRootColumn,
    stateRootColumn,
    { name: "ethereum.payload_status", type: "keyword", words: "empty or full." },
    epochTransition,
    ...dependentRoots,
    optimisticColumn,
    versionColumn,
  ],
  read: ({ version, data }) => ({
    slot: data.slot,
    identity: `${data.block}/${data.payload_status}`,
    root: data.block,
    fields: {
      "ethereum.block.root": data.block,
      "ethereum.state.root": data.state,
      "ethereum.payload_status": data.payload_status,
      "ethereum.epoch_transition": data.epoch_transition,
      "ethereum.duty.previous_dependent_root": data.current_epoch_dependent_root,
      "ethereum.duty.current_dependent_root": data.next_epoch_dependent_root,
      "ethereum.execution_optimistic": data.execution_optimistic,
      "ethereum.version": version,
    },
  }),
});

export const block = defineTopic({
  topic: "block",
  title: "Imported blocks",
  words: "The node imported a block.",
  schema: z.object({ slot: uint, block: root, execution_optimistic: boolean.optional() }),
  columns: [blockRootColumn, optimisticColumn],
  read: (data) => ({
    slot: data.slot,
    identity: data.block,
    root: data.block,
    fields: { "ethereum.block.root": data.block, "ethereum.execution_optimistic": data.execution_optimistic },
  }),
});

export const blockGossip = defineTopic({
  topic: "block_gossip",
  title: "Gossiped blocks",
  words: "The node received a block that passed gossip validation; earlier than its import.",
  schema: z.object({ slot: uint, block: root }),
  columns: [blockRootColumn],
  read: (data) => ({
    slot: data.slot,
    identity: data.block,
    root: data.block,
    fields: { "ethereum.block.root": data.block },
  }),
});

export const chainReorg = defineTopic({
  topic: "chain_reorg",
  title: "Reorgs as the nodes tell them",
  words: "The node says that it reorganised. Clients count depth differently: a hint, never believed.",
  schema: z.object({
    slot: uint,
    // Caplin sends an underflow, others null: the depth is only a hint and must not cost the event.
    depth: uint64.nullish(),
    old_head_block: root,
    new_head_block: root,
    old_head_state: root.nullish(),
    new_head_state: root.nullish(),
    epoch: uint.optional(),
    execution_optimistic: boolean.optional(),
  }),
  columns: [
    { name: "ethereum.reorg.depth_hint", type: "unsigned_long", words: "Depth as the node told it." },
    { name: "ethereum.reorg.old_head", type: "keyword", words: "The head that was left." },
    { name: "ethereum.reorg.new_head", type: "keyword", words: "The head that was taken." },
    optimisticColumn,
  ],
  read: (data) => ({
    slot: data.slot,
    identity: `${data.old_head_block}/${data.new_head_block}`,
    fields: {
      "ethereum.reorg.depth_hint": data.depth ?? null,
      "ethereum.reorg.old_head": data.old_head_block,
      "ethereum.reorg.new_head": data.new_head_block,
      "ethereum.execution_optimistic": data.execution_optimistic,
    },
  }),
});

export const finalizedCheckpoint = defineTopic({
  topic: "finalized_checkpoint",
  title: "Finalized checkpoints",
  words: "The node finalized a checkpoint. Clients fill block and state differently: only the epoch is relied on.",
  schema: z.object({ block: root, state: root.optional(), epoch: uint, execution_optimistic: boolean.optional() }),
  columns: [
    { name: "ethereum.finalized_epoch", type: "long", words: "The finalized epoch." },
    blockRootColumn,
    stateRootColumn,
    optimisticColumn,
  ],
  read: (data) => ({
    identity: `${data.epoch}/${data.block}`,
    fields: {
      "ethereum.finalized_epoch": data.epoch,
      "ethereum.block.root": data.block,
      "ethereum.state.root": data.state,
      "ethereum.execution_optimistic": data.execution_optimistic,
    },
  }),
});

export const fastConfirmation = defineTopic({
  topic: "fast_confirmation",
  title: "Fast confirmations",
  words: "The node's fast confirmation rule ran; tells the most recent confirmed block.",
  schema: z.object({ block: root, slot: uint, current_slot: uint }),
  columns: [blockRootColumn, { name: "ethereum.confirmed_slot", type: "long", words: "Slot of the confirmed block." }],
  read: (data) => ({
    slot: data.current_slot,
    identity: `${data.current_slot}/${data.block}`,
    fields: { "ethereum.block.root": data.block, "ethereum.confirmed_slot": data.slot },
  }),
});

const columnIndex = { name: "ethereum.column.index", type: "long", words: "Index of the data column." } as const;
const blobIndex = { name: "ethereum.blob.index", type: "long", words: "Index of the blob." } as const;

export const dataColumnSidecar = defineTopic({
  topic: "data_column_sidecar",
  title: "Data columns",
  words: "The node received a data column sidecar that passed validation (Fulu and later).",
  schema: z.object({ block_root: root, index: uint, slot: uint, kzg_commitments: z.array(kzgCommitment).optional() }),
  columns: [
    blockRootColumn,
    columnIndex,
    { name: "ethereum.blob.count", type: "long", words: "KZG commitments, where the node tells them." },
  ],
  keepsOriginal: false,
  keep: "votes",
  read: (data) => ({
    slot: data.slot,
    identity: `${data.block_root}/${data.index}`,
    fields: {
      "ethereum.block.root": data.block_root,
      "ethereum.column.index": data.index,
      "ethereum.blob.count": data.kzg_commitments?.length,
    },
  }),
});

export const blobSidecar = defineTopic({
  topic: "blob_sidecar",
  title: "Blob sidecars",
  words: "The node received a blob sidecar (Deneb and Electra; no longer in the specification).",
  schema: z.object({ block_root: root, index: uint, slot: uint, kzg_commitment: kzgCommitment, versioned_hash: root }),
  columns: [
    blockRootColumn,
    blobIndex,
    { name: "ethereum.blob.versioned_hash", type: "keyword", words: "Versioned hash of the blob." },
  ],
  read: (data) => ({
    slot: data.slot,
    identity: `${data.block_root}/${data.index}`,
    fields: {
      "ethereum.block.root": data.block_root,
      "ethereum.blob.index": data.index,
      "ethereum.blob.versioned_hash": data.versioned_hash,
    },
  }),
});
