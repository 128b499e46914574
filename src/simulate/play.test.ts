import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { playedEvents } from "./demo-events.ts";
import { createDemoWorld } from "./demo-world.ts";
import { type PlayedEvent, play } from "./play.ts";
import { readRecordedNetwork } from "./recorded-network.ts";

const recordingDirectory = fileURLToPath(new URL("../../demo/devnet3-fulu-faults", import.meta.url));
const network = await readRecordedNetwork(recordingDirectory);
const world = createDemoWorld({ network, genesisTimeS: 1_000_000 });
const [recorded] = network.nodes;
const events = recorded === undefined ? [] : playedEvents(world, recorded);
const genesisMs = 1_000_000_000;
const loopMs = 56 * 3000;

/** Plays with a clock that stands still but when it is told to go on. */
function playFrom(startMs: number) {
  let nowMs = startMs;
  const sent: { event: PlayedEvent; loop: number; dueMs: number; nowMs: number }[] = [];
  const ended = new AbortController();
  play({
    world,
    events,
    nowMs: () => nowMs,
    speed: 1000,
    signal: ended.signal,
    send: (event, loop) => sent.push({ event, loop, nowMs, dueMs: world.timeOf(event.offsetMs, loop) }),
  });
  return {
    sent,
    ended,
    goTo(ms: number) {
      nowMs = ms;
    },
  };
}

test("every event of a loop is sent once, in order, when it is due", async () => {
  const { sent, ended, goTo } = playFrom(genesisMs);
  const expected = events.filter(({ fromLoop, offsetMs }) => fromLoop === 0 && offsetMs < 20 * 3000);
  for (let slot = 1; slot <= 20; slot += 1) {
    goTo(genesisMs + slot * 3000);
    const due = expected.filter(({ offsetMs }) => offsetMs <= slot * 3000).length;
    await vi.waitFor(() => expect(sent.length).toBe(due));
  }
  ended.abort();
  expect(sent.map(({ event }) => event)).toEqual(expected);
  expect(sent.filter(({ dueMs, nowMs }) => nowMs < dueMs)).toEqual([]);
});

test("after the machine slept for days, the events go on with now and what was missed is left out", async () => {
  const { sent, ended, goTo } = playFrom(genesisMs + 3000);
  const wokenMs = genesisMs + 3000 * loopMs + 30 * 3000;
  goTo(wokenMs);
  await vi.waitFor(() => expect(sent.length).toBeGreaterThan(0));
  ended.abort();
  expect(sent.every(({ loop }) => loop === 2999 || loop === 3000)).toBe(true);
  expect(sent.every(({ dueMs }) => dueMs <= wokenMs && dueMs >= wokenMs - 2 * 3000)).toBe(true);
});

test("the events of any loop speak of its own slots and epochs", () => {
  const loop = 70;
  for (const { text, topic, offsetMs } of events) {
    if (offsetMs < world.loop.fromSlot * 3000) continue;
    const data = JSON.parse(text(loop)) as { slot?: string; epoch?: string };
    const nowSlot = Math.floor(offsetMs / 3000) + loop * 56;
    if (data.slot !== undefined) expect(nowSlot - Number(data.slot), topic).toBeLessThan(16);
    if (topic === "finalized_checkpoint") expect(Math.floor(nowSlot / 8) - Number(data.epoch)).toBe(2);
  }
});
