import { describe, expect, test } from "vitest";
import type { FaultLine } from "../../devnet/fault-log.ts";
import type { GapRecord, SlotRecord } from "../../src/events/derived.ts";
import { nodeView, reorgRecord, slotRecord } from "../rigs/serve-fixtures.ts";
import { compareWithTruth } from "./compare.ts";
import type { Told } from "./told.ts";
import type { Truth } from "./truth.ts";
import type { Sighting } from "./witness.ts";

/** Slot 1 has a block, slot 2 a late one, slot 3 one that n2 left, slot 4 none, slot 5 came while n1 was cut off. */
const START_MS = 1_700_000_000_000;
const SLOT_MS = 3_000;
const atMs = (slot: number, delayMs: number) => START_MS + slot * SLOT_MS + delayMs;
const root = (slot: number) => `0x${String(slot).repeat(64)}`;

const saw = (node: string, slot: number, delayMs: number): Sighting => ({
  node,
  topic: "block",
  slot,
  root: root(slot),
  atMs: atMs(slot, delayMs),
});

const truth: Truth = {
  firstSlot: 1,
  lastSlot: 5,
  slots: [
    { slot: 1, status: "proposed", root: root(1), lateness: "timely" },
    { slot: 2, status: "proposed", root: root(2), lateness: "late" },
    { slot: 3, status: "orphaned", root: null, lateness: "near" },
    { slot: 4, status: "missed", root: null, lateness: "timely" },
    { slot: 5, status: "proposed", root: root(5), lateness: "timely" },
  ],
  reorgs: [{ firstAbandoned: root(3), slot: 3, depth: 1, nodes: ["n2"], abandoned: [], adopted: [] }],
  sightings: [
    saw("n1", 1, 100),
    saw("n2", 1, 120),
    saw("n1", 2, 1700),
    saw("n2", 2, 1750),
    saw("n2", 3, 900),
    saw("n1", 5, 90),
    saw("n2", 5, 95),
  ],
  headers: new Map(),
};

const cut = (kind: string, t_ms: number): FaultLine => ({ t_ms, slot: 0, kind, node: "n1" });
const faults = [cut("cut_start", atMs(4, 2700)), cut("cut_end", atMs(5, 2700))];

function slot(number: number, changes: Partial<SlotRecord>): SlotRecord {
  const seen = Object.fromEntries(
    truth.sightings
      .filter((sighting) => sighting.slot === number && !(sighting.node === "n1" && number === 5))
      .map((sighting) => [sighting.node, sighting.atMs - atMs(number, 0) + 1]),
  );
  const blocks = slotRecord(number).blocks.map((block) => ({ ...block, root: root(number), seen_ms: seen }));
  return slotRecord(number, { start_ms: atMs(number, 0), block_root: root(number), blocks, ...changes });
}

const gap: GapRecord = { node: "n1", from_ms: atMs(4, 2705), to_ms: atMs(6, 800), cause: "closed" };
const told: Told = {
  slots: [
    slot(5, {}),
    slot(4, { status: "missed", block_root: null, blocks: [] }),
    slot(3, { status: "orphaned" }),
    slot(2, { late: true }),
    slot(1, {}),
  ],
  reorgs: [reorgRecord(4, { id: root(3), abandoned: [{ slot: 3, root: root(3) }], nodes: ["n2"] })],
  gaps: [gap],
  votes: [],
  latencies: new Map(),
  nodes: ["n1", "n2"].map((name) =>
    nodeView(name, {
      client: "Lodestar",
      version: "Lodestar/v1.5.1/2115aa7",
      head: { slot: 6, root: root(6), at_ms: 0 },
      reconnects: name === "n1" ? 1 : 0,
    }),
  ),
};

const client = { family: "Lodestar", version: "Lodestar/v1.5.1/" };

const wrong = (changes: Partial<Told>, done: readonly FaultLine[] = faults): string[] =>
  compareWithTruth({ truth, told: { ...told, ...changes }, faults: done, client })
    .filter(({ ok }) => !ok)
    .map(({ what }) => what);

const withSlot = (number: number, changes: Partial<SlotRecord>): Partial<Told> => ({
  slots: told.slots.map((one) => (one.slot === number ? { ...one, ...changes } : one)),
});

test("a monitor that tells what happened is right in every line", () => {
  expect(wrong({})).toEqual([]);
});

test("what is too close to call may be told either way", () => {
  expect(wrong(withSlot(3, { late: true }))).toEqual([]);
});

describe("a monitor is wrong that", () => {
  const proposed = "proposed slots from 1 to 5, with their blocks";
  const arrivals = "arrivals of a block on a node";
  test.each<[string, Partial<Told>, string[]]>([
    ["does not find a late block", withSlot(2, { late: false }), ["late slots"]],
    ["calls a timely block late", withSlot(1, { late: true }), ["late slots"]],
    ["holds another block for canonical", withSlot(1, { block_root: root(9) }), [proposed]],
    ["does not judge a slot", withSlot(4, { status: "unknown" }), ["missed slots"]],
    ["calls an orphaned slot missed", withSlot(3, { status: "missed" }), ["missed slots", "orphaned slots"]],
    ["tells one slot twice", { slots: [...told.slots, slot(1, {})] }, [proposed]],
    ["does not find a reorg", { reorgs: [] }, ["reorgs"]],
    ["counts its depth otherwise", { reorgs: told.reorgs.map((one) => ({ ...one, depth: 2 })) }, ["reorgs"]],
    ["names another node for it", { reorgs: told.reorgs.map((one) => ({ ...one, nodes: ["n1", "n2"] })) }, ["reorgs"]],
    ["does not find a gap", { gaps: [] }, ["gaps"]],
    ["finds a gap that none made", { gaps: [gap, { ...gap, node: "n2" }] }, ["gaps"]],
    ["ends a gap before its time", { gaps: [{ ...gap, to_ms: atMs(5, 2000) }] }, ["gaps"]],
    ["lost a block of one node outside of a gap", withSlot(2, { blocks: slot(1, {}).blocks }), [arrivals]],
    ["stamps arrivals otherwise", withSlot(1, { start_ms: atMs(1, 500) }), [arrivals]],
    [
      "did not connect again",
      { nodes: told.nodes.map((node) => ({ ...node, reconnects: 0 })) },
      ["node n1 at the end"],
    ],
    ["does not know a node", { nodes: told.nodes.slice(0, 1) }, ["node n2 at the end"]],
  ])("%s", (_, changes, expected) => {
    expect(wrong(changes)).toEqual(expected);
  });

  test("finds a gap where nothing was cut", () => {
    expect(wrong({}, [])).toEqual(["gaps", arrivals, "node n1 at the end"]);
  });
});
