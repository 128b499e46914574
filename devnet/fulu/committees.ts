import { SLOTS_PER_EPOCH } from "@lodestar/params";
import { type CachedBeaconStateElectra, computeEpochAtSlot } from "@lodestar/state-transition";

/** The committees of a slot; none when its epoch is too far from the state's. */
export function committeesAt(state: CachedBeaconStateElectra, slot: number): readonly Uint32Array[] {
  return state.epochCtx.getShufflingAtEpochOrNull(computeEpochAtSlot(slot))?.committees[slot % SLOTS_PER_EPOCH] ?? [];
}
