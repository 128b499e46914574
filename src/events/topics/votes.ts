import { z } from "zod";
import { parseJsonExact } from "../../lib/json.ts";
import type { Column } from "../dataset.ts";
import type { Json } from "../document.ts";
import { boolean, bytes, root, signature, uint, versioned } from "../primitives.ts";
import { createSingleVoteReader, type SingleVoteReader } from "../single-vote-bytes.ts";
import {
  attestationData,
  phase0Attestation,
  singleAttestation as singleAttestationSchema,
} from "../spec-objects/attestation.ts";
import { signedContributionAndProof } from "../spec-objects/sync-committee.ts";
import { blockRootColumn, defineTopic, validatorColumn, versionColumn } from "../topic.ts";
import type { SingleVote, VoteData } from "../vote.ts";

const voteColumns: readonly Column[] = [
  { name: "ethereum.committee.index", type: "long", words: "Committee, where the vote is of one." },
  { name: "ethereum.vote.index", type: "long", words: "index of the attestation's data; 0 from Electra on." },
  { name: "ethereum.vote.head", type: "keyword", words: "Block voted for as head." },
  { name: "ethereum.vote.source.epoch", type: "unsigned_long", words: "Epoch of the source checkpoint." },
  { name: "ethereum.vote.source.root", type: "keyword", words: "Root of the source checkpoint." },
  { name: "ethereum.vote.target.epoch", type: "unsigned_long", words: "Epoch of the target checkpoint." },
  { name: "ethereum.vote.target.root", type: "keyword", words: "Root of the target checkpoint." },
];

function voteFields(data: z.output<typeof attestationData>): Record<string, Json> {
  return {
    "ethereum.vote.index": data.index,
    "ethereum.vote.head": data.beacon_block_root,
    "ethereum.vote.source.epoch": data.source.epoch,
    "ethereum.vote.source.root": data.source.root,
    "ethereum.vote.target.epoch": data.target.epoch,
    "ethereum.vote.target.root": data.target.root,
  };
}

/** What an `AttestationData` says. */
function voteDataOf(data: z.output<typeof attestationData>): VoteData {
  return {
    slot: data.slot,
    index: data.index,
    head: data.beacon_block_root,
    sourceEpoch: Number(data.source.epoch),
    sourceRoot: data.source.root,
    targetEpoch: Number(data.target.epoch),
    targetRoot: data.target.root,
  };
}

const readSingle = (vote: z.output<typeof singleAttestationSchema>) => ({
  slot: vote.data.slot,
  vote: { data: voteDataOf(vote.data), committeeIndex: vote.committee_index, validatorIndex: vote.attester_index },
  fields: {
    ...voteFields(vote.data),
    "ethereum.committee.index": vote.committee_index,
    "ethereum.validator.index": vote.attester_index,
  },
});

export const COMMITTEE_FIELD = "ethereum.committee.index";
export const VALIDATOR_FIELD = "ethereum.validator.index";

/** Reads single attestations from bytes; one for each stream. */
export function singleVoteReader(): SingleVoteReader {
  return createSingleVoteReader((json) => {
    const data = dataOf(json);
    return data && { slot: data.slot, vote: voteDataOf(data), fields: voteFields(data) };
  });
}

const textReader = singleVoteReader();

export const singleAttestation = defineTopic({
  topic: "single_attestation",
  title: "Single attestations",
  words: "One validator's vote as gossiped (Electra and later). Kept without its signature.",
  schema: singleAttestationSchema,
  columns: [validatorColumn, ...voteColumns],
  keepsOriginal: false,
  keep: "votes",
  read: readSingle,
  rowFields: [VALIDATOR_FIELD, COMMITTEE_FIELD],
  readText(text) {
    const bytes = Buffer.from(text);
    const { shared, committeeIndex, validatorIndex } = textReader.read(bytes, 0, bytes.length) ? textReader : NOT_READ;
    if (shared === undefined) return undefined;
    const vote: SingleVote = { data: shared.vote, committeeIndex, validatorIndex };
    const fields = { ...shared.fields, [COMMITTEE_FIELD]: committeeIndex, [VALIDATOR_FIELD]: validatorIndex };
    return { slot: shared.slot, vote, fields };
  },
});

const NOT_READ = { shared: undefined, committeeIndex: 0, validatorIndex: 0 };

/** An `AttestationData` from its JSON; undefined when it is none. */
function dataOf(json: string): z.output<typeof attestationData> | undefined {
  try {
    return attestationData.safeParse(parseJsonExact(json)).data;
  } catch {
    return undefined;
  }
}

export const attestation = defineTopic({
  topic: "attestation",
  title: "Attestations",
  words: "A vote or an aggregate of votes. Some clients send single attestations here: those carry a validator.",
  schema: z.union([phase0Attestation.extend({ committee_bits: bytes.optional() }), singleAttestationSchema]),
  columns: [
    validatorColumn,
    ...voteColumns,
    { name: "ethereum.aggregation_bits", type: "keyword", words: "Bits of the committee members that voted." },
    { name: "ethereum.committee_bits", type: "keyword", words: "Committees of the aggregate (Electra and later)." },
  ],
  keepsOriginal: false,
  keep: "votes",
  read: (vote) =>
    "attester_index" in vote
      ? readSingle(vote)
      : {
          slot: vote.data.slot,
          vote: {
            data: voteDataOf(vote.data),
            aggregationBits: vote.aggregation_bits,
            committeeBits: vote.committee_bits,
          },
          fields: {
            ...voteFields(vote.data),
            "ethereum.aggregation_bits": vote.aggregation_bits,
            "ethereum.committee_bits": vote.committee_bits,
          },
        },
});

export const contributionAndProof = defineTopic({
  topic: "contribution_and_proof",
  title: "Sync committee contributions",
  words: "A signed contribution of a sync subcommittee. Kept without its signatures.",
  schema: signedContributionAndProof,
  columns: [
    validatorColumn,
    blockRootColumn,
    { name: "ethereum.subcommittee.index", type: "long", words: "Sync subcommittee." },
    { name: "ethereum.aggregation_bits", type: "keyword", words: "Bits of the subcommittee members that signed." },
  ],
  keepsOriginal: false,
  keep: "votes",
  read: ({ message: { aggregator_index, contribution } }) => ({
    slot: contribution.slot,
    fields: {
      "ethereum.validator.index": aggregator_index,
      "ethereum.block.root": contribution.beacon_block_root,
      "ethereum.subcommittee.index": contribution.subcommittee_index,
      "ethereum.aggregation_bits": contribution.aggregation_bits,
    },
  }),
});

export const payloadAttestationMessage = defineTopic({
  topic: "payload_attestation_message",
  title: "Payload attestations",
  words: "A payload timeliness committee member's vote (Gloas). Kept without its signature.",
  schema: versioned(
    z.object({
      validator_index: uint,
      data: z.object({ beacon_block_root: root, slot: uint, payload_present: boolean, blob_data_available: boolean }),
      signature,
    }),
  ),
  columns: [
    validatorColumn,
    blockRootColumn,
    { name: "ethereum.payload.present", type: "boolean", words: "The member saw the payload in time." },
    { name: "ethereum.payload.blob_data_available", type: "boolean", words: "The member saw the blob data in time." },
    versionColumn,
  ],
  keepsOriginal: false,
  keep: "votes",
  read: ({ version, data: { validator_index, data } }) => ({
    slot: data.slot,
    fields: {
      "ethereum.validator.index": validator_index,
      "ethereum.block.root": data.beacon_block_root,
      "ethereum.payload.present": data.payload_present,
      "ethereum.payload.blob_data_available": data.blob_data_available,
      "ethereum.version": version,
    },
  }),
});
