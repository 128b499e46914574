import type { ClockRecord } from "../../events/clock.ts";
import { clockDataset } from "../../events/clock.ts";
import {
  type NodeEpochRecord,
  nodeEpochDataset,
  type PropagationRecord,
  propagationDataset,
} from "../../events/comparison.ts";
import { fieldOf } from "../../events/record.ts";
import { Fault } from "../../lib/fault.ts";
import { quantile, roundMs } from "../../lib/statistics.ts";
import { type Biases, estimateBiases } from "../../measure/latency/biases.ts";
import { blockArrivals } from "../../measure/latency/block-times.ts";
import { pairDifferences } from "../../measure/latency/differences.ts";
import { orphanShares } from "../../measure/latency/orphans.ts";
import { curveOf, spreadOf } from "../../measure/latency/propagation.ts";
import { MAX_RESULT_WINDOW } from "../../search/limits.ts";
import type { QueryBody } from "../../search/request.ts";
import type { Store } from "../../store/store.ts";
import type { ComparedNodeView, ComparedPairView, HealthView, LatencyView, NetworkView, StampsView } from "../views.ts";
import { isoOfMs } from "./iso-time.ts";
import { searchRecords } from "./stored-records.ts";

/** What is compared where no span is asked for. */
const LIVE_SLOTS = 256;

/** Looks at the clock that are read: at their rarest those of twelve days. */
const MOST_LOOKS = 1000;

/** 95 % of the medians lie within this many standard errors. */
const STANDARD_ERRORS = 1.96;

/** How the nodes compare over the epochs of a span. Throws `parameter_invalid` where the span holds too much. */
export async function readLatency(input: {
  store: Pick<Store, "search">;
  network: NetworkView;
  health: HealthView;
  from: number | undefined;
  to: number | undefined;
  nowMs: number;
  signal: AbortSignal;
}): Promise<LatencyView> {
  const { store, network, health, nowMs, signal } = input;
  const epochMs = network.slot_duration_ms * network.slots_per_epoch;
  const toMs = input.to ?? nowMs;
  const fromMs = input.from ?? toMs - Math.max(LIVE_SLOTS * network.slot_duration_ms, epochMs);
  const began: QueryBody = {
    range: {
      [fieldOf(nodeEpochDataset, "start_ms")]: { gt: isoOfMs(Math.max(0, fromMs - epochMs)), lt: isoOfMs(toMs) },
    },
  };
  const common = { network: network.name, filter: [began], signal };
  const [epochs, propagation, looks] = await Promise.all([
    searchRecords<NodeEpochRecord>(store, { ...common, dataset: nodeEpochDataset, sort: byEpoch(nodeEpochDataset) }),
    searchRecords<PropagationRecord>(store, {
      ...common,
      dataset: propagationDataset,
      sort: byEpoch(propagationDataset),
    }),
    searchRecords<ClockRecord>(store, {
      ...common,
      dataset: clockDataset,
      filter: [{ range: { "@timestamp": { gte: isoOfMs(fromMs), lt: isoOfMs(toMs) } } }],
      sort: [{ "@timestamp": "desc" }],
      size: MOST_LOOKS,
    }),
  ]);
  if (epochs.length >= MAX_RESULT_WINDOW) {
    throw new Fault(
      "parameter_invalid",
      `The span from "from" to "to" holds more than ${MAX_RESULT_WINDOW} epochs of nodes: ask for a shorter one.`,
    );
  }
  const isLive = input.from === undefined && input.to === undefined;
  const stamps = stampsOf(looks, isLive ? health : undefined);
  const slotDurationMs = network.slot_duration_ms;
  const biases = estimateBiases({ epochs, slotDurationMs });
  const blocks = blockArrivals(epochs);
  const spread = spreadOf(blocks, slotDurationMs);
  const untilMs = 2 * slotDurationMs;
  const starts = epochs.map(({ start_ms }) => start_ms);
  return {
    from_ms: starts.at(0) ?? fromMs,
    to_ms: starts.length === 0 ? toMs : (starts.at(-1) ?? 0) + epochMs,
    epochs: new Set(starts).size,
    nodes: nodesOf(epochs, biases),
    pairs: pairsOf({ epochs, slotDurationMs, biases, stamps }),
    bias_topic: biases?.topic ?? null,
    spread: spread === undefined ? null : { median_ms: spread.medianMs, p90_ms: spread.p90Ms, slots: spread.slots },
    curves: {
      from_slot_start: curveOf({ blocks, from: "slot_start", untilMs }),
      from_first_seen: curveOf({ blocks, from: "first_seen", untilMs }),
    },
    orphans: {
      attestation_due_ms: propagation.at(-1)?.attestation_due_ms ?? lastDueMs(network),
      bins: orphanShares(propagation.map(({ outcomes }) => outcomes)).map(
        ({ fromMs: from_ms, toMs: to_ms, ...bin }) => ({
          from_ms,
          to_ms,
          ...bin,
        }),
      ),
    },
    stamps,
  };
}

const byEpoch = (dataset: Parameters<typeof fieldOf>[0]) => [{ [fieldOf(dataset, "epoch")]: "asc" as const }];

const lastDueMs = ({ forks }: NetworkView) => forks.at(-1)?.deadlines.attestation_due_ms ?? 0;

function nodesOf(epochs: readonly NodeEpochRecord[], biases: Biases | undefined): ComparedNodeView[] {
  const names = [...new Set(epochs.map(({ node }) => node))].sort();
  return names.map((node) => {
    const own = epochs.filter((record) => record.node === node);
    const sum = (key: "blocks_seen" | "blocks_total" | "votes_seen" | "votes_total" | "echoes" | "gaps" | "gap_ms") =>
      own.reduce((total, record) => total + record[key], 0);
    const bias = biases?.byNode.get(node);
    return {
      node,
      client: own.findLast(({ client }) => client !== null)?.client ?? null,
      blocks_seen: sum("blocks_seen"),
      blocks_total: sum("blocks_total"),
      votes_seen: sum("votes_seen"),
      votes_total: sum("votes_total"),
      echoes: sum("echoes"),
      gaps: sum("gaps"),
      gap_ms: roundMs(sum("gap_ms")),
      bias_ms: bias === undefined ? null : roundMs(bias.value),
      bias_error_ms: bias === undefined ? null : roundMs(bias.error),
    };
  });
}

function pairsOf(input: {
  epochs: readonly NodeEpochRecord[];
  slotDurationMs: number;
  biases: Biases | undefined;
  stamps: StampsView;
}): ComparedPairView[] {
  const { biases, stamps } = input;
  return pairDifferences(input).map(({ a, b, topic, medianMs, p90Ms, n, samplingErrorMs }) => {
    const errorMs = Math.hypot(STANDARD_ERRORS * samplingErrorMs, stamps.loop_delay_ms ?? 0);
    const latency = biases?.pairs.find((pair) => pair.a === a && pair.b === b)?.latency;
    return {
      a,
      b,
      topic,
      median_ms: medianMs,
      p90_ms: p90Ms,
      n,
      error_ms: roundMs(errorMs),
      below_error: Math.abs(medianMs) < errorMs,
      latency_ms: latency === undefined ? null : roundMs(latency.value),
      latency_error_ms: latency === undefined ? null : roundMs(latency.error),
    };
  });
}

/** What the stored looks, newest first, say of the stamps; for now also what is not stored yet. */
function stampsOf(looks: readonly ClockRecord[], health: HealthView | undefined): StampsView {
  const loopDelayMs = quantile(
    looks.map(({ loop_delay_p99_ms }) => loop_delay_p99_ms),
    0.5,
  );
  const newest = looks.find(({ reachable }) => reachable !== null);
  return {
    loop_delay_ms: loopDelayMs ?? health?.event_loop_delay_ms.p99 ?? null,
    steps: stepsOf(looks),
    offset_ms: newest?.offset_ms ?? health?.clock?.offset_ms ?? null,
    offset_error_ms: newest?.error_ms ?? health?.clock?.error_ms ?? null,
    reachable: newest?.reachable ?? health?.clock?.reachable ?? null,
  };
}

/** Offsets in a row that differ by more than both of their errors. */
function stepsOf(looks: readonly ClockRecord[]): number {
  const known = looks.flatMap(({ offset_ms, error_ms }) =>
    offset_ms === null || error_ms === null ? [] : { offset_ms, error_ms },
  );
  return known.filter((look, index) => {
    const before = known[index + 1];
    return before !== undefined && Math.abs(look.offset_ms - before.offset_ms) > look.error_ms + before.error_ms;
  }).length;
}
