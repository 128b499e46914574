import type { z } from "zod";
import { createChain } from "../../src/chain/chain.ts";
import { readNetwork } from "../../src/collect/beacon-node.ts";
import { answerOf } from "../../src/events/answers/answers.ts";
import { topicDataset } from "../../src/events/catalogue.ts";
import { firstIssue, uint, uint64 } from "../../src/events/primitives.ts";
import {
  attestationData,
  checkpoint,
  indexedAttestation,
  phase0Attestation,
} from "../../src/events/spec-objects/attestation.ts";
import { beaconBlock, beaconBlockBody, signedBeaconBlock } from "../../src/events/spec-objects/block.ts";
import { beaconBlockHeader, signedBeaconBlockHeader } from "../../src/events/spec-objects/block-header.ts";
import { beaconCommittee } from "../../src/events/spec-objects/committee.ts";
import { deposit, depositData, eth1Data } from "../../src/events/spec-objects/deposit.ts";
import { attesterDuty, proposerDuty, syncCommitteeDuty } from "../../src/events/spec-objects/duties.ts";
import {
  bellatrixExecutionPayloadHeader,
  capellaExecutionPayloadHeader,
  denebExecutionPayloadHeader,
} from "../../src/events/spec-objects/execution-payload.ts";
import { finalityCheckpoints } from "../../src/events/spec-objects/finality.ts";
import { forkChoice, forkChoiceNode } from "../../src/events/spec-objects/fork-choice.ts";
import { nodePeer } from "../../src/events/spec-objects/node-peer.ts";
import {
  contributionAndProof,
  syncAggregate,
  syncCommittee,
  syncCommitteeContribution,
} from "../../src/events/spec-objects/sync-committee.ts";
import {
  stateValidator,
  validator,
  validatorBalance,
  validatorStatus,
} from "../../src/events/spec-objects/validator.ts";
import { blsToExecutionChange, voluntaryExit } from "../../src/events/spec-objects/validator-operations.ts";
import { withdrawal } from "../../src/events/spec-objects/withdrawal.ts";
import { isFault } from "../../src/lib/fault.ts";

/** Says in words why an object is refused, or undefined when it is read. Throws nothing, whatever it is given. */
export type Reader = (value: unknown) => string | undefined;

const schema =
  (of: z.ZodType): Reader =>
  (value) => {
    const read = of.safeParse(value);
    return read.success ? undefined : firstIssue(read.error);
  };

/** As an event of that topic: its schema, and what its dataset makes of it. */
const topic =
  (name: string): Reader =>
  (value) => {
    const dataset = topicDataset(name);
    if (dataset === undefined) return `no dataset reads topic ${name}`;
    const read = dataset.schema.safeParse(value);
    if (!read.success) return firstIssue(read.error);
    dataset.read(read.data as never);
    return undefined;
  };

/** As what a node answered to that path; `list` where the API answers with a list of such objects. */
const answer =
  (path: string, shape: "one" | "list" = "one"): Reader =>
  (value) => {
    const found = answerOf(path);
    if (found === undefined) return `no dataset reads ${path}`;
    const read = found.dataset.parse({ data: shape === "list" ? [value] : value }, found.match);
    return read.success ? undefined : firstIssue(read.error);
  };

/** As a record of the event stream: a topic, and its data. */
const anyTopic: Reader = (value) => {
  const { topic: name, data } = (value ?? {}) as { topic?: unknown; data?: unknown };
  return typeof name === "string" ? topic(name)(data) : "topic is missing";
};

const SPEC = { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32" };

/** As the answer that decides which network a node is on. */
const genesis: Reader = (value) => {
  try {
    createChain(readNetwork({ name: "n1", spec: { data: SPEC }, genesis: { data: value } }));
    return undefined;
  } catch (error) {
    if (isFault(error)) return error.message;
    throw error;
  }
};

const fork = (name: keyof typeof beaconBlockBody) => {
  const body = beaconBlockBody[name];
  return {
    body: schema(body),
    block: schema(beaconBlock(body)),
    signedBlock: schema(signedBeaconBlock(body)),
  };
};

/** Who reads which object; where two do (an event, and a part of a block), both have to. */
export const readers: Readonly<Record<string, readonly Reader[]>> = {
  "v1 AttesterDuty": [schema(attesterDuty)],
  "v1 BeaconBlockHeader": [answer("/eth/v1/beacon/headers/head")],
  "v1 BeaconCommittee": [schema(beaconCommittee)],
  "v1 BlobSidecarEvent": [topic("blob_sidecar")],
  "v1 BlockEvent": [topic("block")],
  "v1 BlockGossipEvent": [topic("block_gossip")],
  "v1 ChainReorgEvent": [topic("chain_reorg")],
  "v1 DataColumnSidecarEvent": [topic("data_column_sidecar")],
  "v1 Event": [anyTopic],
  "v1 Finality": [answer("/eth/v1/beacon/states/head/finality_checkpoints"), schema(finalityCheckpoints)],
  "v1 FinalizedCheckpointEvent": [topic("finalized_checkpoint")],
  "v1 ForkChoice": [schema(forkChoice)],
  "v1 ForkChoiceNode": [schema(forkChoiceNode)],
  "v1 Genesis": [genesis],
  "v1 HeadEvent": [topic("head")],
  "v1 NodePeer": [schema(nodePeer)],
  "v1 PayloadAttributesEvent": [topic("payload_attributes")],
  "v1 ProposerDuty": [answer("/eth/v1/validator/duties/proposer/0", "list"), schema(proposerDuty)],
  "v1 SyncCommittee": [schema(syncCommittee)],
  "v1 SyncCommitteeDuty": [schema(syncCommitteeDuty)],
  "v1 SyncState": [answer("/eth/v1/node/syncing")],
  "v1 Validator": [schema(stateValidator)],
  "v1 ValidatorBalance": [schema(validatorBalance)],
  "v1 ValidatorState": [schema(validatorStatus)],
  "phase0 Attestation": [topic("attestation"), schema(phase0Attestation)],
  "phase0 AttestationData": [schema(attestationData)],
  "phase0 AttesterSlashing": [topic("attester_slashing")],
  "phase0 BeaconBlock": [fork("phase0").block],
  "phase0 BeaconBlockBody": [fork("phase0").body],
  "phase0 BeaconBlockHeader": [schema(beaconBlockHeader)],
  "phase0 Checkpoint": [schema(checkpoint)],
  "phase0 Deposit": [schema(deposit)],
  "phase0 DepositData": [schema(depositData)],
  "phase0 ETH1Data": [schema(eth1Data)],
  "phase0 Gwei": [schema(uint64)],
  "phase0 IndexedAttestation": [schema(indexedAttestation)],
  "phase0 ProposerSlashing": [topic("proposer_slashing")],
  "phase0 SignedBeaconBlock": [fork("phase0").signedBlock],
  "phase0 SignedBeaconBlockHeader": [schema(signedBeaconBlockHeader)],
  "phase0 SignedVoluntaryExit": [topic("voluntary_exit")],
  "phase0 Slot": [schema(uint)],
  "phase0 Validator": [schema(validator)],
  "phase0 ValidatorIndex": [schema(uint)],
  "phase0 VoluntaryExit": [schema(voluntaryExit)],
  "altair BeaconBlock": [fork("altair").block],
  "altair BeaconBlockBody": [fork("altair").body],
  "altair ContributionAndProof": [schema(contributionAndProof)],
  "altair SignedBeaconBlock": [fork("altair").signedBlock],
  "altair SignedContributionAndProof": [topic("contribution_and_proof")],
  "altair SyncAggregate": [schema(syncAggregate)],
  "altair SyncCommitteeContribution": [schema(syncCommitteeContribution)],
  "bellatrix BeaconBlock": [fork("bellatrix").block],
  "bellatrix BeaconBlockBody": [fork("bellatrix").body],
  "bellatrix ExecutionPayloadHeader": [schema(bellatrixExecutionPayloadHeader)],
  "bellatrix SignedBeaconBlock": [fork("bellatrix").signedBlock],
  "capella BLSToExecutionChange": [schema(blsToExecutionChange)],
  "capella BeaconBlock": [fork("capella").block],
  "capella ExecutionPayloadHeader": [schema(capellaExecutionPayloadHeader)],
  "capella SignedBLSToExecutionChange": [topic("bls_to_execution_change")],
  "capella SignedBeaconBlock": [fork("capella").signedBlock],
  "capella Withdrawal": [schema(withdrawal)],
  "capella WithdrawalIndex": [schema(uint64)],
  "deneb BeaconBlock": [fork("deneb").block],
  "deneb BlobIndex": [schema(uint)],
  "deneb ExecutionPayloadHeader": [schema(denebExecutionPayloadHeader)],
  "deneb SignedBeaconBlock": [fork("deneb").signedBlock],
  "electra SignedBeaconBlock": [fork("electra").signedBlock],
  "electra SingleAttestation": [topic("single_attestation")],
};

/** Objects that nothing here reads, since no beacon node tells them to a monitor. */
export const leftOut: Readonly<Record<string, string>> = {
  "v1 BeaconCommitteeSelection": "goes from a validator client to its node; a monitor sends nothing",
  "v1 BeaconCommitteeSubscription": "goes from a validator client to its node; a monitor sends nothing",
  "v1 DepositContract":
    "the address of the deposit contract says nothing of what happens in a slot and is not asked for",
  "v1 ProposalPreparation": "goes from a validator client to its node; a monitor sends nothing",
  "v1 SignedValidatorRegistration": "goes from a validator client to its node and on to builders",
  "v1 SyncCommitteeSubscription": "goes from a validator client to its node; a monitor sends nothing",
  "v1 ValidatorRegistration": "goes from a validator client to its node and on to builders",
  "phase0 AggregateAndProof": "goes from a validator client to its node; nodes tell of the aggregate in it alone",
  "phase0 DepositMessage": "is what a depositor signs: it exists as a hash, never on the wire",
  "phase0 Fork": "forks and their epochs are read from config/spec, which names those to come, too",
  "phase0 ForkData": "is what a domain is computed of: it exists as a hash, never on the wire",
  "phase0 PendingAttestation": "lies in states before Altair alone, and states are not asked for",
  "phase0 SignedAggregateAndProof": "goes from a validator client to its node; nodes tell of the aggregate in it alone",
  "altair ParticipationFlags": "lie in states alone, and states are not asked for: they have gigabytes as JSON",
  "altair SyncCommitteeMessage": "goes from a validator client to its node; nodes tell of contributions alone",
  "capella HistoricalSummary": "lies in states alone, and states are not asked for",
  "deneb BlobIdentifier": "is how nodes ask each other for blobs; the API has the index and the root in other objects",
  "deneb KZGCommitmentInclusionProof": "lies in sidecars with their blobs, which are too large to be asked for",
};
