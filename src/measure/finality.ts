/** Finalized and justified epochs as the nodes tell them. */
export type Finality = {
  noteFinalized(node: string, epoch: number): boolean;
  noteJustified(node: string, epoch: number): boolean;
  /** The highest epoch that most nodes reached. */
  finalizedEpoch(): number | null;
  justifiedEpoch(): number | null;
  finalizedBy(): Readonly<Record<string, number>>;
};

/** `counts` says which nodes are asked: those whose stream is down say what once was. When none counts, all do. */
export function createFinality(counts: (node: string) => boolean): Finality {
  const finalized = new Map<string, number>();
  const justified = new Map<string, number>();
  // Neither epoch ever goes back on one node; a smaller one is an echo or a state of long ago.
  const raise = (epochs: Map<string, number>, node: string, epoch: number): boolean => {
    if (epoch <= (epochs.get(node) ?? -1)) return false;
    epochs.set(node, epoch);
    return true;
  };
  const reached = (epochs: ReadonlyMap<string, number>): number | null => {
    const counting = [...epochs].filter(([node]) => counts(node));
    return reachedByMost((counting.length > 0 ? counting : [...epochs]).map(([, epoch]) => epoch));
  };
  return {
    noteFinalized: (node, epoch) => raise(finalized, node, epoch),
    noteJustified: (node, epoch) => raise(justified, node, epoch),
    finalizedEpoch: () => reached(finalized),
    justifiedEpoch: () => reached(justified),
    finalizedBy: () => Object.fromEntries([...finalized].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function reachedByMost(epochs: readonly number[]): number | null {
  return epochs.toSorted((a, b) => b - a)[Math.floor(epochs.length / 2)] ?? null;
}
