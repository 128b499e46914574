import { fileURLToPath } from "node:url";
import { createParser } from "eventsource-parser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Clock, systemClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { type Demo, startDemo } from "./demo.ts";

const recordingDirectory = fileURLToPath(new URL("../../demo/devnet3-fulu-faults", import.meta.url));
const SPEED = 30;
const LAST_SLOT = 126;

type Seen = { node: string; topic: string; data: Record<string, unknown>; atMs: number };
type Header = { root: string; canonical: boolean; header: { message: Record<string, string> } };

/** The recording's own: late and reorged out, built by the cut-off node, withheld. */
const NOT_CANONICAL = [10, 18, 19, 37];

const ended = new AbortController();
const seen: Seen[] = [];
const askedOfEvents: { root: string; slot: string; status: number; header: Header | undefined }[] = [];
let demo: Demo;
let nowMs: () => number;

beforeAll(async () => {
  const machine = systemClock();
  let startUs: number | undefined;
  const clock: Clock = {
    ...machine,
    nowUs() {
      startUs ??= machine.nowUs();
      return machine.nowUs();
    },
  };
  demo = await startDemo({ recordingDirectory, clock, log: silentLog, signal: ended.signal, speed: SPEED });
  nowMs = () => ((startUs ?? 0) + (machine.nowUs() - (startUs ?? 0)) * SPEED) / 1000;
  await Promise.all(demo.nodes.map((node) => watch(node)));
}, 60_000);

afterAll(async () => {
  ended.abort();
  await demo.close();
});

test("the demo has a node for each recorded one and a span of whole epochs", () => {
  expect(demo.nodes.map(({ name }) => name)).toEqual(["n1", "n2", "n3"]);
  expect(demo.spanSlots).toBe(56);
});

test("two loops have no root of a block in common", () => {
  const first = new Set(blocksOf((slot) => slot < 64));
  const second = blocksOf((slot) => slot >= 64 && slot < 120);
  // On a busy machine the streams may open after the first slots, which pass by the dozen a second.
  expect(first.size).toBeGreaterThan(50);
  expect(new Set(second).size).toBe(55);
  expect(second.filter((root) => first.has(root))).toEqual([]);
});

test("no event comes before its moment, and slots follow the clock", () => {
  const slotMs = 3000;
  for (const { topic, data, atMs } of seen) {
    if (topic !== "head") continue;
    expect(atMs - demo.genesisTimeS * 1000).toBeGreaterThan(Number(data["slot"]) * slotMs);
  }
  const heads = seen
    .filter(({ node, topic }) => node === "n1" && topic === "head")
    .map(({ data }) => Number(data["slot"]));
  expect(heads.filter((slot, index) => slot < (heads[index - 1] ?? 0))).toEqual([]);
});

test("parents link all loops into one chain that misses only what the recording misses", async () => {
  const slots: number[] = [];
  let id = "head";
  while (!/^0x0+$/.test(id)) {
    const { status, header } = await headerOf("n1", id);
    expect(status, id).toBe(200);
    slots.push(Number(header?.header.message["slot"]));
    id = header?.header.message["parent_root"] ?? "";
  }
  const expected = Array.from({ length: (slots[0] ?? 0) + 1 }, (_, slot) => slot).filter(
    (slot) => ![0, 56, 112].some((shift) => NOT_CANONICAL.includes(slot - shift)),
  );
  expect(slots.toReversed()).toEqual(expected);
});

test("the headers of blocks in events are known to the node that sent them", () => {
  expect(askedOfEvents.length).toBeGreaterThan(300);
  for (const { root, slot, status, header } of askedOfEvents) {
    expect(status, root).toBe(200);
    expect(header?.root).toBe(root);
    expect(header?.header.message["slot"]).toBe(slot);
  }
});

test("finality rises by one epoch at a time and never goes back", () => {
  for (const { name } of demo.nodes) {
    const epochs = seen
      .filter(({ node, topic }) => node === name && topic === "finalized_checkpoint")
      .map(({ data }) => Number(data["epoch"]));
    expect(epochs.length).toBeGreaterThanOrEqual(12);
    expect(epochs).toEqual(epochs.map((_, index) => index + 2));
  }
});

test("finalized checkpoints are the blocks at the first slots of their epochs", async () => {
  for (const { data } of seen.filter(({ node, topic }) => node === "n2" && topic === "finalized_checkpoint")) {
    const { header } = await headerOf("n2", String(data["block"]));
    const slot = Number(header?.header.message["slot"]);
    const epochStart = Number(data["epoch"]) * 8;
    expect(slot).toBeLessThanOrEqual(epochStart);
    expect(epochStart - slot).toBeLessThan(8);
    expect(header?.canonical).toBe(true);
  }
});

test("votes name blocks that were seen, a source before their target, and come once per validator and epoch", () => {
  type Vote = { attester_index: string; data: Record<"slot" | "beacon_block_root", string> & Checkpoints };
  type Checkpoints = Record<"source" | "target", { epoch: string; root: string }>;
  const roots = new Set(blocksOf(() => true));
  const firstSlot = Math.min(...seen.filter(({ topic }) => topic === "block").map(({ data }) => Number(data["slot"])));
  const voted = new Set<string>();
  const sourceOfTarget = new Map<string, string>();
  for (const { node, topic, data } of seen) {
    if (topic !== "single_attestation") continue;
    const vote = data as unknown as Vote;
    const { source, target } = vote.data;
    expect(Number(target.epoch)).toBe(Math.floor(Number(vote.data.slot) / 8));
    // On a busy machine the streams may open after the first blocks.
    if (Number(vote.data.slot) > firstSlot) expect(roots.has(vote.data.beacon_block_root)).toBe(true);
    if (Number(target.epoch) > 3) expect(Number(source.epoch)).toBe(Number(target.epoch) - 1);
    expect(sourceOfTarget.get(target.epoch) ?? source.root).toBe(source.root);
    sourceOfTarget.set(target.epoch, source.root);
    const key = `${node} ${vote.attester_index} ${target.epoch}`;
    expect(voted.has(key), key).toBe(false);
    voted.add(key);
  }
  expect(voted.size).toBeGreaterThan(2500);
});

test("proposer duties name the proposers of the blocks, and depend on the last block before the epoch", async () => {
  const { header: head } = await headerOf("n3", "head");
  const epoch = Math.floor(Number(head?.header.message["slot"]) / 8);
  for (let asked = 0; asked <= epoch; asked += 1) {
    const { body } = await get("n3", `/eth/v1/validator/duties/proposer/${asked}`);
    const duties = body as { dependent_root: string; data: { slot: string; validator_index: string }[] };
    expect(duties.data.map(({ slot }) => Number(slot))).toEqual(Array.from({ length: 8 }, (_, i) => asked * 8 + i));
    const dependent = await headerOf("n3", duties.dependent_root);
    expect(dependent.status).toBe(200);
    expect(Number(dependent.header?.header.message["slot"])).toBeLessThan(Math.max(1, asked * 8));
    for (const { slot, validator_index } of duties.data) {
      const { header } = await headerOf("n3", slot);
      if (header !== undefined && slot !== "0") expect(header.header.message["proposer_index"]).toBe(validator_index);
    }
  }
});

test("what is not in the recording is derived from the last events", async () => {
  const syncing = await get("n1", "/eth/v1/node/syncing");
  const { header } = await headerOf("n1", "head");
  const headSlot = Number((syncing.body as { data: { head_slot: string } }).data.head_slot);
  expect(Math.abs(headSlot - Number(header?.header.message["slot"]))).toBeLessThanOrEqual(3);
  const checkpoints = await get("n1", "/eth/v1/beacon/states/head/finality_checkpoints");
  const { finalized, current_justified } = (checkpoints.body as { data: Record<string, { epoch: string }> }).data;
  expect(Number(current_justified?.epoch) - Number(finalized?.epoch)).toBe(1);
  expect((await get("n1", "/eth/v1/node/health")).status).toBe(200);
  const { body } = await get("n1", "/eth/v1/debug/fork_choice");
  const { fork_choice_nodes } = body as { fork_choice_nodes: { block_root: string; parent_root: string }[] };
  const roots = new Set(fork_choice_nodes.map(({ block_root }) => block_root));
  expect(fork_choice_nodes.slice(1).filter(({ parent_root }) => !roots.has(parent_root))).toEqual([]);
});

test("blocks, headers by slot and committees come from the same place as the events", async () => {
  const { header } = await headerOf("n1", "67");
  const block = await get("n1", `/eth/v2/beacon/blocks/${header?.root}`);
  const { message } = (block.body as { data: { message: Record<string, unknown> } }).data;
  expect(message["slot"]).toBe("67");
  expect(message["parent_root"]).toBe((await headerOf("n1", "65")).header?.root);
  expect(message["state_root"]).toBe(header?.header.message["state_root"]);
  const payload = (message["body"] as { execution_payload: Record<string, string> }).execution_payload;
  expect(Number(payload["timestamp"])).toBe(demo.genesisTimeS + 67 * 3);
  const parent = (await get("n1", "/eth/v2/beacon/blocks/65")).body as typeof block.body;
  expect(parent).toMatchObject({
    data: { message: { body: { execution_payload: { block_hash: payload["parent_hash"] } } } },
  });

  const late = seen.find(({ topic, data }) => topic === "block" && data["slot"] === "66")?.data["block"];
  const bySlot = (await get("n1", "/eth/v1/beacon/headers?slot=66")).body as { data: Header[] };
  expect(bySlot.data.map(({ root, canonical }) => ({ root, canonical }))).toEqual([{ root: late, canonical: false }]);
  const committees = (await get("n1", "/eth/v1/beacon/states/head/committees?epoch=9&slot=75")).body as {
    data: { slot: string }[];
  };
  expect(committees.data.map(({ slot }) => slot)).toEqual(["75", "75"]);
});

test("questions about the future and nonsense are refused as a node does", async () => {
  const refused: [string, number, string][] = [
    ["/eth/v1/beacon/headers/99999", 404, "No block found for id '99999'"],
    [`/eth/v1/beacon/headers/0x${"12".repeat(32)}`, 404, "No block found"],
    ["/eth/v1/beacon/headers/nonsense", 400, "Invalid block id"],
    ["/eth/v1/validator/duties/proposer/9999", 400, "too far in the future"],
    ["/eth/v1/beacon/states/head/committees?epoch=9999", 400, "too far in the future"],
    ["/eth/v1/events?topics=head&topics=nope", 400, "Invalid topic: nope"],
    ["/eth/v1/events?topics=head,nope", 400, "Invalid topic: nope"],
    ["/eth/v1/nothing", 404, "not found"],
  ];
  for (const [path, code, message] of refused) {
    const { status, body } = await get("n1", path);
    expect(status, path).toBe(code);
    expect(body, path).toMatchObject({ code, message: expect.stringContaining(message) as string });
  }
});

function blocksOf(filter: (slot: number) => boolean): string[] {
  return seen
    .filter(({ topic, data }) => topic === "block" && filter(Number(data["slot"])))
    .map(({ data }) => String(data["block"]));
}

/** Reads a node's stream until the last slot, and asks the node for each block it tells of. */
async function watch({ name, url }: { name: string; url: string }): Promise<void> {
  const response = await fetch(`${url}/eth/v1/events?topics=head,block,single_attestation&topics=finalized_checkpoint`);
  const questions: Promise<void>[] = [];
  let last = 0;
  const parser = createParser({
    onEvent({ event: topic = "", data: text }) {
      const data = JSON.parse(text) as Record<string, unknown>;
      seen.push({ node: name, topic, data, atMs: nowMs() });
      if (topic === "head") last = Number(data["slot"]);
      if (topic === "block") questions.push(askOfEvent(name, String(data["block"]), String(data["slot"])));
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
    if (last >= LAST_SLOT) break;
  }
  await Promise.all(questions);
}

async function askOfEvent(node: string, root: string, slot: string): Promise<void> {
  askedOfEvents.push({ root, slot, ...(await headerOf(node, root)) });
}

async function headerOf(node: string, id: string): Promise<{ status: number; header: Header | undefined }> {
  const { status, body } = await get(node, `/eth/v1/beacon/headers/${id}`);
  return { status, header: (body as { data?: Header }).data };
}

async function get(node: string, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${demo.nodes.find(({ name }) => name === node)?.url}${path}`);
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}
