import { createChain } from "./chain/chain.ts";
import type { ValidatorLabels } from "./chain/validator-labels.ts";
import { type RecordingCut, readRecording, readRecordingMeta, specOf } from "./collect/recording.ts";
import { type Client, clientOf } from "./enrich/client.ts";
import { createEpochsReport } from "./measure/epochs-report.ts";
import { createReport, type ReplayReport } from "./measure/report.ts";
import { createPipeline, type Step } from "./pipeline.ts";

/**
 * Replays a recording through the pipeline with the recording's clock, and reports.
 * `pace` is awaited before each observation with its moment, for a replay at another speed than the fastest.
 * `onCut` is told of a recording that ends too early; the report is of what it holds.
 */
export async function replay(input: {
  directory: string;
  /** Whose duties are judged. */
  labels?: ValidatorLabels | undefined;
  onStep?: (step: Step) => void;
  pace?: (receivedAtUs: number) => Promise<void>;
  onCut?: (cut: RecordingCut) => void;
  /** Adds what is told of whole epochs, and how the nodes compare over all of them. */
  epochs?: boolean;
  signal?: AbortSignal;
}): Promise<ReplayReport> {
  const { directory, labels, onStep, pace, onCut, epochs = false, signal } = input;
  const meta = await readRecordingMeta(directory);
  const chain = createChain({
    spec: specOf(meta),
    genesis: {
      genesis_time: meta.genesis_time,
      ...(meta.genesis_validators_root === undefined ? {} : { genesis_validators_root: meta.genesis_validators_root }),
    },
  });
  const clients: Record<string, Client> = {};
  for (const { name, client, version } of meta.nodes) {
    if (version === undefined) continue;
    clients[name] = version.includes("/") ? clientOf(version) : { family: client ?? "unknown", version };
  }
  const pipeline = createPipeline({ chain, clients, labels });
  const report = createReport(epochs ? createEpochsReport(chain) : undefined);
  const take = (step: Step) => {
    report.noteUpdates(step.updates);
    onStep?.(step);
  };

  for await (const line of readRecording(directory, { onCut })) {
    signal?.throwIfAborted();
    if (line.kind === "unreadable") {
      report.noteUnreadable();
      if (line.isEvent) report.noteEvent();
      continue;
    }
    const { envelope } = line;
    await pace?.(envelope.receivedAtUs);
    if (envelope.kind === "event") report.noteEvent();
    const step = pipeline.push(envelope);
    if (step.enriched !== undefined) report.noteEnriched(step.enriched);
    take(step);
  }
  take(pipeline.finish());
  return report.report();
}
