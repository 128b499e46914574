import { afterEach, expect, test } from "vitest";
import {
  type EpochRecord,
  epochDataset,
  type GapRecord,
  gapDataset,
  type SlotRecord,
  type StreamRecord,
  slotDataset,
  streamDataset,
} from "../../src/events/derived.ts";
import { type RecordDataset, recordOfSource, valueAt } from "../../src/events/record.ts";
import { type ReorgRecord, reorgDataset } from "../../src/events/reorg.ts";
import { createRandom } from "../../src/lib/random.ts";
import type { MeasureUpdate } from "../../src/measure/measure-update.ts";
import { createPipeline } from "../../src/pipeline.ts";
import { indexName } from "../../src/search/index-pattern.ts";
import { startFakeNode } from "../rigs/fake-node.ts";
import { IS_LONG } from "../rigs/repetitions.ts";
import { startSteppedMonitor } from "../rigs/stepped-monitor.ts";
import { storedHits } from "../rigs/stored.ts";
import { until } from "../rigs/until.ts";
import { type Face, startFace } from "./faces.ts";
import { play } from "./play.ts";
import { createTruth, GENESIS_S, NETWORK, SPEC, type Truth } from "./truth.ts";
import { upset } from "./upset.ts";

/** Of mainnet. Another seed: SEED=7 npm test -- test/chaos */
const HOURS = IS_LONG ? 3 : 1.5;
const SLOTS = 300 * HOURS;
const SEED = Number(process.env["SEED"] ?? 1);
const TOPICS = ["block_gossip", "block", "head", "chain_reorg", "attestation", "voluntary_exit"];

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

type Derived = { slots: SlotRecord[]; epochs: EpochRecord[]; reorgs: ReorgRecord[] };

/** What is derived from the truth when nothing disturbs it. */
function quiet(truth: Truth): Derived {
  const pipeline = createPipeline({ chain: truth.chain });
  const newest = new Map<string, MeasureUpdate>();
  const take = (updates: readonly MeasureUpdate[]) => {
    for (const update of updates) {
      if (update.dataset === "slot") newest.set(`slot ${update.record.slot}`, update);
      if (update.dataset === "epoch") newest.set(`epoch ${update.record.epoch}`, update);
      if (update.dataset === "reorg") newest.set(`reorg ${update.record.id}`, update);
    }
  };
  for (const envelope of truth.envelopes) take(pipeline.push(envelope).updates);
  take(pipeline.advance(truth.endUs).updates);
  const all = [...newest.values()];
  return {
    slots: all.flatMap((update) => (update.dataset === "slot" ? [update.record] : [])),
    epochs: all.flatMap((update) => (update.dataset === "epoch" ? [update.record] : [])),
    reorgs: all.flatMap((update) => (update.dataset === "reorg" ? [update.record] : [])),
  };
}

/** What must not depend on which nodes could be heard: of whole epochs, the slots' and the reorgs' last word. */
function essence({ slots, epochs, reorgs }: Derived) {
  const lastEpoch = Math.floor(SLOTS / 32) - 1;
  return {
    slots: slots
      .filter(({ slot }) => slot >= 1 && slot < SLOTS - 1)
      .sort((a, b) => a.slot - b.slot)
      // Whose turn a missed slot was is known from duties alone.
      .map(({ slot, status, proposer_index: proposer, block_root, parent_root, parent_inferred, late }) =>
        [slot, status, block_root === null ? null : proposer, block_root, parent_root, parent_inferred, late].join(),
      ),
    epochs: epochs
      .filter(({ epoch }) => epoch <= lastEpoch)
      .sort((a, b) => a.epoch - b.epoch)
      .map(({ epoch, proposed, missed, orphaned, unknown, pending, late }) =>
        [epoch, proposed, missed, orphaned, unknown, pending, late].join(),
      ),
    reorgs: reorgs
      .filter(({ withdrawn }) => !withdrawn)
      .sort((a, b) => a.slot - b.slot)
      .map(({ id, slot, depth, old_head, common_ancestor, inferred }) =>
        [id, slot, depth, old_head, common_ancestor, inferred].join(),
      ),
  };
}

async function storedRecords<T>(directory: string, dataset: RecordDataset): Promise<T[]> {
  const [hits = []] = await storedHits({ directory, patterns: [indexName(dataset, NETWORK)] });
  return hits.map(({ _source }) => recordOfSource(dataset, _source) as unknown as T);
}

test(`${HOURS} hours of nodes over HTTP that cut, stall, double, swap and lie change nothing that is derived, and each gap made is found (seed ${SEED})`, {
  timeout: 300_000,
}, async () => {
  const random = createRandom(SEED);
  const truth = createTruth({ random, slots: SLOTS });
  const upsets = upset({ truth, random, cuts: 16, stalls: 4, lies: 120 });
  const faces = new Map<string, Face>();
  for (const name of truth.nodes) {
    const face = await startFace(truth);
    cleanUp.push(face.close);
    faces.set(name, face);
  }
  faces.get("n2")?.refuseTopics(["voluntary_exit"], "named");
  const mover = await startFakeNode({ genesisTimeS: GENESIS_S, spec: SPEC });
  cleanUp.push(mover.close);
  // It stands at genesis: that it tells nothing is no gap.
  const standing = { head_slot: "0", sync_distance: "0", is_syncing: false, is_optimistic: false, el_offline: false };
  mover.answer("/eth/v1/node/syncing", { body: { data: standing } });

  const monitor = await startSteppedMonitor({
    nodes: [...[...faces].map(([name, { url }]) => ({ name, url })), { name: "mover", url: mover.url }],
    topics: TOPICS,
    nowUs: truth.chain.slotStartUs(0) - 1_000_000,
  });
  cleanUp.push(monitor.remove);
  await until("n2's other topics stream", () => faces.get("n2")?.streams() === 1);

  const move = async () => {
    mover.answer("/eth/v1/beacon/genesis", {
      body: {
        data: { genesis_time: String(GENESIS_S), genesis_validators_root: `0x${"66".repeat(32)}` },
      },
    });
    mover.cutStreams();
    await until("the node that moved is refused", () => monitor.node("mover").state === "refused");
  };
  const played = await play({ monitor, faces, upsets, move });
  monitor.passTo(truth.endUs);
  // The last word of time: what is no JSON goes through the pipeline, too.
  await monitor.receive("n1", 1, () => faces.get("n1")?.emitBytes("event: head\ndata: no more\n\n"));
  await monitor.stop();

  const { directory } = monitor;
  const found: Derived = {
    slots: await storedRecords<SlotRecord>(directory, slotDataset),
    epochs: await storedRecords<EpochRecord>(directory, epochDataset),
    reorgs: await storedRecords<ReorgRecord>(directory, reorgDataset),
  };
  expect(essence(found)).toEqual(essence(quiet(truth)));
  expect(found.slots.filter(({ status }) => status === "missed").map(({ slot }) => slot)).toEqual(truth.missed);

  const gaps = await storedRecords<GapRecord>(directory, gapDataset);
  const byTime = (all: readonly GapRecord[]) => all.toSorted((a, b) => a.from_ms - b.from_ms);
  expect(byTime(gaps)).toEqual(byTime(played.gaps));
  expect(gaps.filter(({ cause }) => cause === "closed").length).toBeGreaterThan(8);
  expect(gaps.filter(({ cause }) => cause === "silent").length).toBeGreaterThan(2);

  const [events = [], quarantined = []] = await storedHits({
    directory,
    patterns: [
      ["block_gossip", "block", "head"].map((topic) => `logs-ethereum.${topic}-${NETWORK}`).join(),
      `logs-ethereum.quarantine-${NETWORK}`,
    ],
  });
  expect(events.filter(({ _source }) => valueAt(_source, "ethereum.echo") === true)).toHaveLength(played.echoes);
  expect(found.reorgs.some(({ depth_hints }) => Object.values(depth_hints).some((depth) => depth !== "1"))).toBe(true);
  expect(quarantined).toHaveLength(played.lies + 1);
  expect(played.echoes).toBeGreaterThan(100);
  expect(played.lies).toBeGreaterThan(50);

  const streams = await storedRecords<StreamRecord>(directory, streamDataset);
  expect(Object.fromEntries(streams.map(({ node, state }) => [node, state]))).toEqual({
    n1: "up",
    n2: "up",
    n3: "up",
    mover: "down",
  });
  expect(monitor.node("n2").topics["voluntary_exit"]).toBe("refused");
});
