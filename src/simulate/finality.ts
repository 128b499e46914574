import type { Ancestry } from "./ancestry.ts";
import type { Loop } from "./loop.ts";
import type { RecordedNetwork } from "./recorded-network.ts";

export type Checkpoint = { epoch: number; root: string };
export type FinalityCheckpoints = {
  previousJustified: Checkpoint;
  currentJustified: Checkpoint;
  finalized: Checkpoint;
};

export type Finality = {
  /** What the state of a head in this epoch of the played network calls justified and finalized. */
  at(epoch: number): FinalityCheckpoints;
  /** The checkpoint of an epoch of the played network: its first slot's block, or the last one before. */
  checkpoint(epoch: number): Checkpoint;
  /** Recorded epochs of the loop in which genesis was still the finalized checkpoint. */
  genesisEpochs: readonly number[];
};

const ZERO_ROOT = `0x${"0".repeat(64)}`;

/**
 * Finality as the recorded votes and `finalized_checkpoint` events tell it. Where the recording still has genesis,
 * the first loop has it too; later loops go on as a network does that justifies every epoch at its end: in epoch e
 * the justified checkpoint is e - 1, the finalized one e - 2.
 */
export function createFinality(input: { network: RecordedNetwork; loop: Loop; ancestry: Ancestry }): Finality {
  const { network, loop, ancestry } = input;
  const { slotsPerEpoch } = network;
  const spanEpochs = loop.spanSlots / slotsPerEpoch;
  const fromEpoch = loop.fromSlot / slotsPerEpoch;
  const toEpoch = loop.toSlot / slotsPerEpoch;
  const justified = justifiedByEpoch(network, toEpoch);
  const finalized = finalizedByEpoch(network, toEpoch);

  const checkpoint = (epoch: number): Checkpoint => ({
    epoch,
    root: epoch <= 0 ? ZERO_ROOT : ancestry.rootOf(ancestry.canonicalAt(epoch * slotsPerEpoch)),
  });
  const steadily = (table: readonly number[], epoch: number, lag: number): number => {
    const number = Math.max(0, Math.floor((epoch - fromEpoch) / spanEpochs));
    const recorded = table[epoch - number * spanEpochs] ?? 0;
    return recorded === 0 && number > 0 ? epoch - lag : recorded + number * spanEpochs;
  };
  const justifiedAt = (epoch: number) => (epoch <= 0 ? 0 : steadily(justified, epoch, 1));
  return {
    at: (epoch) => ({
      previousJustified: checkpoint(justifiedAt(epoch - 1)),
      currentJustified: checkpoint(justifiedAt(epoch)),
      finalized: checkpoint(epoch <= 0 ? 0 : steadily(finalized, epoch, 2)),
    }),
    checkpoint,
    genesisEpochs: range(fromEpoch, toEpoch).filter((epoch) => finalized[epoch] === 0),
  };
}

/** By recorded epoch: the source that most of its votes name. */
function justifiedByEpoch(network: RecordedNetwork, toEpoch: number): number[] {
  const counts = range(0, toEpoch).map(() => new Map<number, number>());
  for (const node of network.nodes) {
    for (const { topic, text } of node.events) {
      if (topic !== "single_attestation" && topic !== "attestation") continue;
      const { data } = JSON.parse(text) as { data: { source: { epoch: string }; target: { epoch: string } } };
      const count = counts[Number(data.target.epoch)];
      count?.set(Number(data.source.epoch), (count.get(Number(data.source.epoch)) ?? 0) + 1);
    }
  }
  return carriedForward(counts.map((count) => [...count].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0));
}

/** By recorded epoch: the highest epoch that was announced as final while it lasted, or before. */
function finalizedByEpoch(network: RecordedNetwork, toEpoch: number): number[] {
  const epochMs = network.slotMs * network.slotsPerEpoch;
  const finalized = range(0, toEpoch).map(() => 0);
  for (const node of network.nodes) {
    for (const { topic, text, offsetMs } of node.events) {
      if (topic !== "finalized_checkpoint") continue;
      const during = Math.floor(offsetMs / epochMs);
      const { epoch } = JSON.parse(text) as { epoch: string };
      if (during < toEpoch) finalized[during] = Math.max(finalized[during] ?? 0, Number(epoch));
    }
  }
  return carriedForward(finalized);
}

function carriedForward(values: readonly number[]): number[] {
  let highest = 0;
  return values.map((value) => {
    highest = Math.max(highest, value);
    return highest;
  });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
