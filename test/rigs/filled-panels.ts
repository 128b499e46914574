import { fileURLToPath } from "node:url";
import type { ExportedNetwork } from "../../src/export/content.ts";
import { loadShipped } from "../../src/panels/shipped.ts";
import type { Engine } from "../engines/engine.ts";
import { type FilledStores, fillStores } from "../engines/store/filled-stores.ts";
import { openRecording, RECORDINGS } from "../engines/store/recordings.ts";
import { panelDocuments, panelHostDocuments } from "./panel-documents.ts";

/** The demo's recording: a late block, a partition with a reorg, labelled validators, and servers that send. */
const [DEMO = ""] = RECORDINGS;
/** Its network, which is known before it is opened. */
export const DEMO_NETWORK = "devnet3_fulu_faults";

export const shipped = loadShipped(fileURLToPath(new URL("../../panels", import.meta.url)));

export type FilledPanels = {
  filled: FilledStores;
  network: ExportedNetwork;
  /** All of the recording. */
  time: { fromMs: number; toMs: number };
};

/** Stores in which every shipped panel finds something: an embedded one, and one in each engine. */
export async function fillForPanels(engines: readonly Engine[] = []): Promise<FilledPanels> {
  const recording = await openRecording(DEMO);
  const filled = await fillStores(recording, engines, {
    own: (slots) => panelDocuments({ ...recording, slots }),
    foreign: (slots) => panelHostDocuments({ ...recording, slots }),
  });
  const { chain } = recording;
  const { attestationMs, aggregateMs } = chain.deadlinesOf(filled.slots.at(-1) ?? 0);
  const network = {
    name: chain.network,
    chain: {
      slot_ms: chain.slotDurationMs,
      genesis_ms: chain.genesisTimeS * 1000,
      slots_per_epoch: chain.slotsPerEpoch,
      attestation_due_ms: attestationMs,
      aggregate_due_ms: aggregateMs,
    },
  };
  const time = { fromMs: network.chain.genesis_ms, toMs: Math.ceil(filled.clock.nowUs() / 1000) + 1 };
  return { filled, network, time };
}
