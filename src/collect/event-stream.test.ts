import { afterEach, expect, test } from "vitest";
import { type FakeNode, type FakeNodeOptions, startFakeNode } from "../../test/rigs/fake-node.ts";
import type { Envelope, EventEnvelope } from "../events/envelope.ts";
import { systemClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { createEventStream, type EventStream, type StreamLimits } from "./event-stream.ts";
import { parseNodeUrl } from "./node-url.ts";

const TOPICS = ["head", "block", "block_gossip", "single_attestation", "chain_reorg"];
const QUICK = { firstMs: 5, maxMs: 20 };

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Rig = {
  node: FakeNode;
  stream: EventStream;
  envelopes: Envelope[];
  events(): [string, string][];
  told(): string[];
};

async function rig(
  options: { node?: FakeNode | FakeNodeOptions; topics?: readonly string[]; limits?: Partial<StreamLimits> } = {},
): Promise<Rig> {
  const node = options.node !== undefined && "close" in options.node ? options.node : await startFakeNode(options.node);
  const envelopes: Envelope[] = [];
  const stop = new AbortController();
  const stream = createEventStream({
    node: "n1",
    url: parseNodeUrl(node.url),
    topics: options.topics ?? TOPICS,
    clock: systemClock(),
    log: silentLog,
    emit: (envelope) => envelopes.push(envelope),
    signal: stop.signal,
    limits: { failedMs: QUICK, deliveredMs: QUICK, ...options.limits },
  });
  closers.push(node.close, async () => {
    stop.abort();
    await stream.stopped;
  });
  return {
    node,
    stream,
    envelopes,
    events: () =>
      envelopes.filter((e): e is EventEnvelope => e.kind === "event").map(({ topic, text }) => [topic, text]),
    told: () => envelopes.map((envelope) => (envelope.kind === "stream" ? envelope.state : envelope.kind)),
  };
}

const opened = ({ node, stream }: Rig) =>
  expect.poll(() => [stream.status().state, node.streams()], { interval: 5 }).toEqual(["open", 1]);

test("every event becomes an envelope, stamped with its arrival", async () => {
  const clock = systemClock();
  const before = clock.nowUs();
  const it = await rig();
  await opened(it);
  it.node.emit("head", { slot: "1" });
  it.node.emit("block", "null");
  await expect.poll(it.events).toEqual([
    ["head", '{"slot":"1"}'],
    ["block", "null"],
  ]);
  expect(it.told()).toEqual(["open", "event", "event"]);
  const stamps = it.envelopes.map(({ receivedAtUs }) => receivedAtUs);
  expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
  expect(stamps[0]).toBeGreaterThanOrEqual(before);
  expect(stamps.at(-1)).toBeLessThanOrEqual(clock.nowUs());
  expect(it.stream.status()).toMatchObject({ state: "open", events: 2, reconnects: 0, topics: { head: "streaming" } });
});

test("topics are repeated in the request, never joined by commas", async () => {
  const it = await rig({ topics: ["head", "block"] });
  await opened(it);
  expect(it.node.requests[0]?.path).toBe("/eth/v1/events?topics=head&topics=block");
});

test("silence before the first event, without even headers, is no error", async () => {
  const it = await rig({ node: { headersWithFirstEvent: true } });
  await expect.poll(() => it.node.streams()).toBe(1);
  expect(it.stream.status().state).toBe("connecting");
  expect(it.envelopes).toEqual([]);
  it.node.emit("head", { slot: "1" });
  await expect.poll(it.told).toEqual(["open", "event"]);
});

test("a stream that ends is opened again, and the order tells the missed span", async () => {
  const it = await rig();
  await opened(it);
  it.node.emit("head", { slot: "1" });
  await expect.poll(it.told).toEqual(["open", "event"]);
  it.node.cutStreams();
  await expect.poll(it.told).toEqual(["open", "event", "closed", "open"]);
  expect(it.envelopes[2]).toMatchObject({ cause: "closed", reason: "Node n1 ended its event stream." });
  it.node.emit("head", { slot: "2" });
  await expect.poll(it.told).toEqual(["open", "event", "closed", "open", "event"]);
  expect(it.stream.status().reconnects).toBe(1);
});

test("a stream cut inside a record tells no half event, and the next connection starts clean", async () => {
  const it = await rig();
  await opened(it);
  it.node.cutStreams({ insideRecord: true });
  await expect.poll(it.told).toEqual(["open", "closed", "open"]);
  expect(it.envelopes[1]).toMatchObject({
    cause: "closed",
    reason: "The event stream of node n1 was cut: the connection was reset.",
  });
  await opened(it);
  it.node.emit("block", { slot: "2" });
  await expect.poll(it.events).toEqual([["block", '{"slot":"2"}']]);
});

test("a node that goes away is told as errors until it is back on its port", async () => {
  const it = await rig();
  await opened(it);
  await it.node.close();
  await expect.poll(it.told).toContain("error");
  expect(it.told().slice(0, 3)).toEqual(["open", "closed", "error"]);
  expect(it.stream.status()).toMatchObject({ state: "down", reason: expect.stringContaining("refused") });
  const again = await startFakeNode({ port: it.node.port });
  closers.push(again.close);
  await expect.poll(() => it.told().at(-1)).toBe("open");
  expect(it.stream.status().state).toBe("open");
});

test("HTTP 500, HTML and JSON in place of a stream are errors with clear sentences", async () => {
  const node = await startFakeNode();
  node.answer("/eth/v1/events", { status: 500, raw: "<html><h1>Bad gateway</h1></html>" });
  const it = await rig({ node });
  const reason = () => it.stream.status().reason;
  await expect.poll(reason).toBe("Node n1 answered /eth/v1/events with status 500: Bad gateway.");
  node.answer("/eth/v1/events", { raw: "<html><title>Log in</title></html>" });
  await expect.poll(reason).toBe("Node n1 answered /eth/v1/events with text/html instead of an event stream: Log in.");
  node.answer("/eth/v1/events", { body: { message: "no events here" } });
  await expect
    .poll(reason)
    .toBe("Node n1 answered /eth/v1/events with application/json instead of an event stream: no events here.");
  expect(new Set(it.told())).toEqual(new Set(["error"]));
});

test.for(["named", "anonymous"] as const)("a node that refuses topics (%s) loses those alone", async (mode) => {
  const node = await startFakeNode();
  node.refuseTopics(["block_gossip", "chain_reorg"], mode);
  const it = await rig({ node });
  await opened(it);
  node.emit("head", { slot: "1" });
  await expect.poll(it.events).toHaveLength(1);
  expect(it.stream.status().topics).toEqual({
    head: "streaming",
    block: "unknown",
    block_gossip: "refused",
    single_attestation: "unknown",
    chain_reorg: "refused",
  });
  expect(it.told()).toEqual(["open", "event"]);
});

test.for(["ignored", "hanging"] as const)(
  "unknown topics that a node takes in silence (%s) harm no other",
  async (mode) => {
    const node = await startFakeNode();
    node.refuseTopics(["head_v2", "block_gossip"], mode);
    const it = await rig({ node, topics: ["head_v2", "block_gossip", "head", "chain_reorg", "block"] });
    await opened(it);
    for (const topic of ["block_gossip", "head", "block", "chain_reorg"]) node.emit(topic, { slot: "1" });
    await expect.poll(() => it.events().map(([topic]) => topic)).toEqual(["head", "block", "chain_reorg"]);
    expect(it.stream.status().topics).toMatchObject({ head: "streaming", head_v2: "unknown", block_gossip: "unknown" });
  },
);

test("a node that was down and is now silent is no longer down", async () => {
  const node = await startFakeNode();
  node.answer("/eth/v1/events", { status: 500 });
  const it = await rig({ node });
  await expect.poll(() => it.stream.status().state).toBe("down");
  node.hang(true);
  await expect.poll(() => it.stream.status().state, { timeout: 5000 }).toBe("connecting");
});

test("a node that hangs since it knows none of the topics is silence, not an error", async () => {
  const node = await startFakeNode();
  node.refuseTopics(TOPICS, "hanging");
  const it = await rig({ node });
  await expect.poll(() => node.count("/eth/v1/events")).toBe(1);
  await expect.poll(() => it.stream.status().state).toBe("connecting");
  expect(it.envelopes).toEqual([]);
});

test("a node that refuses every topic is an error, and is not asked for each of them again and again", async () => {
  const node = await startFakeNode();
  node.refuseTopics(TOPICS, "anonymous");
  const it = await rig({ node });
  await expect.poll(() => it.told().length).toBeGreaterThan(3);
  // The first attempt, halving five topics in nine questions, and then one question an attempt.
  expect(node.count("/eth/v1/events")).toBeLessThanOrEqual(9 + it.told().length + 1);
});

test("refused topics are asked for again, and streamed when the node has learned them", async () => {
  const node = await startFakeNode();
  node.refuseTopics(["block_gossip"], "named");
  const it = await rig({ node });
  await opened(it);
  await it.stream.retryRefused();
  expect(it.stream.status().topics["block_gossip"]).toBe("refused");
  expect(it.told()).toEqual(["open"]);
  node.refuseTopics([], "named");
  await it.stream.retryRefused();
  await expect.poll(it.told).toEqual(["open", "closed", "open"]);
  await expect
    .poll(() => {
      node.emit("block_gossip", { slot: "1" });
      return it.stream.status().topics["block_gossip"];
    })
    .toBe("streaming");
});

test("a stream known to be silent is opened again, and its gap begins at the last event", async () => {
  const it = await rig();
  await opened(it);
  it.node.emit("head", { slot: "1" });
  await expect.poll(it.events).toHaveLength(1);
  it.stream.restart("Its head moved to slot 9 and no event came.");
  await expect.poll(it.told).toEqual(["open", "event", "closed", "open"]);
  expect(it.envelopes[2]).toMatchObject({ cause: "silent", sinceUs: it.envelopes[1]?.receivedAtUs });
});

test("a line of 10 MB passes, and the next event too", async () => {
  const it = await rig();
  await opened(it);
  it.node.emit("block", JSON.stringify("a".repeat(10_000_000)));
  it.node.emit("head", { slot: "2" });
  await expect
    .poll(() => it.events().map(([topic, text]) => [topic, text.length]))
    .toEqual([
      ["block", 10_000_002],
      ["head", 12],
    ]);
});

test("a record beyond the bound is told as an event that is no JSON, and counted", async () => {
  const it = await rig({ limits: { maxRecordBytes: 10_000 } });
  await opened(it);
  it.node.emit("block", "1".repeat(20_000));
  it.node.emit("head", { slot: "2" });
  await expect.poll(it.events).toHaveLength(2);
  const [topic, text] = it.events()[0] ?? ["", ""];
  expect(topic).toBe("block");
  expect(text).toMatch(/^1{200} <cut: a record of 200\d\d bytes, beyond 10000>$/);
  expect(it.stream.status().oversized).toBe(1);
});

test("invalid UTF-8 and data: null go on as events, and the stream lives", async () => {
  const it = await rig();
  await opened(it);
  it.node.emitBytes(
    Buffer.concat([Buffer.from("event: head\ndata: "), Buffer.from([0xff, 0xc3]), Buffer.from("\n\n")]),
  );
  it.node.emit("head", "null");
  await expect.poll(it.events).toEqual([
    ["head", "��"],
    ["head", "null"],
  ]);
});

test("comments are no events; what a node says in them that it dropped is counted", async () => {
  const it = await rig();
  await opened(it);
  it.node.emitBytes(": keep-alive\n\n:error - dropped 37 messages\n\n");
  it.node.emit("head", { slot: "1" });
  await expect.poll(it.events).toHaveLength(1);
  expect(it.stream.status().droppedByNode).toBe(37);
});

test("stopping ends the connection and tells nothing more", async () => {
  const it = await rig();
  await opened(it);
  const stop = closers.pop();
  await stop?.();
  await expect.poll(() => it.node.streams()).toBe(0);
  expect(it.told()).toEqual(["open"]);
});
