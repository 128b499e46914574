import { afterEach, describe, expect, test } from "vitest";
import { createRecordingBuilder, type RecordingBuilder } from "../../test/rigs/recording-builder.ts";
import type { SlotRecord } from "../events/derived.ts";
import { replay } from "../replay.ts";

let builder: RecordingBuilder = createRecordingBuilder();
afterEach(() => builder.remove());

/** Each slot as it was told, with the moment within the slot of the event before which it was. */
async function told(): Promise<{ at: number; record: SlotRecord }[]> {
  const all: { at: number; record: SlotRecord }[] = [];
  let at = 0;
  await replay({
    directory: await builder.write(),
    onStep({ enriched, updates }) {
      if (enriched !== undefined && "receivedAtUs" in enriched)
        at = (enriched.receivedAtUs / 1000 - builder.startMs(0)) / 6000;
      for (const update of updates) if (update.dataset === "slot") all.push({ at, record: update.record });
    },
  });
  return all;
}

describe("a slot that is over", () => {
  test("is without a block as soon as it ends, and no more when a late one comes", async () => {
    builder = createRecordingBuilder();
    builder.open();
    builder.chain(["a"], { from: 1, parent: "genesis", headers: true });
    builder.block("b", { slot: 2, parent: "a" });
    builder.event({ node: "n1", atMs: builder.startMs(3) + 10, event: "voluntary_exit", data: {} });
    builder.see("b", ["n1", "n2", "n3"], { gossip: 7000, import: 7100, head: 7200 });
    builder.header("b", { atMs: builder.startMs(3) + 1300 });
    builder.chain(["c"], { from: 4, parent: "b", headers: true });
    const slot2 = (await told()).filter(({ record }) => record.slot === 2);
    const ended = slot2.find(({ record }) => record.without_block);
    expect(ended?.record.status).toBe("pending");
    expect(ended?.at).toBeCloseTo(3, 2);
    expect(slot2.at(-1)?.record).toMatchObject({ status: "proposed", without_block: false });
  });
});

describe("two blocks of one slot", () => {
  function pair(proposers: readonly [number, number]) {
    builder = createRecordingBuilder();
    builder.open();
    builder.chain(["a"], { from: 1, parent: "genesis", headers: true });
    const [first, second] = [
      builder.block("b", { slot: 2, parent: "a" }),
      builder.block("b'", { slot: 2, parent: "a" }),
    ];
    [first.proposer, second.proposer] = proposers;
    builder.see("b", ["n1", "n2"]);
    builder.see("b'", ["n3"]);
    builder.header("b");
    builder.header("b'");
    builder.chain(["c"], { from: 3, parent: "b", headers: true });
  }

  test("are an equivocation when one proposer made both", async () => {
    pair([5, 5]);
    const { record } = (await told()).findLast(({ record }) => record.slot === 2) ?? {};
    expect(record).toMatchObject({ equivocating: [5], heads: 2 });
    expect(record?.heads_held?.map(({ nodes }) => nodes)).toEqual([["n1", "n2"], ["n3"]]);
  });

  test("of two proposers are none", async () => {
    pair([5, 6]);
    const { record } = (await told()).findLast(({ record }) => record.slot === 2) ?? {};
    expect(record?.equivocating).toBeNull();
  });
});
