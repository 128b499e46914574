import { afterEach, expect, test } from "vitest";
import {
  type FakeNode,
  type FakeNodeOptions,
  startFakeNode,
  type UnknownTopicMode,
} from "../../test/rigs/fake-node.ts";
import { startFakeNtp } from "../../test/rigs/fake-ntp.ts";
import { PATHS } from "../collect/beacon-poll.ts";
import { systemClock } from "../lib/clock.ts";
import { check } from "./check.ts";
import { renderReport } from "./render.ts";
import type { CheckReport, NodeReport } from "./report.ts";

const SLOT_MS = 500;
const GLOAS_TOPICS = ["execution_payload", "execution_payload_gossip", "execution_payload_bid", "proposer_preferences"];
/** What the doctor asks for, to see whether the node refuses anything. */
const NO_TOPIC = "ethmon_no_such_topic";
const going = new AbortController().signal;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A node in sync at Fulu that sends a head every few milliseconds, until the test ends. */
async function fake(options: FakeNodeOptions & { quiet?: true } = {}): Promise<FakeNode> {
  const { quiet, ...rest } = options;
  const genesisTimeS = Math.floor(systemClock().nowUs() / 1e6) - 60;
  const node = await startFakeNode({
    genesisTimeS,
    ...rest,
    spec: { SLOT_DURATION_MS: String(SLOT_MS), FULU_FORK_EPOCH: "0", SLOTS_PER_EPOCH: "1000", ...options.spec },
  });
  node.refuseTopics([NO_TOPIC], "anonymous");
  const timer = quiet ? undefined : setInterval(() => node.emit("head", { slot: "1" }), 10);
  closers.push(() => clearInterval(timer), node.close);
  return node;
}

function examine(nodes: readonly { name: string; url: string }[], changes: Partial<Parameters<typeof check>[0]> = {}) {
  return check({ nodes, ntpServers: [], clock: systemClock(), signal: going, timeLimitMs: 2_000, ...changes });
}

async function examineOne(
  node: { url: string },
  changes: Partial<Parameters<typeof check>[0]> = {},
): Promise<{ report: CheckReport; one: NodeReport; text: string }> {
  const report = await examine([{ name: "one", url: node.url }], changes);
  const [one] = report.nodes;
  if (one === undefined) throw new Error("The report has no node");
  return { report, one, text: renderReport(report) };
}

const codes = ({ findings }: { findings: NodeReport["findings"] }) => findings.map(({ code }) => code);

test("a node that lacks nothing is ready, with all that it says of itself", async () => {
  const { report, one, text } = await examineOne(await fake({ version: "Lighthouse/v8.0.0-abc" }));
  expect(report).toMatchObject({ verdict: "ready", temporary: false, clock: null, findings: [] });
  expect(one).toMatchObject({
    version: "Lighthouse/v8.0.0-abc",
    network: { name: "devnet", fork: "fulu", slot_duration_ms: SLOT_MS, slots_per_epoch: 1000 },
    sync: { head_slot: 1, sync_distance: 0, is_syncing: false, is_optimistic: false, el_offline: false },
    peers: 5,
    events: { state: "open", first_event: { topic: "head" } },
  });
  expect(Object.values(one.paths)).toEqual(Array(10).fill("ok"));
  expect(text).toContain("Lighthouse/v8.0.0-abc");
  expect(text).toMatch(/\n\nready\n$/);
});

test("its Date header tells the node's clock to half a second", async () => {
  const { one } = await examineOne(await fake());
  expect(one.clock?.error_ms).toBeGreaterThanOrEqual(500);
  expect(Math.abs(one.clock?.offset_ms ?? Number.NaN)).toBeLessThanOrEqual((one.clock?.error_ms ?? 0) + 500);
});

test("a node whose clock is ten seconds off is named for it", async () => {
  const node = await fake();
  const date = new Date(systemClock().nowUs() / 1000 - 10_000).toUTCString();
  node.answer(PATHS.version, { body: { data: { version: "Fake/v1" } }, headers: { date } });
  // The other answers have the true date: it is the shortest round trip that counts, so they must not come.
  for (const path of [PATHS.spec, PATHS.genesis, PATHS.syncing, PATHS.peerCount, PATHS.identity]) {
    const standing = await (await fetch(`${node.url}${path}`)).text();
    node.answer(path, { raw: standing, headers: { "content-type": "application/json", date } });
  }
  for (const path of [PATHS.head, PATHS.finality, /headers\/0x/, /duties/]) node.answer(path, { status: 404 });
  const { report, one } = await examineOne(node);
  expect(one.clock?.offset_ms).toBeLessThan(-8_000);
  expect(one.findings.find(({ code }) => code === "node_clock_off")?.sentence).toMatch(/\d s behind this machine's/);
  expect(report.verdict).toBe("ready_with_less");
});

test("a syncing, optimistic node without execution client and peers is ready with less, for four reasons", async () => {
  const node = await fake();
  node.answer(PATHS.syncing, {
    body: {
      data: { head_slot: "5", sync_distance: "77", is_syncing: true, is_optimistic: true, el_offline: true },
    },
  });
  node.answer(PATHS.peerCount, { body: { data: { connected: "0" } } });
  const { report, one, text } = await examineOne(node);
  expect(codes(one)).toEqual(["no_peers", "syncing", "optimistic", "el_offline"]);
  expect(report).toMatchObject({ verdict: "ready_with_less", temporary: false });
  expect(text).toMatch(/syncing, 77 slots behind/);
  expect(text).toMatch(/\nready, with less: 4 things \(!\) to know\n$/);
});

test("a head that stands still while the node says it is in sync is told", async () => {
  const { one } = await examineOne(await fake({ spec: { SLOTS_PER_EPOCH: "8" } }));
  expect(codes(one)).toEqual(["head_behind"]);
});

test.each<[UnknownTopicMode]>([["named"], ["anonymous"]])(
  "a node that refuses topics (%s) loses what they are needed for, and what its fork lacks is not missed",
  async (mode) => {
    const node = await fake();
    node.refuseTopics(["block_gossip", "chain_reorg", "head_v2", ...GLOAS_TOPICS, NO_TOPIC], mode);
    const { report, one, text } = await examineOne(node);
    expect(one.events?.topics["block_gossip"]?.state).toBe("refused");
    expect(one.events?.topics["execution_payload"]?.state).toBe("refused");
    const bySeverity = (severity: string) => one.findings.filter((finding) => finding.severity === severity);
    expect(bySeverity("lesser")).toMatchObject(
      [{ code: "topic_refused", sentence: /^block_gossip is refused/ }].map(({ code }) => ({
        code,
        sentence: expect.stringMatching(/^block_gossip is refused \(Gossiped blocks: .*later/),
      })),
    );
    expect(bySeverity("note").map(({ sentence }) => sentence.split(" ")[0])).toEqual(["head_v2", "chain_reorg"]);
    expect(report.verdict).toBe("ready_with_less");
    expect(text).toMatch(/18 of 25 topics taken/);
  },
);

test("topics of a scheduled fork are asked for in time", async () => {
  const node = await fake({ spec: { GLOAS_FORK_EPOCH: "900000" } });
  node.refuseTopics(["execution_payload", NO_TOPIC], "named");
  const { report, one } = await examineOne(node);
  expect(one.findings).toMatchObject([{ severity: "note", code: "topic_refused_later" }]);
  expect(one.findings[0]?.sentence).toMatch(/from gloas on/);
  expect(report.verdict).toBe("ready");
});

test.each<[UnknownTopicMode, boolean]>([
  ["ignored", false],
  ["hanging", true],
])("a node that takes topics it does not know (%s) is not believed to know them", async (mode, lateHeaders) => {
  const node = await fake({ headersWithFirstEvent: lateHeaders });
  node.refuseTopics(["data_column_sidecar", "fast_confirmation", NO_TOPIC], mode);
  const { one, text } = await examineOne(node);
  expect(one.events).toMatchObject({ state: "open", refuses_unknown: false });
  const untold = one.findings.find(({ code }) => code === "topics_untold");
  expect(untold).toMatchObject({ severity: "note", sentence: expect.stringContaining("data_column_sidecar") });
  expect(text).toContain("events    no topic refused, 1 of 25 heard");
  expect(untold?.sentence).not.toMatch(/ head,|fast_confirmation|execution_payload/);
});

test("a node that refuses topics that do not exist is believed", async () => {
  const { one } = await examineOne(await fake());
  expect(one.events?.refuses_unknown).toBe(true);
  expect(one.findings).toEqual([]);
});

test("a node that takes neither heads nor blocks cannot be watched", async () => {
  const node = await fake();
  node.refuseTopics(["head", "head_v2", "block", NO_TOPIC], "named");
  const { report, one } = await examineOne(node, { listenMs: 100 });
  expect(codes(one)).toEqual(["no_topics"]);
  expect(report).toMatchObject({ verdict: "not_ready", temporary: false });
});

test("listening longer counts what comes, and names the topics that stay silent", async () => {
  const node = await fake();
  const { one, text } = await examineOne(node, { listenMs: 3 * SLOT_MS });
  expect(one.events?.topics["head"]?.events).toBeGreaterThan(1);
  expect(one.events?.listened_ms).toBeGreaterThanOrEqual(3 * SLOT_MS - 5);
  const silent = one.findings.filter(({ code }) => code === "topic_silent").map(({ sentence }) => sentence);
  expect(silent.map((sentence) => sentence.split(" ")[0])).toEqual(["block", "attestation", "single_attestation"]);
  expect(text).toMatch(/first event after \d+\.\d s \(head\), \d+ events in/);
});

test("a stream that tells nothing in two slots is not ready, and may be so later", async () => {
  const { report, one, text } = await examineOne(await fake({ quiet: true }));
  expect(one.findings).toMatchObject([{ code: "stream_silent", severity: "fatal", temporary: true }]);
  expect(report).toMatchObject({ verdict: "not_ready", temporary: true });
  expect(text).toContain("proxy_buffering off");
});

test("REST paths that are missing are named with what that costs", async () => {
  const node = await fake();
  for (const path of [/headers\/0x/, /duties/, PATHS.finality]) node.answer(path, { status: 404, body: {} });
  const { report, one, text } = await examineOne(node);
  const missing = Object.entries(one.paths).flatMap(([path, state]) => (state === "missing" ? [path] : []));
  expect(missing).toEqual([
    "/eth/v1/beacon/headers/{block_root}",
    PATHS.finality,
    "/eth/v1/validator/duties/proposer/{epoch}",
  ]);
  const sentences = one.findings.map(({ sentence }) => sentence).join("\n");
  expect(sentences).toMatch(/parents of blocks are inferred[\s\S]*finality is known only[\s\S]*who had to propose/);
  expect(report.verdict).toBe("ready_with_less");
  expect(text).toContain("7 of 10 paths are answered");
});

test("a node that is in the next epoch already is not said to lack duties", async () => {
  const node = await fake();
  const [epoch, next] = [0, 1];
  node.answer(`/eth/v1/validator/duties/proposer/${epoch}`, { status: 400, body: { message: "Epoch 0 is past" } });
  node.answer(`/eth/v2/validator/duties/proposer/${epoch}`, { status: 400 });
  const { one } = await examineOne(node);
  expect(node.count(`/eth/v1/validator/duties/proposer/${next}`)).toBe(1);
  expect(one.paths["/eth/v1/validator/duties/proposer/{epoch}"]).toBe("ok");
});

test("an answer that fails now is not called missing", async () => {
  const node = await fake();
  node.answer(PATHS.finality, { status: 503, body: { message: "Busy" } });
  const { one } = await examineOne(node);
  expect(one.paths[PATHS.finality]).toBe("failed");
  expect(one.findings).toMatchObject([{ code: "path_failed", temporary: true }]);
});

test("a web page instead of an API is said to be one, and does not pass by itself", async () => {
  const node = await fake();
  node.answer(/.*/, { raw: "<html><title>Log in</title><body>Please log in</body></html>" });
  const { report, one, text } = await examineOne(node);
  expect(one).toMatchObject({ verdict: "not_ready", network: null, events: null });
  expect(one.findings).toMatchObject([{ code: "node_not_json", sentence: expect.stringContaining("Please log in") }]);
  expect(report.temporary).toBe(false);
  expect(text).toMatch(/> A web page or a login answers there/);
  expect(text).not.toContain("<html>");
});

test("an address where only the API's route is missing is told from a node", async () => {
  const node = await fake();
  node.answer(/.*/, { status: 404, body: { message: "Route not found" } });
  const { report, one } = await examineOne(node);
  expect(one.findings).toMatchObject([{ code: "node_http_error", advice: expect.stringContaining("port") }]);
  expect(report).toMatchObject({ verdict: "not_ready", temporary: false });
});

test("where nothing listens, that and what to do is said; it may pass", async () => {
  const node = await startFakeNode();
  await node.close();
  const { report, one } = await examineOne(node);
  expect(one.findings).toMatchObject([{ code: "node_unreachable", advice: expect.stringContaining("--http") }]);
  expect(report).toMatchObject({ verdict: "not_ready", temporary: true });
});

test("a node that takes connections and never answers is given up in bounded time", async () => {
  const node = await fake();
  node.hang(true);
  const { report, one } = await examineOne(node, { timeLimitMs: 100 });
  expect(one.findings).toMatchObject([{ code: "node_timeout" }]);
  expect(report).toMatchObject({ verdict: "not_ready", temporary: true });
});

test("a name that does not exist is a matter of spelling", async () => {
  const { one } = await examineOne({ url: "http://no-such-host.invalid:5052" });
  expect(one.findings).toMatchObject([{ code: "node_unreachable" }]);
});

test("nodes of two networks are not ready together, each for itself is", async () => {
  const one = await fake({ spec: { CONFIG_NAME: "mainnet" }, genesisValidatorsRoot: `0x${"aa".repeat(32)}` });
  const other = await fake({ spec: { CONFIG_NAME: "hoodi" }, genesisValidatorsRoot: `0x${"bb".repeat(32)}` });
  const report = await examine([
    { name: "first", url: one.url },
    { name: "second", url: other.url },
  ]);
  expect(report).toMatchObject({ verdict: "not_ready", temporary: false });
  expect(report.nodes.map(({ verdict }) => verdict)).toEqual(["ready", "ready"]);
  const [finding] = report.findings;
  expect(finding?.code).toBe("network_mismatch");
  for (const word of ["first", "second", "mainnet", "hoodi"]) expect(finding?.sentence).toContain(word);
});

test("one node that is down does not keep the others from being examined", async () => {
  const up = await fake();
  const down = await startFakeNode();
  await down.close();
  const report = await examine([
    { name: "up", url: up.url },
    { name: "down", url: down.url },
  ]);
  expect(report.nodes.map(({ verdict }) => verdict)).toEqual(["ready", "not_ready"]);
  expect(report.verdict).toBe("not_ready");
});

test("no credential of an address is in the report, even when the node repeats it", async () => {
  const node = await fake({ version: "hunter2-in-version\u001b[31m" });
  node.answer(PATHS.finality, { status: 500, body: { message: "no access for hunter2 with k3y-of-mine" } });
  const url = node.url.replace("http://", "http://user:hunter2@").concat("/?apikey=k3y-of-mine");
  const { report, text } = await examineOne({ url });
  for (const shown of [JSON.stringify(report), text]) {
    expect(shown).not.toMatch(/hunter2|k3y-of-mine|\\u001b/);
    expect(shown).not.toContain("\u001b");
    expect(shown).toContain("***");
  }
});

test("this machine's clock is compared, and told when it is off", async () => {
  const ntp = await startFakeNtp({ offsetMs: -700, rootDispersionMs: 10 });
  closers.push(ntp.close);
  const { report, text } = await examineOne(await fake(), { ntpServers: [ntp.server] });
  expect(report.clock).toMatchObject({ reachable: true, server: ntp.server });
  expect(report.findings).toMatchObject([{ code: "clock_off", sentence: expect.stringMatching(/\d{3} ms ahead/) }]);
  expect(report.verdict).toBe("ready_with_less");
  expect(text).toMatch(/this machine\n {2}clock {5}(?:699|700|701)\.\d ms ahead \(± \d+\.\d ms\), by 127/);
});

test("time servers that do not answer are a fact, and no failure", async () => {
  const ntp = await startFakeNtp({ kiss: "DENY" });
  closers.push(ntp.close);
  const { report } = await examineOne(await fake(), { ntpServers: [ntp.server] });
  expect(report.clock).toEqual({ reachable: false, server: null, offset: null });
  expect(report.findings).toMatchObject([{ code: "clock_unknown", severity: "lesser" }]);
  expect(report.verdict).toBe("ready_with_less");
});

test("without nodes there is nothing to check, and it says how to name one", async () => {
  await expect(examine([])).rejects.toMatchObject({ code: "no_nodes", message: expect.stringContaining("--node") });
});

test("it ends when it is told to", async () => {
  const node = await fake({ quiet: true });
  const ending = new AbortController();
  const examined = examine([{ name: "one", url: node.url }], { signal: ending.signal, listenMs: 600_000 });
  await expect.poll(() => node.streams()).toBeGreaterThan(0);
  ending.abort();
  await expect(examined).rejects.toThrow(/abort/i);
});
