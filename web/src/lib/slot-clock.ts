import type { NetworkView } from "../../../src/serve/views.ts";

type Deadlines = NetworkView["forks"][number]["deadlines"];

/** A moment on the chain's time axis; times in milliseconds. Before genesis, slots are negative. */
export type SlotMoment = {
  slot: number;
  epoch: number;
  slotIndex: number;
  slotStartMs: number;
  elapsedMs: number;
};

/** One deadline of a slot, as the axes draw it. */
export type NamedDeadline = { label: string; words: string; ms: number };

type SlotAxis = Pick<NetworkView, "genesis_time" | "slot_duration_ms" | "slots_per_epoch">;

/** Unix milliseconds of the slot's start. */
export function slotStartMs(network: SlotAxis, slot: number): number {
  return network.genesis_time * 1000 + slot * network.slot_duration_ms;
}

export function slotAt(network: SlotAxis, timeMs: number): number {
  return Math.floor((timeMs - network.genesis_time * 1000) / network.slot_duration_ms);
}

export function epochOf(network: SlotAxis, slot: number): number {
  return Math.floor(slot / network.slots_per_epoch);
}

export function momentAt(network: SlotAxis, timeMs: number): SlotMoment {
  const slot = slotAt(network, timeMs);
  const epoch = epochOf(network, slot);
  const startMs = slotStartMs(network, slot);
  return {
    slot,
    epoch,
    slotIndex: slot - epoch * network.slots_per_epoch,
    slotStartMs: startMs,
    elapsedMs: timeMs - startMs,
  };
}

/** The fork that is active in an epoch: the last one of the schedule that has begun. */
export function forkAt(network: Pick<NetworkView, "forks">, epoch: number): { fork: string; deadlines: Deadlines } {
  let active = network.forks[0];
  for (const fork of network.forks) if (fork.epoch <= epoch) active = fork;
  return active ?? { fork: "unknown", deadlines: { attestation_due_ms: Number.NaN, aggregate_due_ms: Number.NaN } };
}

/** The deadlines of an epoch's slots in the order of time, with short and long labels for axes. */
export function namedDeadlines(network: NetworkView, epoch: number): NamedDeadline[] {
  const due = forkAt(network, epoch).deadlines;
  const all: NamedDeadline[] = [
    { label: "att", words: "attestations due", ms: due.attestation_due_ms },
    { label: "agg", words: "aggregates due", ms: due.aggregate_due_ms },
    { label: "payload", words: "payload due", ms: due.payload_due_ms ?? Number.NaN },
    { label: "ptc", words: "payload votes due", ms: due.payload_attestation_due_ms ?? Number.NaN },
  ];
  return all.filter(({ ms }) => Number.isFinite(ms)).sort((a, b) => a.ms - b.ms);
}
