import {
  attesterSlashing as attesterSlashingSchema,
  proposerSlashing as proposerSlashingSchema,
} from "../spec-objects/slashings.ts";
import { signedBlsToExecutionChange, signedVoluntaryExit } from "../spec-objects/validator-operations.ts";
import { defineTopic, validatorColumn } from "../topic.ts";

export const voluntaryExit = defineTopic({
  topic: "voluntary_exit",
  title: "Voluntary exits",
  words: "The node accepted a voluntary exit into its pool.",
  schema: signedVoluntaryExit,
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
  schema: signedBlsToExecutionChange,
  columns: [
    validatorColumn,
    { name: "ethereum.withdrawal.address", type: "keyword", words: "The new execution address." },
  ],
  read: ({ message }) => ({
    identity: String(message.validator_index),
    fields: {
      "ethereum.validator.index": message.validator_index,
      "ethereum.withdrawal.address": message.to_execution_address,
    },
  }),
});

export const proposerSlashing = defineTopic({
  topic: "proposer_slashing",
  title: "Proposer slashings",
  words: "The node saw proof that a proposer signed two blocks for one slot.",
  schema: proposerSlashingSchema,
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

export const attesterSlashing = defineTopic({
  topic: "attester_slashing",
  title: "Attester slashings",
  words: "The node saw proof that validators voted twice; who is slashed is the intersection of both votes.",
  schema: attesterSlashingSchema,
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
