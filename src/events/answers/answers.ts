import type { AnswerDataset } from "./answer.ts";
import { blockBody, header } from "./block-answers.ts";
import { checkpoints, duty } from "./chain-answers.ts";
import { identity, peerCount, syncing, version } from "./node-answers.ts";

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
