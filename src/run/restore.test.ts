import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createChain } from "../chain/chain.ts";
import { readRecording, readRecordingMeta, specOf } from "../collect/recording.ts";
import { catalogue } from "../events/catalogue.ts";
import type { EpochRecord } from "../events/derived.ts";
import type { Envelope } from "../events/envelope.ts";
import { systemClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import type { MeasureUpdate } from "../measure/measure-update.ts";
import { createReport } from "../measure/report.ts";
import { createPipeline, type Pipeline, type Step } from "../pipeline.ts";
import { createEmbeddedStore } from "../store/embedded/embedded-store.ts";
import { createRecorder } from "./recorder.ts";
import { lastStoredSlot, storedEpochs, storedNodeSlots, storedObservations, storedStreams } from "./restore.ts";

const RECORDING = fileURLToPath(new URL("../../demo/devnet3-fulu-faults", import.meta.url));
/** In the middle of the partition, with a reorg behind and one ahead. */
const CUT_SLOT = 17.4;

test("a pipeline taken up from the store goes on as if it had never ended", { timeout: 60_000 }, async () => {
  const meta = await readRecordingMeta(RECORDING);
  const chain = createChain({ spec: specOf(meta), genesis: { genesis_time: meta.genesis_time } });
  const envelopes: Envelope[] = [];
  for await (const line of readRecording(RECORDING)) if (line.kind === "envelope") envelopes.push(line.envelope);
  const cutUs = chain.slotStartUs(0) + CUT_SLOT * chain.slotDurationMs * 1000;
  const before = envelopes.filter(({ receivedAtUs }) => receivedAtUs < cutUs);
  const after = envelopes.filter(({ receivedAtUs }) => receivedAtUs >= cutUs);

  const directory = await mkdtemp(join(tmpdir(), "ethmon-restore-"));
  const network = chain.network;
  const shared = { clock: systemClock(), log: silentLog };
  const store = await createEmbeddedStore({ ...shared, directory, network, datasets: catalogue });
  try {
    const first = createPipeline({ chain });
    const recorder = createRecorder({ chain, store, clock: shared.clock });
    const ongoing = createReport();
    for (const envelope of before) {
      const step = first.push(envelope);
      recorder.add(step.documents, step.updates);
    }
    await recorder.finish();
    await store.settled();

    const second = createPipeline({ chain });
    const signal = new AbortController().signal;
    const observations = await storedObservations({ ...shared, store, chain, nowUs: cutUs, signal });
    const nodeSlots = await storedNodeSlots({ store, chain, nowUs: cutUs, signal });
    expect(observations.length).toBeGreaterThan(150);
    expect((await storedStreams({ store, chain, signal })).map(({ node, state }) => `${node} ${state}`).sort()).toEqual(
      ["n1 up", "n2 up", "n3 up"],
    );
    const resumed = createReport();
    const votesOf = { ongoing: new Map<number, EpochRecord>(), resumed: new Map<number, EpochRecord>() };
    const noteVotes = (run: keyof typeof votesOf, updates: readonly MeasureUpdate[]) => {
      for (const { dataset, record } of updates) if (dataset === "epoch") votesOf[run].set(record.epoch, record);
    };
    const restored = second.restore({
      observations,
      nodeSlots,
      epochs: await storedEpochs({ store, chain, nowUs: cutUs, signal }),
      lastSlot: await lastStoredSlot({ store, chain, signal }),
    });
    resumed.noteUpdates(restored);
    noteVotes("resumed", restored);
    for (const step of goOn(second, after)) {
      resumed.noteUpdates(step.updates);
      noteVotes("resumed", step.updates);
    }
    for (const step of goOn(first, after)) {
      ongoing.noteUpdates(step.updates);
      noteVotes("ongoing", step.updates);
    }

    const [expected, actual] = [ongoing.report(), resumed.report()];
    expect(actual.reorgs.filter(({ slot }) => slot >= 15)).toEqual(expected.reorgs.filter(({ slot }) => slot >= 15));
    const told = new Map(expected.slots.map((slot) => [slot.slot, slot]));
    expect(actual.slots.length).toBeGreaterThan(40);
    for (const slot of actual.slots) expect(slot).toEqual(told.get(slot.slot));

    // Votes are not read again. What the run before saw of an epoch stands; of the one it ended in, each saw a part.
    for (const [epoch, { live_target, live_expected, votes_seen }] of votesOf.resumed) {
      const whole = votesOf.ongoing.get(epoch) ?? votesOf.resumed.get(epoch);
      if (epoch === chain.epochOf(Math.floor(CUT_SLOT))) expect(live_expected).toBeLessThan(1);
      else expect({ live_target, live_expected, votes_seen }).toMatchObject(liveOf(whole));
    }
    expect(votesOf.resumed.get(1)?.votes_seen).toBe(61);
  } finally {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  }
});

const liveOf = (record: EpochRecord | undefined) => ({
  live_target: record?.live_target,
  live_expected: record?.live_expected,
  votes_seen: record?.votes_seen,
});

function* goOn(pipeline: Pipeline, envelopes: readonly Envelope[]): Generator<Step> {
  for (const envelope of envelopes) yield pipeline.push(envelope);
  yield pipeline.finish();
}
