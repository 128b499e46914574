import { z } from "zod";
import { boolean, executionAddress, kzgCommitment, root, signature, uint, uint64, versioned } from "../primitives.ts";
import { withdrawal } from "../spec-objects/withdrawal.ts";
import { blockRootColumn, defineTopic, optimisticColumn, validatorColumn, versionColumn } from "../topic.ts";

const builderColumn = {
  name: "ethereum.builder.index",
  type: "unsigned_long",
  words: "Index of the builder.",
} as const;
const blockHashColumn = {
  name: "ethereum.payload.block_hash",
  type: "keyword",
  words: "Hash of the execution block.",
} as const;
const parentRootColumn = {
  name: "ethereum.block.parent_root",
  type: "keyword",
  words: "Root of the parent beacon block.",
} as const;

export const payloadAttributes = defineTopic({
  topic: "payload_attributes",
  title: "Payload attributes",
  words: "The node told its execution client what to build on for the coming slot.",
  schema: versioned(
    z.object({
      proposer_index: uint,
      proposal_slot: uint,
      parent_block_number: uint64.optional(),
      parent_block_root: root,
      parent_block_hash: root,
      payload_attributes: z.object({
        timestamp: uint64,
        prev_randao: root,
        suggested_fee_recipient: executionAddress,
        withdrawals: z.array(withdrawal).optional(),
        parent_beacon_block_root: root.optional(),
      }),
    }),
  ),
  columns: [
    { name: "ethereum.proposer_index", type: "long", words: "Validator that has to propose." },
    parentRootColumn,
    { name: "ethereum.payload.parent_block_number", type: "unsigned_long", words: "Number of the parent block." },
    { name: "ethereum.payload.parent_block_hash", type: "keyword", words: "Hash of the parent execution block." },
    { name: "ethereum.payload.withdrawals", type: "long", words: "Withdrawals to include." },
    versionColumn,
  ],
  read: ({ version, data }) => ({
    slot: data.proposal_slot,
    fields: {
      "ethereum.proposer_index": data.proposer_index,
      "ethereum.block.parent_root": data.parent_block_root,
      "ethereum.payload.parent_block_number": data.parent_block_number,
      "ethereum.payload.parent_block_hash": data.parent_block_hash,
      "ethereum.payload.withdrawals": data.payload_attributes.withdrawals?.length,
      "ethereum.version": version,
    },
  }),
});

const envelopeFields = {
  slot: uint,
  builder_index: uint64,
  block_hash: root,
  block_root: root,
};

export const executionPayload = defineTopic({
  topic: "execution_payload",
  title: "Imported execution payloads",
  words: "The node imported an execution payload (Gloas).",
  schema: z.object({ ...envelopeFields, execution_optimistic: boolean.optional() }),
  columns: [blockRootColumn, builderColumn, blockHashColumn, optimisticColumn],
  read: (data) => ({
    slot: data.slot,
    identity: `${data.block_root}/${data.block_hash}`,
    fields: {
      "ethereum.block.root": data.block_root,
      "ethereum.builder.index": data.builder_index,
      "ethereum.payload.block_hash": data.block_hash,
      "ethereum.execution_optimistic": data.execution_optimistic,
    },
  }),
});

export const executionPayloadGossip = defineTopic({
  topic: "execution_payload_gossip",
  title: "Gossiped execution payloads",
  words: "The node received an execution payload that passed gossip validation (Gloas).",
  schema: z.object(envelopeFields),
  columns: [blockRootColumn, builderColumn, blockHashColumn],
  read: (data) => ({
    slot: data.slot,
    identity: `${data.block_root}/${data.block_hash}`,
    fields: {
      "ethereum.block.root": data.block_root,
      "ethereum.builder.index": data.builder_index,
      "ethereum.payload.block_hash": data.block_hash,
    },
  }),
});

export const executionPayloadAvailable = defineTopic({
  topic: "execution_payload_available",
  title: "Available execution payloads",
  words: "Payload and blobs are available and may be attested to (Gloas).",
  schema: z.object({ slot: uint, block_root: root }),
  columns: [blockRootColumn],
  read: (data) => ({
    slot: data.slot,
    identity: data.block_root,
    fields: { "ethereum.block.root": data.block_root },
  }),
});

export const executionPayloadBid = defineTopic({
  topic: "execution_payload_bid",
  title: "Execution payload bids",
  words: "The node received a builder's bid (Gloas).",
  schema: versioned(
    z.object({
      message: z.object({
        parent_block_hash: root,
        parent_block_root: root,
        block_hash: root,
        builder_index: uint64,
        slot: uint,
        value: uint64,
        execution_payment: uint64.optional(),
        gas_limit: uint64.optional(),
        fee_recipient: executionAddress.optional(),
        blob_kzg_commitments: z.array(kzgCommitment).optional(),
      }),
      signature,
    }),
  ),
  columns: [
    builderColumn,
    blockHashColumn,
    parentRootColumn,
    { name: "ethereum.bid.value_gwei", type: "unsigned_long", words: "Value of the bid, Gwei." },
    { name: "ethereum.blob.count", type: "long", words: "Blob commitments of the bid." },
    versionColumn,
  ],
  read: ({ version, data: { message } }) => ({
    slot: message.slot,
    identity: `${message.builder_index}/${message.slot}/${message.block_hash}`,
    fields: {
      "ethereum.builder.index": message.builder_index,
      "ethereum.payload.block_hash": message.block_hash,
      "ethereum.block.parent_root": message.parent_block_root,
      "ethereum.bid.value_gwei": message.value,
      "ethereum.blob.count": message.blob_kzg_commitments?.length,
      "ethereum.version": version,
    },
  }),
});

export const proposerPreferences = defineTopic({
  topic: "proposer_preferences",
  title: "Proposer preferences",
  words: "A proposer's wishes for a coming slot (Gloas).",
  schema: versioned(
    z.object({
      message: z.object({
        dependent_root: root.optional(),
        proposal_slot: uint,
        validator_index: uint,
        fee_recipient: executionAddress,
        target_gas_limit: uint64.optional(),
        gas_limit: uint64.optional(),
      }),
      signature,
    }),
  ),
  columns: [
    validatorColumn,
    { name: "ethereum.proposal.slot", type: "long", words: "Slot the wishes are for." },
    { name: "ethereum.proposal.gas_limit", type: "unsigned_long", words: "Gas limit that the proposer wants." },
    versionColumn,
  ],
  read: ({ version, data: { message } }) => ({
    identity: `${message.validator_index}/${message.proposal_slot}`,
    fields: {
      "ethereum.validator.index": message.validator_index,
      "ethereum.proposal.slot": message.proposal_slot,
      "ethereum.proposal.gas_limit": message.target_gas_limit ?? message.gas_limit,
      "ethereum.version": version,
    },
  }),
});
