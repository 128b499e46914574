import { type Chain, createChain } from "../../src/chain/chain.ts";
import { readRecording } from "../../src/collect/recording.ts";
import type { Envelope } from "../../src/events/envelope.ts";
import type { MeasureUpdate } from "../../src/measure/measure-update.ts";
import type { RecordingBuilder } from "./recording-builder.ts";

/** The time axis of what the recording builder builds. */
export function chainOf(builder: RecordingBuilder): Chain {
  const spec = { SECONDS_PER_SLOT: "6", SLOTS_PER_EPOCH: "8" };
  return createChain({ spec, genesis: { genesis_time: builder.startMs(0) / 1000 } });
}

/** What a built recording holds, as it goes into the pipeline. */
export async function envelopesOf(builder: RecordingBuilder): Promise<Envelope[]> {
  const read: Envelope[] = [];
  for await (const line of readRecording(await builder.write())) if (line.kind === "envelope") read.push(line.envelope);
  return read;
}

type RecordOf<D extends MeasureUpdate["dataset"]> = Extract<MeasureUpdate, { dataset: D }>["record"];

/** The records of one dataset, in the order they were told. */
export function recordsOf<D extends MeasureUpdate["dataset"]>(
  dataset: D,
  all: readonly MeasureUpdate[],
): RecordOf<D>[] {
  return all.filter((update) => update.dataset === dataset).map((update) => update.record as RecordOf<D>);
}
