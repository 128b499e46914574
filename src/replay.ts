import type { Watch } from "./alert/watch.ts";
import { createChain } from "./chain/chain.ts";
import type { ValidatorLabels } from "./chain/validator-labels.ts";
import { type RecordingCut, readRecording, readRecordingMeta, specOf } from "./collect/recording.ts";
import { type Client, clientOf } from "./enrich/client.ts";
import { createEpochsReport } from "./measure/epochs-report.ts";
import { createReport, type ReplayReport } from "./measure/report.ts";
import { createPipeline, type Step } from "./pipeline.ts";
import { createReplayedAlerts, type ReplayedAlerts } from "./run/replayed-alerts.ts";

/** As often as the running program lets time pass. */
const TICK_US = 100_000;

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
  /** What is watched for; adds the alerts. */
  watches?: readonly Watch[];
  signal?: AbortSignal;
}): Promise<ReplayReport> {
  const {
    directory,
    labels,
    onStep,
    pace,
    onCut,
    epochs = false,
    watches,
    signal = new AbortController().signal,
  } = input;
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
  const nodes = meta.nodes.map(({ name }) => name);
  const alerts = watches === undefined ? undefined : createReplayedAlerts({ chain, nodes, watches, signal });
  let tickUs: number | undefined;
  /** Nothing has to be waited for without watches. */
  const take = (step: Step): Promise<void> | undefined => {
    report.noteUpdates(step.updates);
    onStep?.(step);
    return alerts?.take(step);
  };
  /** Time passes for watches as it does live, also while nothing arrives. */
  const passTime = async (watched: ReplayedAlerts, toUs: number) => {
    tickUs ??= Math.ceil(toUs / TICK_US) * TICK_US;
    for (; tickUs < toUs; tickUs += TICK_US) {
      watched.setTime(tickUs);
      await take(pipeline.advance(tickUs));
      await watched.advance();
    }
    watched.setTime(toUs);
  };

  try {
    for await (const line of readRecording(directory, { onCut })) {
      signal.throwIfAborted();
      if (line.kind === "unreadable") {
        report.noteUnreadable();
        if (line.isEvent) report.noteEvent();
        continue;
      }
      const { envelope } = line;
      await pace?.(envelope.receivedAtUs);
      if (envelope.kind === "event") report.noteEvent();
      if (alerts !== undefined) await passTime(alerts, envelope.receivedAtUs);
      const step = pipeline.push(envelope);
      if (step.enriched !== undefined) report.noteEnriched(step.enriched);
      const taken = take(step);
      if (taken !== undefined) await taken;
    }
    await take(pipeline.finish());
    return { ...report.report(), ...(alerts === undefined ? {} : { alerts: alerts.alerts() }) };
  } finally {
    await alerts?.close();
  }
}
