import type { NodeEpochRecord } from "../events/comparison.ts";
import { roundMs } from "../lib/statistics.ts";
import { estimateBiases } from "./latency/biases.ts";
import { pairDifferences } from "./latency/differences.ts";
import type { MeasureUpdate } from "./measures.ts";

/** What `--epochs` adds to a replay's report. Nodes and pairs by name. */
export type EpochsReport = {
  nodes: Readonly<Record<string, NodeReport>>;
  latency: readonly { a: string; b: string; median_ms: number; p90_ms: number; n: number }[];
};

export type NodeReport = {
  /** Share of the union's blocks and votes that the node told of while it was watched; null when there were none. */
  completeness: number | null;
  /** The node's own bias, apart from latency as far as that can be told; null where it cannot be compared. */
  bias_ms: number | null;
  /** The clock that stamped the node's events against time servers; a recording does not hold it. */
  clock: { offset_ms: number; error_ms: number } | null;
};

export type EpochsReportBuilder = {
  noteUpdates(updates: readonly MeasureUpdate[]): void;
  report(): EpochsReport;
};

/** Gathers what a replay tells of epochs and compares the nodes over all of them. */
export function createEpochsReport(input: { slotDurationMs: number }): EpochsReportBuilder {
  const nodeEpochs = new Map<string, NodeEpochRecord>();

  return {
    noteUpdates(updates) {
      for (const update of updates) {
        if (update.dataset !== "node_epoch") continue;
        nodeEpochs.set(`${update.record.epoch}/${update.record.node}`, update.record);
      }
    },
    report() {
      const epochs = [...nodeEpochs.values()].sort((a, b) => a.epoch - b.epoch);
      const { slotDurationMs } = input;
      const biases = estimateBiases({ epochs, slotDurationMs })?.byNode;
      const names = [...new Set(epochs.map(({ node }) => node))].sort();
      return {
        nodes: Object.fromEntries(
          names.map((name) => {
            const bias = biases?.get(name);
            const own = epochs.filter(({ node }) => node === name);
            return [
              name,
              {
                completeness: completenessOf(own),
                bias_ms: bias === undefined ? null : roundMs(bias.value),
                clock: null,
              },
            ];
          }),
        ),
        latency: pairDifferences({ epochs, slotDurationMs }).map(({ a, b, medianMs, p90Ms, n }) => ({
          a,
          b,
          median_ms: medianMs,
          p90_ms: p90Ms,
          n,
        })),
      };
    },
  };
}

/** Blocks and votes of some epochs of one node together; null when no node told of any. */
function completenessOf(epochs: readonly NodeEpochRecord[]): number | null {
  const sum = (of: (record: NodeEpochRecord) => number) => epochs.reduce((total, record) => total + of(record), 0);
  const total = sum(({ blocks_total, votes_total }) => blocks_total + votes_total);
  return total === 0 ? null : sum(({ blocks_seen, votes_seen }) => blocks_seen + votes_seen) / total;
}
