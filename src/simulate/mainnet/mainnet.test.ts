import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../../test/rigs/until.ts";
import { type Collector, createCollector } from "../../collect/collector.ts";
import { topicDatasets } from "../../events/catalogue.ts";
import type { Envelope } from "../../events/envelope.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import type { MeasureUpdate } from "../../measure/measure-update.ts";
import { createPipeline, type Pipeline } from "../../pipeline.ts";
import { type Mainnet, startMainnet } from "./mainnet.ts";
import { planSlot, VOTE } from "./slot-plan.ts";

const RATE = 12;
const SLOTS = 6;
const BURST = 3_000;

const ended = new AbortController();
const clock = systemClock();
const quarantined: string[] = [];
const told = new Map<string, number>();
const latest = new Map<string, MeasureUpdate>();
const asked: Envelope[] = [];
let mainnet: Mainnet;
let collector: Collector;

beforeAll(async () => {
  mainnet = await startMainnet({
    nodes: 3,
    validators: 16_384,
    port: 0,
    rate: RATE,
    topics: ["head", "block", "block_gossip", "single_attestation", "attestation", "contribution_and_proof"],
    seed: 5,
    burst: { eventsASecond: BURST, seconds: 1 },
    clock,
    log: silentLog,
    signal: ended.signal,
  });
  let pipeline: Pipeline | undefined;
  const early: Envelope[] = [];
  const push = (envelope: Envelope) => {
    if (pipeline === undefined) return;
    const { enriched, updates, wanted } = pipeline.push(envelope);
    if (enriched?.kind === "quarantine") quarantined.push(JSON.stringify(enriched.document.fields).slice(0, 500));
    if (envelope.kind === "event") told.set(envelope.topic, (told.get(envelope.topic) ?? 0) + 1);
    else if (envelope.kind !== "stream") asked.push(envelope);
    for (const update of updates) latest.set(keyOf(update), update);
    for (const block of wanted) collector.requestBlock(block);
  };
  collector = createCollector({
    nodes: mainnet.nodes.map(({ name, url }) => ({ name, url })),
    topics: topicDatasets.map(({ topic }) => topic),
    clock,
    log: silentLog,
    signal: ended.signal,
    validatorSet: { everyEpochs: 1, pubkeys: new Set() },
    emit(envelope) {
      if (pipeline === undefined) early.push(envelope);
      else push(envelope);
    },
    onChain(chain) {
      pipeline = createPipeline({ chain });
    },
  });
  await collector.started;
  for (const envelope of early) push(envelope);
  await until(
    "the simulated slots passed",
    () => mainnet.chain.slotAt(clock.nowUs() / 1000) > mainnet.firstSlot + SLOTS,
  );
  pipeline?.advance(clock.nowUs());
  for (const update of pipeline?.finish().updates ?? []) latest.set(keyOf(update), update);
}, 60_000);

afterAll(async () => {
  ended.abort();
  await collector.stopped;
  await mainnet.close();
});

function keyOf({ dataset, record }: MeasureUpdate): string {
  return `${dataset}/${"slot" in record ? record.slot : ""}`;
}

test("nothing that a simulated node says goes to quarantine", () => {
  expect(quarantined).toEqual([]);
  expect([...told.keys()].sort()).toEqual(
    ["attestation", "block", "block_gossip", "contribution_and_proof", "head", "single_attestation"].sort(),
  );
});

test("the monitor counts the votes that were cast, and of each slot its block", () => {
  for (let slot = mainnet.firstSlot + 1; slot < mainnet.firstSlot + SLOTS - 1; slot += 1) {
    const plan = planSlot(mainnet.chain, slot);
    const votes = plan.committees.flatMap((committee) => [...committee.votes]);
    const update = latest.get(`slot_votes/${slot}`);
    expect(update?.record, `slot ${slot}`).toMatchObject({
      expected: votes.length,
      seen: votes.filter((vote) => vote !== VOTE.none).length,
      included: votes.filter((vote) => vote !== VOTE.none).length,
    });
    expect(latest.get(`slot/${slot}`)?.record).toMatchObject({ slot, block_root: plan.block?.root ?? null });
  }
});

test("a burst comes in full beside the votes of the slots", () => {
  let cast = 0;
  for (let slot = mainnet.firstSlot; slot < mainnet.firstSlot + SLOTS - 1; slot += 1) {
    cast += planSlot(mainnet.chain, slot).committees.flatMap(({ votes }) => [...votes].filter(Boolean)).length;
  }
  expect(told.get("single_attestation")).toBeGreaterThanOrEqual(cast * mainnet.nodes.length + BURST);
});

test("large answers are read whole: committees, validators and blocks", () => {
  const kinds = new Set(asked.map((envelope) => envelope.kind));
  expect(kinds).toContain("committees");
  expect(kinds).toContain("validators");
  for (const envelope of asked) {
    if (envelope.kind === "committees") expect(envelope.committees.validators).toHaveLength(16_384);
    if (envelope.kind === "validators") expect(envelope.validators.active).toBe(16_384);
  }
});
