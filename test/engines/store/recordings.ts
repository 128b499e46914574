import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Chain, createChain } from "../../../src/chain/chain.ts";
import type { ValidatorLabels } from "../../../src/chain/validator-labels.ts";
import { type RecordingMeta, readRecording, readRecordingMeta, specOf } from "../../../src/collect/recording.ts";
import type { Clock } from "../../../src/lib/clock.ts";
import { createPipeline } from "../../../src/pipeline.ts";
import { createRecorder } from "../../../src/run/recorder.ts";
import { labelsOf } from "../../../src/simulate/recorded-network.ts";
import type { Store } from "../../../src/store/store.ts";

const DEMO = fileURLToPath(new URL("../../../demo/devnet3-fulu-faults", import.meta.url));
const OTHERS = fileURLToPath(new URL("../../data/recordings", import.meta.url));
/** Documents wait for the store no longer than so many observations. */
const SLICE = 64;

/** The directories of all recordings of the project. */
export const RECORDINGS: readonly string[] = [
  DEMO,
  ...readdirSync(OTHERS, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? join(OTHERS, entry.name) : [],
  ),
];

/** A recording that is to be played, on a network that is named after it: no two share an index in a cluster. */
export type Recording = {
  name: string;
  directory: string;
  chain: Chain;
  labels: ValidatorLabels | undefined;
  nodes: readonly string[];
};

export async function openRecording(directory: string): Promise<Recording> {
  const meta = await readRecordingMeta(directory);
  const { genesis_time, genesis_validators_root } = meta;
  const chain = createChain({
    spec: specOf(meta),
    genesis: { genesis_time, ...(genesis_validators_root === undefined ? {} : { genesis_validators_root }) },
  });
  const name = basename(directory);
  return {
    name,
    directory,
    chain: { ...chain, network: name.toLowerCase().replace(/[^a-z0-9]+/g, "_") },
    labels: labelsOf(meta),
    nodes: meta.nodes.map((node: RecordingMeta["nodes"][number]) => node.name),
  };
}

/** A clock that stands at the moment it was last set to. */
export type SetClock = Clock & { set(nowUs: number): void };

export function createSetClock(startUs: number): SetClock {
  let nowUs = startUs;
  return {
    nowUs: () => nowUs,
    monoUs: () => nowUs - startUs,
    set(toUs) {
      nowUs = Math.max(nowUs, toUs);
    },
  };
}

/** Plays a recording on its own clock through the pipeline into all stores, each of which is given the same. */
export async function playInto(
  stores: readonly Pick<Store, "offer" | "append">[],
  { recording, clock }: { recording: Recording; clock: SetClock },
): Promise<void> {
  const { chain, labels, directory } = recording;
  const pipeline = createPipeline({ chain, labels });
  const recorder = createRecorder({ chain, store: all(stores), clock });
  let observations = 0;
  for await (const line of readRecording(directory)) {
    if (line.kind === "unreadable") continue;
    clock.set(line.envelope.receivedAtUs);
    const { documents, updates } = pipeline.push(line.envelope);
    recorder.add(documents, updates);
    observations += 1;
    if (observations % SLICE > 0) continue;
    recorder.offer();
    await nextTurn();
  }
  const { documents, updates } = pipeline.finish();
  recorder.add(documents, updates);
  await recorder.finish();
}

function all(stores: readonly Pick<Store, "offer" | "append">[]): Pick<Store, "offer" | "append"> {
  return {
    offer(documents) {
      if (stores.every((store) => store.offer(documents))) return true;
      throw new Error("A store's queue is full: what is compared would not be the same.");
    },
    append: (documents) => Promise.all(stores.map((store) => store.append(documents))).then(() => undefined),
  };
}
