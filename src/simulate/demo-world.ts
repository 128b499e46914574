import { Fault } from "../lib/fault.ts";
import { type Ancestry, createAncestry } from "./ancestry.ts";
import { createFinality, type Finality } from "./finality.ts";
import { cutLoop, type Loop, type Place, placeOfMs, placeOfSlot } from "./loop.ts";
import type { RecordedNetwork } from "./recorded-network.ts";
import { rewrite } from "./rewrite.ts";

/** The recorded network set to a new genesis and played in loops: what all its nodes agree on. */
export type DemoWorld = {
  network: RecordedNetwork;
  loop: Loop;
  genesisTimeS: number;
  ancestry: Ancestry;
  finality: Finality;
  placeOfSlot(slot: number): Place;
  /** `at` is in milliseconds from the recording's genesis. */
  placeOfTime(unixMs: number): Place;
  /** Unix milliseconds at which a recorded offset falls in a loop. */
  timeOf(offsetMs: number, loop: number): number;
  slotAt(unixMs: number): number;
  /** Recorded data or a recorded body as it is in a loop. */
  inLoop(value: unknown, loop: number): unknown;
};

/** Throws `recording_unusable` when no whole epoch after genesis was recorded. */
export function createDemoWorld(input: { network: RecordedNetwork; genesisTimeS: number }): DemoWorld {
  const { network, genesisTimeS } = input;
  const { slotMs, slotsPerEpoch } = network;
  const loop = cutLoop({ ...coveredSlots(network), slotsPerEpoch });
  if (loop === undefined) {
    throw new Fault("recording_unusable", "The recording cannot be played as a demo: it has no whole epoch.");
  }
  const ancestry = createAncestry({ network, loop });
  const finality = createFinality({ network, loop, ancestry });
  const genesisMs = genesisTimeS * 1000;
  const spanEpochs = loop.spanSlots / slotsPerEpoch;
  const spanMs = loop.spanSlots * slotMs;
  return {
    network,
    loop,
    genesisTimeS,
    ancestry,
    finality,
    placeOfSlot: (slot) => placeOfSlot(loop, slot),
    placeOfTime: (unixMs) => placeOfMs({ loop, slotMs, sinceGenesisMs: unixMs - genesisMs }),
    timeOf: (offsetMs, number) => genesisMs + offsetMs + number * spanMs,
    slotAt: (unixMs) => Math.floor((unixMs - genesisMs) / slotMs),
    inLoop: (value, number) =>
      rewrite(value, {
        slots: number * loop.spanSlots,
        epochs: number * spanEpochs,
        seconds: genesisTimeS - network.genesisTimeS + (number * spanMs) / 1000,
        executionBlocks: number * ancestry.executionBlocksPerLoop,
        root: (root) => ancestry.root(root, number),
        sourceOfVote(targetEpoch) {
          if (number === 0) return undefined;
          const { epoch, root } = finality.checkpoint(targetEpoch - 1 + number * spanEpochs);
          return { epoch: String(epoch), root };
        },
      }),
  };
}

/** From the first slot with an event to the first one that was not recorded to its end. */
function coveredSlots(network: RecordedNetwork): { firstSlot: number; endSlot: number } {
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { events } of network.nodes) {
    firstMs = Math.min(firstMs, events[0]?.offsetMs ?? Number.POSITIVE_INFINITY);
    lastMs = Math.max(lastMs, events.at(-1)?.offsetMs ?? Number.NEGATIVE_INFINITY);
  }
  return { firstSlot: Math.floor(firstMs / network.slotMs), endSlot: Math.floor(lastMs / network.slotMs) };
}
