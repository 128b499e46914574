import { z } from "zod";
import { attestationData, bytes, root, signature, uint, uint64 } from "../primitives.ts";
import { defineTopic, validatorColumn } from "../topic.ts";

export const voluntaryExit = defineTopic({
  topic: "voluntary_exit",
  title: "Voluntary exits",
  words: "The node accepted a voluntary exit into its pool.",
  schema: z.object({ message: z.object({ epoch: uint64, validator_index: uint }), signature }),
  columns: [
    validatorColumn,
    { name: "ethereum.exit.epoch", type: "unsigned_long", words: "Earliest epoch of the exit." },
  ],
  read: ({ message }) => ({
    identity: String(message.validator_index),
    fields: { "ethereum.validator.index": message.validator_index, "ethereum.exit.epoch": message.epoch },
  }),
});

export const blsToExecutionChange = defineTopic({
  topic: "bls_to_execution_change",
  title: "BLS to execution changes",
  words: "The node accepted a change of withdrawal credentials into its pool.",
  schema: z.object({
    message: z.object({ validator_index: uint, from_bls_pubkey: bytes, to_execution_address: bytes }),
    signature,
  }),
  columns: [
    validatorColumn,
    { name: "ethereum.withdrawal.address", type: "keyword", words: "The new execution address." },
  ],
  read: ({ message }) => ({
    identity: String(message.validator_index),
    fields: {
      "ethereum.validator.index": message.validator_index,
      "ethereum.withdrawal.address": message.to_execution_address.toLowerCase(),
    },
  }),
});

export const signedHeader = z.object({
  message: z.object({ slot: uint, proposer_index: uint, parent_root: root, state_root: root, body_root: root }),
  signature,
});

export const proposerSlashing = defineTopic({
  topic: "proposer_slashing",
  title: "Proposer slashings",
  words: "The node saw proof that a proposer signed two blocks for one slot.",
  schema: z.object({ signed_header_1: signedHeader, signed_header_2: signedHeader }),
  columns: [
    validatorColumn,
    { name: "ethereum.slashing.slot", type: "long", words: "Slot of the two headers." },
    { name: "ethereum.slashing.parent_roots", type: "keyword", list: true, words: "Parents of the two headers." },
    { name: "ethereum.slashing.body_roots", type: "keyword", list: true, words: "Bodies of the two headers." },
  ],
  read: ({ signed_header_1: { message: first }, signed_header_2: { message: second } }) => ({
    identity: `${first.proposer_index}/${first.slot}`,
    fields: {
      "ethereum.validator.index": first.proposer_index,
      "ethereum.slashing.slot": first.slot,
      "ethereum.slashing.parent_roots": [first.parent_root, second.parent_root],
      "ethereum.slashing.body_roots": [first.body_root, second.body_root],
    },
  }),
});

export const indexedAttestation = z.object({ attesting_indices: z.array(uint), data: attestationData, signature });

export const attesterSlashing = defineTopic({
  topic: "attester_slashing",
  title: "Attester slashings",
  words: "The node saw proof that validators voted twice; who is slashed is the intersection of both votes.",
  schema: z.object({ attestation_1: indexedAttestation, attestation_2: indexedAttestation }),
  columns: [
    { name: "ethereum.slashing.validators", type: "long", list: true, words: "Validators in both votes." },
    { name: "ethereum.slashing.slot", type: "long", words: "Slot of the first vote." },
  ],
  read: ({ attestation_1: first, attestation_2: second }) => {
    const others = new Set(second.attesting_indices);
    const validators = first.attesting_indices.filter((index) => others.has(index));
    return {
      identity: `${first.data.slot}/${first.data.beacon_block_root}/${second.data.beacon_block_root}/${validators.join()}`,
      fields: { "ethereum.slashing.validators": validators, "ethereum.slashing.slot": first.data.slot },
    };
  },
});
