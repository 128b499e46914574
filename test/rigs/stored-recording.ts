import { createChain } from "../../src/chain/chain.ts";
import { readRecordingMeta, specOf } from "../../src/collect/recording.ts";
import { catalogue } from "../../src/events/catalogue.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { replay } from "../../src/replay.ts";
import { createRecorder } from "../../src/run/recorder.ts";
import { createEmbeddedStore } from "../../src/store/embedded/embedded-store.ts";
import { type ForeignDocuments, storeForeign } from "./foreign-documents.ts";
import { chainAxis } from "./serve-fixtures.ts";

/** A data directory with what a recording gives when it is watched, and documents of others; the network's name. */
export async function storeRecording(input: {
  directory: string;
  recording: string;
  foreign: readonly ForeignDocuments[];
}): Promise<string> {
  const { directory, recording, foreign } = input;
  const meta = await readRecordingMeta(recording);
  const chain = createChain({ spec: specOf(meta), genesis: { genesis_time: meta.genesis_time } });
  const clock = systemClock();
  const store = await createEmbeddedStore({
    directory,
    network: chain.network,
    datasets: catalogue,
    clock,
    log: silentLog,
  });
  try {
    const recorder = createRecorder({ chain, store, clock });
    await replay({ directory: recording, onStep: ({ documents, updates }) => recorder.add(documents, updates) });
    await recorder.finish();
    await storeForeign(store.foreign, { foreign, axis: chainAxis, nodeOf: () => undefined });
    await store.settled();
  } finally {
    await store.close();
  }
  return chain.network;
}
