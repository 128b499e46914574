import { alertDataset, deliveryDataset, watchHistoryDataset, watchStateDataset } from "./alert-records.ts";
import { answerDatasets } from "./answers/answers.ts";
import { blockDataset } from "./block/block-record.ts";
import { clockDataset } from "./clock.ts";
import { latencyDataset, nodeEpochDataset, propagationDataset } from "./comparison.ts";
import { copyProgressDataset } from "./copy-progress.ts";
import type { Dataset, TopicDataset } from "./dataset.ts";
import { epochDataset, gapDataset, nodeSlotDataset, slotDataset, streamDataset } from "./derived.ts";
import { dutyDataset, validatorEpochDataset } from "./duty-records.ts";
import { committeesDataset, validatorSetDataset } from "./epoch-answers.ts";
import { foreignIndexDataset } from "./foreign-index.ts";
import { monitorDataset } from "./monitor.ts";
import { quarantineDataset } from "./quarantine.ts";
import { reorgDataset } from "./reorg.ts";
import { savedDataset } from "./saved.ts";
import { slashingDataset } from "./slashing-record.ts";
import {
  blobSidecar,
  block,
  blockGossip,
  chainReorg,
  dataColumnSidecar,
  fastConfirmation,
  finalizedCheckpoint,
  head,
  headV2,
} from "./topics/blocks.ts";
import { lightClientFinalityUpdate, lightClientOptimisticUpdate } from "./topics/light-client.ts";
import { attesterSlashing, blsToExecutionChange, proposerSlashing, voluntaryExit } from "./topics/operations.ts";
import {
  executionPayload,
  executionPayloadAvailable,
  executionPayloadBid,
  executionPayloadGossip,
  payloadAttributes,
  proposerPreferences,
} from "./topics/payloads.ts";
import { attestation, contributionAndProof, payloadAttestationMessage, singleAttestation } from "./topics/votes.ts";
import { committeeSlotDataset, slotVotesDataset, votePartDataset } from "./vote-records.ts";

/** Every topic of the Beacon API's event stream that is subscribed to, in the order it is asked for. */
export const topicDatasets: readonly TopicDataset[] = [
  head,
  headV2,
  block,
  blockGossip,
  chainReorg,
  finalizedCheckpoint,
  attestation,
  singleAttestation,
  contributionAndProof,
  dataColumnSidecar,
  blobSidecar,
  payloadAttributes,
  voluntaryExit,
  blsToExecutionChange,
  proposerSlashing,
  attesterSlashing,
  lightClientFinalityUpdate,
  lightClientOptimisticUpdate,
  executionPayload,
  executionPayloadGossip,
  executionPayloadAvailable,
  executionPayloadBid,
  payloadAttestationMessage,
  proposerPreferences,
  fastConfirmation,
];

/** Topics of the specification without a dataset, each with the reason; none at present. */
export const topicsLeftOut: Readonly<Record<string, string>> = {};

/** The one place where every dataset is described: schemas, columns and documents all come from here. */
export const catalogue: readonly Dataset[] = [
  ...topicDatasets,
  ...answerDatasets,
  committeesDataset,
  validatorSetDataset,
  slotDataset,
  nodeSlotDataset,
  slotVotesDataset,
  votePartDataset,
  committeeSlotDataset,
  epochDataset,
  nodeEpochDataset,
  latencyDataset,
  propagationDataset,
  reorgDataset,
  blockDataset,
  slashingDataset,
  dutyDataset,
  validatorEpochDataset,
  streamDataset,
  gapDataset,
  clockDataset,
  monitorDataset,
  quarantineDataset,
  foreignIndexDataset,
  copyProgressDataset,
  savedDataset,
  alertDataset,
  deliveryDataset,
  watchStateDataset,
  watchHistoryDataset,
];

const byTopic = new Map(topicDatasets.map((dataset) => [dataset.topic, dataset]));

export function topicDataset(topic: string): TopicDataset | undefined {
  return byTopic.get(topic);
}
