import { describe, expect, test } from "vitest";
import { createChain } from "../chain/chain.ts";
import type { GapRecord, SlotRecord } from "../events/derived.ts";
import type { MeasureUpdate } from "../measure/measure-update.ts";
import { createCoalescer, documentOfUpdate } from "./coalescer.ts";

const chain = createChain({
  spec: { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32" },
  genesis: { genesis_time: 1_800_000_000 },
});

const slotUpdate = (slot: number, changes: Partial<SlotRecord> = {}): MeasureUpdate => ({
  dataset: "slot",
  record: {
    slot,
    epoch: chain.epochOf(slot),
    slot_index: chain.slotIndexOf(slot),
    fork: "fulu",
    start_ms: chain.slotStartUs(slot) / 1000,
    status: "pending",
    proposer_index: null,
    block_root: null,
    parent_root: null,
    parent_inferred: false,
    backfilled: false,
    seen_ms: {},
    delay_ms: null,
    spread_ms: null,
    late: false,
    attestation_due_ms: 4000,
    blocks: [],
    without_block: false,
    equivocating: null,
    heads: null,
    heads_held: null,
    ...changes,
  },
});

const gap: GapRecord = { node: "n1", from_ms: 1_800_000_001_000.5, to_ms: 1_800_000_002_000.25, cause: "closed" };
const gapUpdate: MeasureUpdate = { dataset: "ethereum.gap", record: gap };

describe("a derived document", () => {
  test("is stored once a second at most, as it stands then", () => {
    const coalescer = createCoalescer(chain);
    coalescer.add([slotUpdate(1)], 0);
    coalescer.add([slotUpdate(1, { status: "proposed" })], 900_000);
    expect(coalescer.due(999_999)).toEqual([]);
    expect(coalescer.due(1_000_000).map(({ id, fields }) => [id, fields["ethereum.status"]])).toEqual([
      ["1", "proposed"],
    ]);
    expect(coalescer.due(9_000_000)).toEqual([]);
  });

  test("waits by its first change, however often it changes", () => {
    const coalescer = createCoalescer(chain);
    for (let us = 0; us < 1_000_000; us += 50_000) coalescer.add([slotUpdate(1, { delay_ms: us })], us);
    expect(coalescer.due(1_000_000)).toHaveLength(1);
  });

  test("does not wait when the program ends", () => {
    const coalescer = createCoalescer(chain);
    coalescer.add([slotUpdate(1), slotUpdate(2), gapUpdate], 0);
    expect(coalescer.rest().map(({ dataset, id }) => `${dataset} ${id}`)).toEqual([
      "ethereum.gap undefined",
      "slot 1",
      "slot 2",
    ]);
    expect(coalescer.rest()).toEqual([]);
  });
});

test("gaps are told at once and each for itself: they have no key that a later one would replace", () => {
  const coalescer = createCoalescer(chain);
  coalescer.add([gapUpdate, gapUpdate], 0);
  const documents = coalescer.due(0);
  expect(documents).toHaveLength(2);
  expect(documents[0]).toEqual({
    dataset: "ethereum.gap",
    timestampUs: 1_800_000_002_000_250,
    fields: {
      "observer.name": "n1",
      "event.start": 1_800_000_001_000_500,
      "event.end": 1_800_000_002_000_250,
      "event.reason": "closed",
    },
  });
});

test("a document's time is the moment it is about", () => {
  const slot = documentOfUpdate(chain, slotUpdate(5));
  expect(slot).toMatchObject({ dataset: "slot", id: "5", timestampUs: chain.slotStartUs(5) });
  expect(slot.fields["event.start"]).toBe(chain.slotStartUs(5));
});
