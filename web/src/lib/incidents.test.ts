import { expect, test } from "vitest";
import type { GapRecord, SlotRecord } from "../../../src/events/derived.ts";
import type { ReorgRecord } from "../../../src/events/reorg.ts";
import type { NetworkView } from "../../../src/serve/views.ts";
import { incidentsOf } from "./incidents.ts";

const network: NetworkView = {
  name: "minimal",
  genesis_time: 1000,
  genesis_validators_root: null,
  slot_duration_ms: 3000,
  slots_per_epoch: 8,
  forks: [{ fork: "fulu", epoch: 0, deadlines: { attestation_due_ms: 999, aggregate_due_ms: 2000 } }],
  demo: false,
  now_ms: 0,
};

function slotOf(slot: number, change: Partial<SlotRecord> = {}): SlotRecord {
  const seen_ms = change.seen_ms ?? { n1: 200, n2: 220, n3: 260 };
  const root = `0x${slot.toString(16).padStart(64, "0")}`;
  const blocks =
    change.status === "missed"
      ? []
      : [
          {
            root,
            parent_root: null,
            parent_inferred: false,
            backfilled: false,
            proposer_index: 1,
            canonical: true,
            seen_ms,
          },
        ];
  return {
    slot,
    epoch: Math.floor(slot / 8),
    slot_index: slot % 8,
    fork: "fulu",
    start_ms: 1_000_000 + slot * 3000,
    status: "proposed",
    proposer_index: 33,
    block_root: root,
    parent_root: null,
    parent_inferred: false,
    backfilled: false,
    seen_ms,
    delay_ms: 200,
    spread_ms: 60,
    late: false,
    attestation_due_ms: 999,
    blocks,
    without_block: false,
    equivocating: null,
    heads: 1,
    heads_held: null,
    ...change,
  };
}

function incidents(input: { slots?: SlotRecord[]; reorgs?: ReorgRecord[]; gaps?: GapRecord[] }) {
  return incidentsOf({
    network,
    slots: input.slots ?? [],
    reorgs: input.reorgs ?? [],
    gaps: input.gaps ?? [],
    nodes: ["n1", "n2", "n3"],
    currentSlot: 100,
    usualDelayMs: 210,
  });
}

test("slots that went well are no incident", () => {
  expect(incidents({ slots: [slotOf(1), slotOf(2)] })).toEqual([]);
});

test("late, missed and orphaned slots are told newest first with their baseline", () => {
  const seen_ms = { n1: 1730, n2: 1760, n3: 1790 };
  const told = incidents({
    slots: [
      slotOf(10, { status: "orphaned", late: true, seen_ms }),
      slotOf(37, { status: "missed", block_root: null, seen_ms: {} }),
      slotOf(20, { late: true, seen_ms }),
    ],
  });
  expect(told.map(({ kind, title, slot }) => [kind, title, slot])).toEqual([
    ["missed", "Slot 37 missed", 37],
    ["late", "Slot 20 late, 1.73 s", 20],
    ["orphaned", "Slot 10 late by 0.73 s and orphaned", 10],
  ]);
  expect(told[1]?.detail).toBe("Attestations are due at 1.00 s. Usual 0.21 s.");
  expect(told[0]?.detail).toBe("No node saw a block. Proposer 33.");
});

test("a node that saw the blocks late or never is told once for the whole span", () => {
  const told = incidents({
    slots: [
      slotOf(10),
      slotOf(11, { seen_ms: { n1: 200, n2: 6300, n3: 240 } }),
      slotOf(12, { status: "missed", seen_ms: {} }),
      slotOf(13, { seen_ms: { n1: 200, n3: 240 } }),
      slotOf(14),
    ],
  });
  expect(told.filter(({ kind }) => kind === "behind")).toMatchObject([
    {
      title: "n2 behind the others, slots 11–13",
      detail: "1 block late, seen up to 6.3 s after the slot's start and 1 block not seen; the others were in time.",
      slot: 11,
    },
  ]);
});

test("several nodes behind in the same slots are one incident", () => {
  const told = incidents({ slots: [slotOf(11, { seen_ms: { n1: 200, n2: 1300, n3: 1400 } })] });
  expect(told.map(({ title }) => title)).toEqual(["Slot 11 late on 2 of 3 nodes"]);
});

test("the running slot leaves nobody behind", () => {
  expect(incidents({ slots: [slotOf(100, { seen_ms: { n1: 200 } })] })).toEqual([]);
});

test("reorgs name their nodes and what was left, withdrawn ones are left out", () => {
  const reorg: ReorgRecord = {
    id: "0xa",
    slot: 11,
    depth: 1,
    nodes: ["n1", "n2", "n3"],
    old_head: "0xa",
    new_head: "0xb",
    common_ancestor: "0xc",
    at_ms: 1_033_237,
    abandoned: [{ slot: 10, root: "0xa" }],
    adopted: [{ slot: 11, root: "0xb" }],
    switches: [],
    inferred: false,
    depth_hints: {},
    crosses_justified: false,
    withdrawn: false,
  };
  const told = incidents({ reorgs: [reorg, { ...reorg, id: "0xd", withdrawn: true }] });
  expect(told).toMatchObject([
    {
      title: "Reorg of 1 block, slot 10 left",
      detail: "On all nodes, for a head at slot 11.",
      slot: 10,
      path: "/reorgs/0xa",
      atMs: 1_033_237,
    },
  ]);
});

test("a gap says how long, which slots and why", () => {
  const gap: GapRecord = { node: "n2", from_ms: 1_033_000, to_ms: 1_042_100, cause: "silent" };
  expect(incidents({ gaps: [gap] })).toMatchObject([
    {
      title: "n2: no events for 9.1 s",
      detail: "From slots 11–14: the event stream was open and silent.",
      slot: 11,
      path: "/nodes/n2",
    },
  ]);
});
