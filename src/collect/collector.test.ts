import { Writable } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { type FakeNode, type FakeNodeOptions, startFakeNode } from "../../test/rigs/fake-node.ts";
import type { Chain } from "../chain/chain.ts";
import type { Envelope, RestEnvelope } from "../events/envelope.ts";
import { systemClock } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { type Collector, createCollector } from "./collector.ts";

const TOPICS = ["head", "block", "block_gossip"];
const QUICK = { firstMs: 5, maxMs: 20 };
const MAINNET = `0x4b36${"00".repeat(30)}`;
const HOODI = `0x2122${"00".repeat(30)}`;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function fake(options: FakeNodeOptions = {}): Promise<FakeNode> {
  const node = await startFakeNode({
    genesisTimeS: Math.floor(systemClock().nowUs() / 1e6) - 600,
    ...options,
    spec: { SLOT_DURATION_MS: "200", ...options.spec },
  });
  closers.push(node.close);
  return node;
}

type Watched = { collector: Collector; envelopes: Envelope[]; chains: Chain[]; log: string[] };

type Options = Parameters<typeof createCollector>[0];

function watch(
  nodes: Options["nodes"],
  options: Pick<Partial<Options>, "validatorSet" | "syncCommittees"> = {},
): Watched {
  const envelopes: Envelope[] = [];
  const chains: Chain[] = [];
  const log: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log.push(String(chunk));
      done();
    },
  });
  const collector = createCollector({
    nodes,
    topics: TOPICS,
    clock: systemClock(),
    log: createLog({ level: "debug", stream }),
    emit: (envelope) => envelopes.push(envelope),
    onChain: (chain) => void chains.push(chain),
    startMs: QUICK,
    streamLimits: { failedMs: QUICK, deliveredMs: QUICK },
    ...options,
  });
  closers.push(async () => {
    collector.stop();
    await collector.stopped;
  });
  return { collector, envelopes, chains, log };
}

const state = ({ collector }: Watched, name: string) => collector.nodes().find((node) => node.name === name)?.state;
const answers = ({ envelopes }: Watched) => envelopes.filter((one): one is RestEnvelope => one.kind === "rest");

test("two nodes of one network are streamed and polled, with the network told before all else", async () => {
  const [a, b] = [await fake(), await fake({ version: "Lighthouse/v7.1.0" })];
  const it = watch([
    { name: "a", url: a.url },
    { name: "b", url: b.url, topics: ["head"] },
  ]);
  await it.collector.started;
  await expect.poll(() => [state(it, "a"), state(it, "b")]).toEqual(["streaming", "streaming"]);
  a.emit("head", { slot: "1" });
  b.emit("head", { slot: "1" });
  await expect.poll(() => it.collector.nodes().map(({ events }) => events)).toEqual([1, 1]);
  expect(it.chains).toHaveLength(1);
  expect(it.chains[0]?.slotDurationMs).toBe(200);
  expect(answers(it)[0]).toMatchObject({ path: "/eth/v1/config/spec", status: 200 });
  await expect
    .poll(() => it.collector.nodes()[1])
    .toMatchObject({
      version: "Lighthouse/v7.1.0",
      syncing: false,
      peers: 5,
      topics: { head: "streaming" },
      url: b.url,
    });
});

test("proposer duties come from one node alone", async () => {
  const [a, b] = [await fake(), await fake()];
  const it = watch([{ url: a.url }, { url: b.url }]);
  const asked = () => answers(it).filter(({ path }) => path.includes("/duties/proposer/"));
  await expect.poll(() => asked().length, { timeout: 5000 }).toBeGreaterThanOrEqual(2);
  const epochs = asked().map(({ path }) => path);
  expect(new Set(epochs).size).toBe(epochs.length);
});

const PERIOD = { EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "100000" };
const MINE = `0x${"Ab".repeat(48)}`;

test("the sync committee of a period is asked for once, from the next node when one has none", async () => {
  const [a, b] = [await fake({ spec: PERIOD }), await fake({ spec: PERIOD })];
  a.answer("/eth/v1/beacon/states/head/sync_committees", { status: 404, body: { code: 404, message: "none" } });
  b.answer("/eth/v1/beacon/states/head/sync_committees", {
    body: { data: { validators: ["4", "2"], validator_aggregates: [["4"], ["2"]] } },
  });
  const it = watch(
    [
      { name: "a", url: a.url },
      { name: "b", url: b.url },
    ],
    { syncCommittees: true },
  );
  const told = () => answers(it).filter(({ path }) => path.includes("/sync_committees"));
  await expect.poll(told, { timeout: 5000 }).toHaveLength(1);
  expect(told()[0]).toMatchObject({
    path: expect.stringMatching(/\?epoch=\d+$/),
    body: { data: { validators: ["4", "2"] } },
  });
  // Two slots later it was not asked for again.
  const heads = a.count("/eth/v1/node/syncing");
  await expect.poll(() => a.count("/eth/v1/node/syncing"), { timeout: 5000 }).toBeGreaterThan(heads + 1);
  expect(b.count("/eth/v1/beacon/states/head/sync_committees")).toBeLessThanOrEqual(1);
});

test("neither sync committees nor the validator set are asked for unless they are wanted", async () => {
  const a = await fake({ spec: PERIOD });
  const it = watch([{ url: a.url }]);
  await expect.poll(() => a.count("/eth/v1/node/syncing"), { timeout: 5000 }).toBeGreaterThan(2);
  expect(a.requests.filter(({ path }) => /sync_committees|\/validators/.test(path))).toEqual([]);
  expect(answers(it).length).toBeGreaterThan(0);
});

test("the validator set tells effective balances, and the indices of the public keys that are wanted", async () => {
  const a = await fake();
  const validator = (index: number, pubkey: string, status = "active_ongoing") => ({
    index: String(index),
    balance: "32000000001",
    status,
    validator: { pubkey, effective_balance: "32000000000", slashed: false },
  });
  const data = [
    validator(0, `0x${"11".repeat(48)}`),
    validator(3, MINE),
    validator(5, `0x${"22".repeat(48)}`, "exited_unslashed"),
  ];
  a.answer("/eth/v1/beacon/states/head/validators", { body: { data } });
  const it = watch([{ url: a.url }], { validatorSet: { everyEpochs: 1000, pubkeys: new Set([MINE.toLowerCase()]) } });
  const sets = () => it.envelopes.filter(({ kind }) => kind === "validators");
  await expect.poll(sets, { timeout: 5000 }).toHaveLength(1);
  expect(sets()[0]).toMatchObject({
    validators: {
      active: 2,
      effectiveBalances: Uint16Array.from([32, 0, 0, 32, 0, 0]),
      byPubkey: new Map([[MINE.toLowerCase(), 3]]),
    },
  });
});

test("nodes of two networks are refused at start with one sentence that names both", async () => {
  const a = await fake({ genesisValidatorsRoot: MAINNET, spec: { CONFIG_NAME: "mainnet" } });
  const b = await fake({ genesisValidatorsRoot: HOODI, spec: { CONFIG_NAME: "hoodi" } });
  const it = watch([
    { name: "first", url: a.url },
    { name: "second", url: b.url },
  ]);
  const fault = await it.collector.started.catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: "network_mismatch", retry: "final" });
  expect(String(fault)).toMatch(/first.* is on network|second.* is on network/);
  for (const word of ["first", "second", "mainnet", "hoodi", "0x4b36", "0x2122"]) expect(String(fault)).toContain(word);
  await it.collector.stopped;
});

test("a node of another network that comes later is refused alone, and never streamed", async () => {
  const a = await fake({ genesisValidatorsRoot: MAINNET });
  const gone = await fake();
  await gone.close();
  const it = watch([
    { name: "a", url: a.url },
    { name: "b", url: gone.url },
  ]);
  await it.collector.started;
  await expect.poll(() => [state(it, "a"), state(it, "b")]).toEqual(["streaming", "down"]);
  const other = await fake({ port: gone.port, genesisValidatorsRoot: HOODI });
  await expect.poll(() => state(it, "b")).toBe("refused");
  expect(it.collector.nodes()[1]?.reason).toContain("one monitor watches one network");
  expect(other.count("/eth/v1/events")).toBe(0);
  expect(it.envelopes.filter((one) => one.node === "b" && one.kind === "rest")).toEqual([]);
  a.emit("head", { slot: "1" });
  await expect.poll(() => it.collector.nodes()[0]?.events).toBe(1);
  expect(it.log.filter((line) => line.includes("The node was refused"))).toHaveLength(1);
});

test("a node that comes back at its address with another network is refused then", async () => {
  const a = await fake({ genesisValidatorsRoot: MAINNET });
  const it = watch([{ name: "a", url: a.url }]);
  await expect.poll(() => state(it, "a")).toBe("streaming");
  await a.close();
  await expect.poll(() => state(it, "a")).toBe("down");
  await fake({ port: a.port, genesisValidatorsRoot: HOODI });
  await expect.poll(() => state(it, "a"), { timeout: 10_000 }).toBe("refused");
});

test("a node that is down at start is watched once it is there, and said once to be missing", async () => {
  const a = await fake();
  const gone = await fake();
  await gone.close();
  const it = watch([
    { name: "a", url: a.url },
    { name: "b", url: gone.url },
  ]);
  await it.collector.started;
  await expect.poll(() => it.envelopes.some((one) => one.node === "b" && one.kind === "stream")).toBe(true);
  await fake({ port: gone.port });
  await expect.poll(() => state(it, "b")).toBe("streaming");
  expect(it.log.filter((line) => line.includes("The node could not be reached"))).toHaveLength(1);
  expect(it.log.filter((line) => line.includes("The node was reached"))).toHaveLength(1);
});

test("without any node there is no network, nothing is told, and the start does not fail", async () => {
  const gone = await fake();
  await gone.close();
  const it = watch([{ name: "a", url: gone.url }]);
  await it.collector.started;
  expect(it.envelopes).toEqual([]);
  expect(it.collector.nodes()[0]).toMatchObject({ state: "down", reason: expect.stringContaining("refused") });
});

test("a node whose answers make no network is down with a reason, and tried again", async () => {
  const a = await fake();
  a.answer("/eth/v1/config/spec", { body: { data: null } });
  const it = watch([{ name: "a", url: a.url }]);
  await it.collector.started;
  expect(it.collector.nodes()[0]).toMatchObject({ state: "down", reason: expect.stringContaining("config/spec") });
  a.answer("/eth/v1/config/spec", { body: { data: { SECONDS_PER_SLOT: "6", SLOTS_PER_EPOCH: "8" } } });
  await expect.poll(() => state(it, "a")).toBe("streaming");
});

test("a header is asked for once, from a node that has the block, and becomes an envelope", async () => {
  const [a, b] = [await fake(), await fake()];
  const it = watch([
    { name: "a", url: a.url },
    { name: "b", url: b.url },
  ]);
  await expect.poll(() => [state(it, "a"), state(it, "b")]).toEqual(["streaming", "streaming"]);
  const root = `0x${"cd".repeat(32)}`;
  const path = `/eth/v1/beacon/headers/${root}`;
  b.answer(path, { status: 404, body: { message: "not found" } });
  it.collector.requestBlock({ root, nodes: ["b"], whole: false });
  it.collector.requestBlock({ root, nodes: ["b"], whole: false });
  await expect.poll(() => answers(it).filter((one) => one.path === path)).toMatchObject([{ node: "a", status: 200 }]);
  expect([a.count(path), b.count(path)]).toEqual([1, 1]);
});

test("a node that syncs is streamed all the same, and is not asked for duties or headers", async () => {
  const [a, b] = [await fake(), await fake()];
  a.answer("/eth/v1/node/syncing", { body: { data: { head_slot: "1", sync_distance: "90", is_syncing: true } } });
  const it = watch([
    { name: "a", url: a.url },
    { name: "b", url: b.url },
  ]);
  await expect.poll(() => it.collector.nodes()[0]?.syncing).toBe(true);
  await expect.poll(() => [state(it, "a"), state(it, "b")]).toEqual(["streaming", "streaming"]);
  a.emit("block", { slot: "1" });
  await expect.poll(() => it.collector.nodes()[0]?.events).toBe(1);
  const root = `0x${"cd".repeat(32)}`;
  it.collector.requestBlock({ root, nodes: ["a"], whole: false });
  await expect.poll(() => b.count(`/eth/v1/beacon/headers/${root}`)).toBe(1);
  expect(a.count(`/eth/v1/beacon/headers/${root}`)).toBe(0);
});

test("a node with a new version is asked again for the topics that the old one refused", async () => {
  const a = await fake();
  a.refuseTopics(["block_gossip"], "named");
  const it = watch([{ name: "a", url: a.url }]);
  await expect.poll(() => it.collector.nodes()[0]?.topics["block_gossip"]).toBe("refused");
  await expect.poll(() => it.collector.nodes()[0]?.version).toBe("Fake/v1.0.0/test");
  a.refuseTopics([], "named");
  a.answer("/eth/v1/node/version", { body: { data: { version: "Fake/v2.0.0/test" } } });
  await expect.poll(() => it.collector.nodes()[0]?.topics["block_gossip"], { timeout: 10_000 }).toBe("unknown");
});

test("a stream that died silently while the node's head moves is opened anew", async () => {
  const a = await fake();
  let slot = 100;
  const header = () => ({ body: { data: { root: "0x", header: { message: { slot: String(slot++) } } } } });
  a.answer("/eth/v1/beacon/headers/head", header);
  const it = watch([{ name: "a", url: a.url }]);
  const closings = () => it.envelopes.filter((one) => one.kind === "stream" && one.state === "closed");
  await expect.poll(closings, { timeout: 10_000 }).toMatchObject([{ cause: "silent" }]);
  await expect.poll(() => a.count("/eth/v1/events")).toBeGreaterThan(1);
});

test("credentials of an address reach the node, and no log line, envelope or state", async () => {
  const a = await fake();
  const b = await fake();
  await b.close();
  // A path key makes every path of the fake unknown, so that its errors echo what was asked.
  a.answer(/KEY1234\/eth\/v1\/events/, { status: 500, raw: "Cannot GET /KEY1234/eth/v1/events?apikey=SECRET99" });
  const at = (port: number) => `http://user:hunter22@127.0.0.1:${port}/KEY1234?apikey=SECRET99`;
  for (const path of ["/eth/v1/config/spec", "/eth/v1/beacon/genesis"]) {
    const body = await (await fetch(a.url + path)).json();
    a.answer(`/KEY1234${path}`, { body });
  }
  const it = watch([{ url: at(a.port) }, { url: at(b.port) }]);
  await it.collector.started;
  await expect.poll(() => it.collector.nodes()[0]?.reason).toContain("status 500");
  await expect.poll(() => it.envelopes.filter((one) => one.kind === "stream").length).toBeGreaterThan(3);
  await expect.poll(() => it.log.length).toBeGreaterThan(3);
  expect(a.requests.some(({ headers }) => headers.authorization !== undefined)).toBe(true);
  expect(a.requests.some(({ path }) => path.startsWith("/KEY1234/eth/v1/events?topics=head"))).toBe(true);
  const shown = [it.log, it.envelopes, it.collector.nodes()].map((one) => JSON.stringify(one)).join("\n");
  expect(shown).not.toMatch(/hunter22|KEY1234|SECRET99|dXNlcjpodW50ZXIyMg/);
});

test("stopping ends every connection", async () => {
  const a = await fake();
  const it = watch([{ name: "a", url: a.url }]);
  const told = () => it.envelopes.filter((one) => one.kind === "stream");
  await expect.poll(told).toMatchObject([{ state: "open" }]);
  it.collector.stop();
  await it.collector.stopped;
  await expect.poll(() => a.streams()).toBe(0);
  expect(told()).toMatchObject([{ state: "open" }]);
});
