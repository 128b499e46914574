import { afterEach, describe, expect, test } from "vitest";
import { chainOf, envelopesOf, recordsOf } from "../test/rigs/built-records.ts";
import { createRecordingBuilder, type RecordingBuilder, rootOf } from "../test/rigs/recording-builder.ts";
import type { Envelope } from "./events/envelope.ts";
import { createPipeline } from "./pipeline.ts";

let builder: RecordingBuilder = createRecordingBuilder();
afterEach(() => builder.remove());

const chain = chainOf(builder);

describe("after a restart", () => {
  test("what an earlier run observed gives its state back, and only its last moments are told again", async () => {
    builder = createRecordingBuilder();
    const names = Array.from({ length: 20 }, (_, i) => `r${i + 1}`);
    builder.chain(names, { from: 1, parent: "genesis" });
    const all = await envelopesOf(builder);
    const uninterrupted = createPipeline({ chain });
    const expected = all.flatMap((envelope) => [...uninterrupted.push(envelope).updates]);

    const taken = createPipeline({ chain });
    const told = taken.restore({ observations: all, nodeSlots: [], epochs: [], lastSlot: undefined });
    const newest = (dataset: "slot" | "epoch") => recordsOf(dataset, expected).at(-1);
    expect(recordsOf("slot", told).map(({ slot }) => slot)).toEqual(expect.arrayContaining([20]));
    expect(recordsOf("slot", told).every(({ slot }) => slot >= 18)).toBe(true);
    expect(recordsOf("epoch", told).at(-1)?.epoch).toBe(newest("epoch")?.epoch);
    expect(recordsOf("node_slot", told)).toEqual([]);
    expect(recordsOf("ethereum.gap", told)).toEqual([]);

    builder.block("next", { slot: 22, parent: "r20" });
    const next: Envelope = {
      kind: "event",
      node: "n1",
      receivedAtUs: chain.slotStartUs(22) + 300_000,
      topic: "head",
      text: JSON.stringify({ slot: "22", block: rootOf("next"), state: rootOf("s"), epoch_transition: false }),
    };
    const header: Envelope = {
      kind: "rest",
      node: "n1",
      receivedAtUs: chain.slotStartUs(22) + 400_000,
      path: `/eth/v1/beacon/headers/${rootOf("next")}`,
      status: 200,
      body: {
        data: {
          root: rootOf("next"),
          header: { message: { slot: "22", proposer_index: "1", parent_root: rootOf("r20") } },
        },
      },
    };
    const ends = [taken, uninterrupted].map((pipeline) => {
      pipeline.push(next);
      pipeline.push(header);
      const settled = pipeline.advance(chain.slotStartUs(23)).updates;
      return recordsOf("slot", settled).filter(({ slot }) => slot >= 21);
    });
    expect(ends[0]).toEqual(ends[1]);
    expect(ends[0]?.map(({ slot, status }) => [slot, status])).toEqual(
      expect.arrayContaining([
        [21, "missed"],
        [22, "proposed"],
      ]),
    );
  });

  test("a reorg of the last seconds, which may not have been stored, is told again", async () => {
    builder = createRecordingBuilder();
    builder.chain(["a", "b"], { from: 1, parent: "genesis" });
    builder.chain(["b'"], { from: 3, parent: "a" });
    builder.rest({ node: "n1", atMs: builder.startMs(3) + 3000, path: "/eth/v1/something", body: null });
    builder.rest({ node: "n1", atMs: builder.startMs(3) + 4000, path: "/eth/v1/something", body: null });
    const told = createPipeline({ chain }).restore({
      observations: await envelopesOf(builder),
      nodeSlots: [],
      epochs: [],
      lastSlot: undefined,
    });
    expect(recordsOf("reorg", told).map(({ id, depth }) => [id, depth])).toEqual([[rootOf("b"), 1]]);
  });

  test("there is nothing to tell when nothing was stored", () => {
    expect(
      createPipeline({ chain }).restore({ observations: [], nodeSlots: [], epochs: [], lastSlot: undefined }),
    ).toEqual([]);
  });
});
