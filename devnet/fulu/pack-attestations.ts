import { MAX_ATTESTATIONS_ELECTRA } from "@lodestar/params";
import { type CachedBeaconStateElectra, computeEpochAtSlot, computeStartSlotAtEpoch } from "@lodestar/state-transition";
import type { electra } from "@lodestar/types";
import { toRootHex } from "@lodestar/utils";
import { type AttestationGroup, type AttestationPool, aggregateOf } from "./attestation-pool.ts";
import type { BlockTree, TreeBlock } from "./block-tree.ts";

/** `TIMELY_TARGET_FLAG_INDEX` as a bit: who has it gains nothing by being included again. */
const TIMELY_TARGET = 1 << 1;

/** What a block may include: valid on its state, newest and largest first, each validator once an epoch. */
export function attestationsFor(input: {
  pool: AttestationPool;
  tree: BlockTree<TreeBlock>;
  parentRoot: string;
  state: CachedBeaconStateElectra;
}): electra.Attestation[] {
  const { pool, tree, parentRoot, state } = input;
  const epoch = computeEpochAtSlot(state.slot);
  const taken = new Set<string>();
  const packed: electra.Attestation[] = [];

  const fits = ({ data: { slot, source, target } }: AttestationGroup): boolean => {
    const justified = target.epoch === epoch ? state.currentJustifiedCheckpoint : state.previousJustifiedCheckpoint;
    return (
      slot < state.slot &&
      target.epoch >= epoch - 1 &&
      source.epoch === justified.epoch &&
      toRootHex(source.root) === toRootHex(justified.root) &&
      tree.ancestorAt(parentRoot, computeStartSlotAtEpoch(target.epoch))?.root === toRootHex(target.root)
    );
  };
  const groups = pool
    .groups()
    .filter(fits)
    .toSorted((a, b) => b.data.slot - a.data.slot || b.signatures.size - a.signatures.size);

  for (const { data, signatures } of groups) {
    if (packed.length >= MAX_ATTESTATIONS_ELECTRA) break;
    const isCurrent = data.target.epoch === epoch;
    const participation = isCurrent ? state.currentEpochParticipation : state.previousEpochParticipation;
    const fresh = [...signatures].filter(
      ([validator]) =>
        (participation.get(validator) & TIMELY_TARGET) === 0 && !taken.has(`${validator} ${data.target.epoch}`),
    );
    const attestation = aggregateOf(state, { data, signatures: new Map(fresh) });
    if (attestation === undefined) continue;
    for (const [validator] of fresh) taken.add(`${validator} ${data.target.epoch}`);
    packed.push(attestation);
  }
  return packed;
}
