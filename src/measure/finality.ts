/** Finalized and justified epochs as the nodes tell them. */
export type Finality = {
  noteFinalized(node: string, epoch: number): boolean;
  noteJustified(node: string, epoch: number): boolean;
  /** What most nodes say; of equally many the higher. */
  finalizedEpoch(): number | null;
  justifiedEpoch(): number | null;
  finalizedBy(): Readonly<Record<string, number>>;
};

export function createFinality(): Finality {
  const finalized = new Map<string, number>();
  const justified = new Map<string, number>();
  // Neither epoch ever goes back on one node; a smaller one is an echo or a state of long ago.
  const raise = (epochs: Map<string, number>, node: string, epoch: number): boolean => {
    if (epoch <= (epochs.get(node) ?? -1)) return false;
    epochs.set(node, epoch);
    return true;
  };
  return {
    noteFinalized: (node, epoch) => raise(finalized, node, epoch),
    noteJustified: (node, epoch) => raise(justified, node, epoch),
    finalizedEpoch: () => mode(finalized.values()),
    justifiedEpoch: () => mode(justified.values()),
    finalizedBy: () => Object.fromEntries([...finalized].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function mode(values: Iterable<number>): number | null {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: number | null = null;
  for (const [value, count] of counts) {
    const bestCount = best === null ? 0 : (counts.get(best) ?? 0);
    if (best === null || count > bestCount || (count === bestCount && value > best)) best = value;
  }
  return best;
}
