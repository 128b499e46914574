/** What a panel's specification is told of the chain. */
export type PanelChain = {
  slot_ms: number;
  /** Unix milliseconds. */
  genesis_ms: number;
  slots_per_epoch: number;
  attestation_due_ms: number;
  aggregate_due_ms: number;
};

/** What is known of a network, as our API tells it. */
export type KnownNetwork = {
  /** Unix seconds. */
  genesis_time: number;
  slot_duration_ms: number;
  slots_per_epoch: number;
  /** By ascending epoch; of forks at one epoch the last one counts. */
  forks: readonly { epoch: number; deadlines: { attestation_due_ms: number; aggregate_due_ms: number } }[];
};

/**
 * What a chart's time axis needs of the chain, with the deadlines of the fork that is active at a moment, before the
 * first fork those of the first. Where no fork is known, the slot's end is the only deadline.
 */
export function chainParameters(network: KnownNetwork, atMs: number): PanelChain {
  const { slot_duration_ms: slotMs, slots_per_epoch: slotsPerEpoch, forks } = network;
  const genesisMs = network.genesis_time * 1000;
  const epoch = Math.max(0, Math.floor((atMs - genesisMs) / (slotMs * slotsPerEpoch)));
  const active = forks.findLast((fork) => fork.epoch <= epoch) ?? forks[0];
  return {
    slot_ms: slotMs,
    genesis_ms: genesisMs,
    slots_per_epoch: slotsPerEpoch,
    attestation_due_ms: active?.deadlines.attestation_due_ms ?? slotMs,
    aggregate_due_ms: active?.deadlines.aggregate_due_ms ?? slotMs,
  };
}
