import type { NodeEpochRecord } from "../events/comparison.ts";
import type { EpochRecord } from "../events/derived.ts";
import { roundMs } from "../lib/statistics.ts";
import { estimateBiases } from "./latency/biases.ts";
import { pairDifferences } from "./latency/differences.ts";
import type { MeasureUpdate } from "./measure-update.ts";

/** What `--epochs` adds to a replay's report. Nodes and pairs by name. */
export type EpochsReport = {
  epochs: readonly EpochReport[];
  nodes: Readonly<Record<string, NodeReport>>;
  latency: readonly { a: string; b: string; median_ms: number; p90_ms: number; n: number }[];
};

/** Fractions by what the votes get right. */
type Participation = { source: number; target: number; head: number };

/** Fractions of the weight of all active validators; null where the epoch's committees are not known. */
export type EpochReport = {
  epoch: number;
  /** From blocks, by the flags of the state transition. */
  participation: Participation | null;
  /** From the streams alone. */
  live: Participation | null;
  missed: number;
  orphaned: number;
  /** Mean slots to the first inclusion. */
  inclusion_delay: number | null;
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
  const chainEpochs = new Map<number, EpochRecord>();

  return {
    noteUpdates(updates) {
      for (const update of updates) {
        if (update.dataset === "epoch") chainEpochs.set(update.record.epoch, update.record);
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
        epochs: [...chainEpochs.values()].sort((a, b) => a.epoch - b.epoch).map(epochReport),
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

function epochReport(record: EpochRecord): EpochReport {
  const { live_source, live_target, live_head, blocks_source, blocks_target, blocks_head } = record;
  return {
    epoch: record.epoch,
    participation: ofAll(record.blocks_expected, { source: blocks_source, target: blocks_target, head: blocks_head }),
    live: ofAll(record.live_expected, { source: live_source, target: live_target, head: live_head }),
    missed: record.missed,
    orphaned: record.orphaned,
    inclusion_delay: record.inclusion_delay,
  };
}

/** Shares of what could be seen so far, as shares of all that is active. */
function ofAll(
  expected: number | null,
  { source, target, head }: { [Key in keyof Participation]: number | null },
): Participation | null {
  if (expected === null || source === null || target === null || head === null) return null;
  return { source: expected * source, target: expected * target, head: expected * head };
}

/** Blocks and votes of some epochs of one node together; null when no node told of any. */
function completenessOf(epochs: readonly NodeEpochRecord[]): number | null {
  const sum = (of: (record: NodeEpochRecord) => number) => epochs.reduce((total, record) => total + of(record), 0);
  const total = sum(({ blocks_total, votes_total }) => blocks_total + votes_total);
  return total === 0 ? null : sum(({ blocks_seen, votes_seen }) => blocks_seen + votes_seen) / total;
}
