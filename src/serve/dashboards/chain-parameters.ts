import type { ChainParameters } from "../dashboards-view.ts";
import type { NetworkView } from "../views.ts";

/** What a chart's time axis needs of the chain, with the deadlines of the fork that is active at a moment. */
export function chainParameters(network: NetworkView, atMs: number): ChainParameters {
  const genesisMs = network.genesis_time * 1000;
  const epochMs = network.slot_duration_ms * network.slots_per_epoch;
  const epoch = Math.max(0, Math.floor((atMs - genesisMs) / epochMs));
  const active = network.forks.findLast((fork) => fork.epoch <= epoch) ?? network.forks[0];
  return {
    slot_ms: network.slot_duration_ms,
    genesis_ms: genesisMs,
    slots_per_epoch: network.slots_per_epoch,
    attestation_due_ms: active?.deadlines.attestation_due_ms ?? network.slot_duration_ms,
    aggregate_due_ms: active?.deadlines.aggregate_due_ms ?? network.slot_duration_ms,
  };
}
