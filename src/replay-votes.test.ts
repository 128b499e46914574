import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { type NaiveEpoch, naiveVotes } from "../test/rigs/naive-votes.ts";
import type { EpochRecord, SlotRecord } from "./events/derived.ts";
import type { CommitteeSlotRecord, SlotVotesRecord } from "./events/vote-records.ts";
import { replay } from "./replay.ts";

const STEADY = fileURLToPath(new URL("../test/data/recordings/devnet3-electra-fulu-clean", import.meta.url));
const FAULTS = fileURLToPath(new URL("../demo/devnet3-fulu-faults", import.meta.url));

type Told = {
  epochs: Map<number, EpochRecord>;
  slots: Map<number, SlotRecord>;
  votes: Map<number, SlotVotesRecord>;
  committees: Map<string, CommitteeSlotRecord>;
  naive: Map<number, NaiveEpoch>;
};

const replayed = new Map<string, Promise<Told>>();
const tell = (directory: string): Promise<Told> => {
  const told = replayed.get(directory) ?? tellAnew(directory);
  replayed.set(directory, told);
  return told;
};

async function tellAnew(directory: string): Promise<Told> {
  const told = {
    epochs: new Map<number, EpochRecord>(),
    slots: new Map<number, SlotRecord>(),
    votes: new Map<number, SlotVotesRecord>(),
    committees: new Map<string, CommitteeSlotRecord>(),
  };
  await replay({
    directory,
    onStep({ updates }) {
      for (const update of updates) {
        if (update.dataset === "epoch") told.epochs.set(update.record.epoch, update.record);
        if (update.dataset === "slot") told.slots.set(update.record.slot, update.record);
        if (update.dataset === "slot_votes") told.votes.set(update.record.slot, update.record);
        if (update.dataset === "committee_slot")
          told.committees.set(`${update.record.slot}/${update.record.index}`, update.record);
      }
    },
  });
  const canonical = [...told.slots.values()].flatMap(({ status, block_root }) =>
    status === "proposed" && block_root !== null ? [block_root] : [],
  );
  return { ...told, naive: naiveVotes(directory, new Set(canonical)) };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe.each([
  ["the steady recording", STEADY, 1000],
  ["the recording with faults", FAULTS, 1000],
])("the votes of %s", (_, directory, attestationDueMs) => {
  let told: Told;
  beforeAll(async () => {
    told = await tell(directory);
  });

  test("are those that its lines name, each validator's once an epoch", () => {
    expect(told.naive.size).toBeGreaterThan(6);
    for (const [epoch, naive] of told.naive) {
      const record = told.epochs.get(epoch);
      expect(record).toMatchObject({
        active_validators: naive.active,
        votes_seen: naive.seen.size,
        weighted_by: "count",
        double_votes: 0,
      });
      const late = [...naive.delayMs.values()].filter((delayMs) => delayMs > attestationDueMs);
      expect(record?.votes_late).toBe(late.length);
    }
  });

  test("are told by each node as its lines have them", () => {
    for (const [epoch, naive] of told.naive) {
      const records = [...told.votes.values()].filter((record) => record.epoch === epoch);
      for (const [node, validators] of Object.entries(naive.seenBy)) {
        expect(sum(records.map(({ seen_by }) => seen_by[node] ?? 0))).toBe(validators.size);
      }
    }
  });

  test("are included by canonical blocks as those say", () => {
    for (const [epoch, naive] of told.naive) {
      const records = [...told.votes.values()].filter((record) => record.epoch === epoch);
      expect(sum(records.map(({ included }) => included))).toBe(naive.included.size);
      const delays = [...naive.included.values()];
      const coveredAll = told.epochs.get(epoch)?.blocks_expected === 1;
      if (coveredAll) expect(told.epochs.get(epoch)?.inclusion_delay).toBeCloseTo(sum(delays) / delays.length, 9);
    }
  });

  test("are counted out: on time, late, untimed and missing are all that are expected", () => {
    for (const record of told.votes.values()) {
      const { on_time, late, untimed, missing } = record;
      expect(sum([on_time ?? 0, late ?? 0, untimed ?? 0])).toBe(record.seen);
      expect((record.seen ?? 0) + (missing ?? 0)).toBe(record.expected);
      for (const share of [record.live_source, record.live_target, record.live_head, record.blocks_source]) {
        if (share !== null) expect(share).toBeLessThanOrEqual(1);
      }
      const committees = [...told.committees.values()].filter(({ slot }) => slot === record.slot);
      expect(sum(committees.map(({ validators }) => validators))).toBe(record.expected);
      for (const { on_time, late, untimed, missed, validators } of committees) {
        expect(on_time + late + untimed + missed).toBe(validators);
      }
    }
  });
});

describe("participation", () => {
  test("is 1 in every whole epoch of the steady recording, but for slot 0, in which nobody votes", async () => {
    const { epochs } = await tell(STEADY);
    for (const record of epochs.values()) {
      const all = record.epoch === 0 ? 124 / 128 : 1;
      expect(record).toMatchObject({ live_source: all, live_target: all, live_head: all, blocks_head: all });
      expect(record.inclusion_delay).toBe(1);
    }
  });

  test("lacks the frozen node's validators in the slots in which it stood, and no other", async () => {
    const { naive, votes } = await tell(FAULTS);
    const missing = [...votes.values()].filter(({ missing, slot }) => missing !== 0 && slot > 0);
    // n2 stood from 10.95 to 13.97; what it sent afterwards for slot 13 came late.
    expect(missing.map(({ slot, missing }) => [slot, missing])).toEqual([
      [11, 2],
      [12, 1],
    ]);
    expect(naive.get(1)?.seen.size).toBe(61);
    expect(votes.get(13)?.late).toBe(3);
  });

  test("the votes of the node that was cut off are seen by itself alone", async () => {
    const { votes } = await tell(FAULTS);
    for (let slot = 15; slot < 19; slot += 1) {
      const { seen, seen_by = {} } = votes.get(slot) ?? {};
      expect(seen_by["n1"]).toBe(seen_by["n2"]);
      expect((seen_by["n1"] ?? 0) + (seen_by["n3"] ?? 0)).toBe(seen);
    }
  });
});
