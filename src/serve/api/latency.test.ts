import { afterEach, describe, expect, it } from "vitest";
import { health, slotStartMs } from "../../../test/rigs/serve-fixtures.ts";
import { type ServeRig, type ServeRigOptions, startServeRig } from "../../../test/rigs/serve-rig.ts";
import { clockDataset } from "../../events/clock.ts";
import {
  type Arrival,
  type NodeEpochRecord,
  nodeEpochDataset,
  type Outcome,
  propagationDataset,
} from "../../events/comparison.ts";
import type { Document } from "../../events/document.ts";
import { documentOf, type RecordDataset } from "../../events/record.ts";
import type { LatencyView } from "../views.ts";
import { schemas } from "./schemas.ts";

let rig: ServeRig | undefined;

afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

async function latencyOf(options: ServeRigOptions, query = ""): Promise<LatencyView> {
  rig = await startServeRig(options);
  const { status, body } = await rig.get(`/api/v1/latency${query}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return schemas.Latency.parse(body);
}

const document = (dataset: RecordDataset, id: string, record: { start_ms: number }): Document =>
  documentOf({ dataset, record, timestampUs: record.start_ms * 1000, id });

/** An epoch of a node that had each block so long after 500 ms. */
function nodeEpoch(node: string, epoch: number, afterMs: (slot: number) => number | null): Document {
  const slots = Array.from({ length: 32 }, (_, index) => epoch * 32 + index);
  const arrivals = slots.map((slot): Arrival => {
    const ms = afterMs(slot);
    return ms === null ? [slot, null, null, null] : [slot, 500 + ms, null, 700 + ms];
  });
  const record: NodeEpochRecord = {
    epoch,
    node,
    client: "lodestar",
    start_ms: slotStartMs(epoch * 32),
    blocks_seen: arrivals.filter(([, gossip]) => gossip !== null).length,
    blocks_total: 32,
    votes_seen: 900,
    votes_total: 1000,
    left_out: [],
    echoes: 1,
    gaps: 0,
    gap_ms: 0,
    arrivals,
  };
  return document(nodeEpochDataset, `${epoch}/${node}`, record);
}

function propagation(epoch: number, outcomes: readonly Outcome[]): Document {
  const start_ms = slotStartMs(epoch * 32);
  const spread = { slots: 32, spread_median_ms: 1, spread_p90_ms: 2 };
  const record = { epoch, start_ms, ...spread, attestation_due_ms: 4000, outcomes };
  return document(propagationDataset, `${epoch}`, record);
}

function look(atSlot: number, changes: { loop_delay_p99_ms: number; offset_ms: number }): Document {
  const record = {
    ...{ reachable: true, error_ms: 2, server: "ntp.example", round_trip_ms: 4, stratum: 2, agreeing: 3, reason: null },
    ...{ loop_delay_p50_ms: 1, loop_delay_max_ms: 80, ...changes },
  };
  return documentOf({ dataset: clockDataset, record, timestampUs: slotStartMs(atSlot) * 1000 });
}

describe("how the nodes compare", () => {
  it("is told of the last epochs: completeness, differences, biases, curves and outcomes", async () => {
    const documents = [0, 1, 2].flatMap((epoch) => [
      nodeEpoch("n1", epoch, () => 0),
      nodeEpoch("n2", epoch, (slot) => (slot === 40 ? null : 60 + (slot % 4))),
      propagation(epoch, [
        [-3500, 30, 0],
        [500, 2, 1],
      ]),
    ]);
    const view = await latencyOf({ documents });
    expect(view).toMatchObject({
      from_ms: slotStartMs(0),
      to_ms: slotStartMs(96),
      epochs: 3,
      bias_topic: "block_gossip",
    });
    expect(view.nodes).toMatchObject([
      { node: "n1", blocks_seen: 96, blocks_total: 96, votes_seen: 2700, votes_total: 3000, echoes: 3 },
      { node: "n2", blocks_seen: 95, blocks_total: 96, client: "lodestar", gap_ms: 0 },
    ]);
    expect(view.nodes[1]?.bias_ms).toBe(31);
    expect(view.nodes[0]?.bias_ms).toBe(-31);
    expect(view.pairs).toMatchObject([
      { a: "n1", b: "n2", topic: "block_gossip", n: 95, below_error: false, latency_ms: null, latency_error_ms: null },
    ]);
    expect(view.pairs[0]?.median_ms).toBe(62);
    expect(view.spread).toMatchObject({ slots: 95 });
    expect(view.curves.from_slot_start.map(({ ms, median }) => [ms, median])).toEqual([
      [450, 0],
      [500, 0.5],
      [550, 0.5],
      [600, 1],
    ]);
    expect(view.curves.from_first_seen.at(-1)).toMatchObject({ ms: 100, share: 191 / 192 });
    expect(view.orphans).toMatchObject({
      attestation_due_ms: 4000,
      bins: [
        { from_ms: -3500, to_ms: -3000, blocks: 90, orphaned: 0, low: 0 },
        { from_ms: 500, to_ms: 1000, blocks: 6, orphaned: 3, share: 0.5 },
      ],
    });
  });

  it("is told of the epochs that a span touches, alone", async () => {
    const documents = [0, 1, 2, 3].map((epoch) => nodeEpoch("n1", epoch, () => 0));
    const view = await latencyOf({ documents }, `?from=${slotStartMs(63)}&to=${slotStartMs(65)}`);
    expect(view).toMatchObject({ from_ms: slotStartMs(32), to_ms: slotStartMs(96), epochs: 2 });
  });

  it("says that a difference lies below the error of the stamps, which is the event loop's and not the clock's", async () => {
    const documents = [
      nodeEpoch("n1", 2, () => 0),
      nodeEpoch("n2", 2, () => 30),
      look(70, { loop_delay_p99_ms: 40, offset_ms: 500 }),
      look(71, { loop_delay_p99_ms: 44, offset_ms: 503 }),
      look(72, { loop_delay_p99_ms: 42, offset_ms: -20 }),
    ];
    const view = await latencyOf({ documents });
    expect(view.stamps).toEqual({
      loop_delay_ms: 42,
      steps: 1,
      offset_ms: -20,
      offset_error_ms: 2,
      reachable: true,
    });
    expect(view.pairs).toMatchObject([{ median_ms: 30, error_ms: 42, below_error: true }]);
  });

  it("takes the running program's word on the stamps while no look is stored, for now and not for the past", async () => {
    const documents = [nodeEpoch("n1", 2, () => 0), nodeEpoch("n2", 2, () => 3)];
    const view = await latencyOf({ documents, source: { health: () => health } });
    expect(view.stamps).toMatchObject({ loop_delay_ms: 4, offset_ms: -3.25, offset_error_ms: 8.5 });
    expect(view.pairs).toMatchObject([{ error_ms: 4, below_error: true }]);
    await rig?.close();
    const past = await latencyOf({ documents }, `?from=${slotStartMs(64)}`);
    expect(past.stamps).toMatchObject({ loop_delay_ms: null, offset_ms: null });
    expect(past.pairs).toMatchObject([{ error_ms: 0, below_error: false }]);
  });

  it("is empty, and not an error, where nothing is stored", async () => {
    const view = await latencyOf({ documents: [] });
    expect(view).toMatchObject({ epochs: 0, nodes: [], pairs: [], spread: null, bias_topic: null });
    expect(view.curves).toEqual({ from_slot_start: [], from_first_seen: [] });
    expect(view.orphans).toEqual({ attestation_due_ms: 4000, bins: [] });
  });

  it("refuses a time that is none", async () => {
    rig = await startServeRig({});
    const { status, body } = await rig.get("/api/v1/latency?from=yesterday");
    expect(status).toBe(400);
    expect(schemas.Error.parse(body).error.message).toBe(
      'The query parameter "from" must be a time in Unix milliseconds, not "yesterday".',
    );
  });
});
