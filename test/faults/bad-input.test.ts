import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SearchHit } from "../../src/search/request.ts";
import { type FakeNode, startFakeNode } from "../rigs/fake-node.ts";
import { startProgram } from "../rigs/program.ts";
import { storedHits, valueAt } from "../rigs/stored.ts";
import { until } from "../rigs/until.ts";

const SLOT_S = 6;
const nowS = () => Math.floor((performance.timeOrigin + performance.now()) / 1000);
const genesisTimeS = nowS() - 6_000;
const slotNow = () => Math.floor((nowS() - genesisTimeS) / SLOT_S);
const root = (number: number) => `0x${number.toString(16).padStart(64, "0")}`;

let directory: string;
let node: FakeNode;
let log: string;
let quarantine: SearchHit[];
let blocks: SearchHit[];
let reorgs: SearchHit[];
let gaps: SearchHit[];

/** After each bad thing a good block follows, on the same stream: the node must not be lost for it. */
let follower = 0;
function goodBlock(): void {
  follower += 1;
  node.emit("block", { slot: String(slotNow()), block: root(follower), execution_optimistic: false });
}

/** It fits its schema, and with its original it is larger than a document may be. */
function largeBlock(): void {
  node.emit("block", {
    slot: String(slotNow()),
    block: root(904),
    execution_optimistic: false,
    extra: "x".repeat(10_000_000),
  });
}

/** The large block is told as every other one. */
const streamed = (good: number) => `ethmon_events_total{node="bad",topic="block"} ${good + 1}`;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-faults-"));
  node = await startFakeNode({ genesisTimeS });
  let asked = 0;
  node.answer("/eth/v1/config/spec", () => {
    asked += 1;
    return asked === 1
      ? { status: 500, body: { code: 500, message: "internal error" } }
      : { body: { data: { CONFIG_NAME: "devnet", SECONDS_PER_SLOT: String(SLOT_S), SLOTS_PER_EPOCH: "8" } } };
  });
  node.answer("/eth/v1/node/syncing", {
    raw: "<html><body>Bad gateway</body></html>",
    headers: { "content-type": "text/html" },
  });
  const program = startProgram(["run", "--data", directory, "--port", "0", "--node", `bad=${node.url}`]);
  await until("the stream is open", () => node.streams() === 1);

  node.emit("block", "null");
  goodBlock();
  node.emit("block", "this is no JSON");
  goodBlock();
  node.emit("block", { slot: "18446744073709551615", block: root(901), execution_optimistic: false });
  node.emit("block", `{"slot":9007199254740993,"block":"${root(902)}","execution_optimistic":false}`);
  goodBlock();
  const tenYears = slotNow() + Math.floor((10 * 365 * 86_400) / SLOT_S);
  node.emit("block", { slot: String(tenYears), block: root(903), execution_optimistic: false });
  goodBlock();
  node.emitBytes(
    Buffer.concat([
      Buffer.from(`event: block\ndata: {"slot":"${slotNow()}","block":"`),
      Buffer.from([0xff, 0xfe, 0x80]),
      Buffer.from('"}\n\n'),
    ]),
  );
  goodBlock();
  node.emit("chain_reorg", {
    slot: String(slotNow()),
    depth: "18446744073709551614",
    old_head_block: root(1),
    new_head_block: root(2),
    old_head_state: root(0),
    new_head_state: root(0),
    epoch: "1",
    execution_optimistic: false,
  });
  node.emit("payload_attributes", `{"version":"fulu","data":"${"x".repeat(10_000_000)}"}`);
  goodBlock();
  largeBlock();
  goodBlock();
  const url = await program.url;
  await until("all that was sent is counted", async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return /^ethmon_quarantined_total 7$/m.test(metrics) && metrics.includes(streamed(follower));
  });
  node.cutStreams({ insideRecord: true });
  await until("the stream is asked for again", () => node.count("/eth/v1/events") > 1);
  await until("the stream is open", () => node.streams() === 1);
  goodBlock();

  await until("the last block is told", async () =>
    (await (await fetch(`${url}/metrics`)).text()).includes(streamed(follower)),
  );
  program.process.kill("SIGTERM");
  expect(await program.ended).toEqual({ code: 0, signal: null });
  log = program.errors();
  const stored = await storedHits({
    directory,
    patterns: [
      "logs-ethereum.quarantine-devnet",
      "logs-ethereum.block-devnet",
      "logs-ethereum.chain_reorg-devnet",
      "logs-ethereum.gap-devnet",
    ],
  });
  [quarantine = [], blocks = [], reorgs = [], gaps = []] = stored;
}, 120_000);

afterAll(async () => {
  await node.close();
  await rm(directory, { recursive: true, force: true });
});

const reasons = () => quarantine.map((hit) => String(valueAt(hit, "ethereum.quarantine.reason")));

test("what does not fit is kept whole in quarantine, each with its reason in words", () => {
  expect(reasons()).toEqual([
    "the data are null",
    "the data are not JSON",
    "slot is beyond 2^53",
    "slot is beyond 2^53",
    expect.stringMatching(/^slot \d+ begins 31\d{7} s after the event arrived$/),
    "block is not 32 bytes of hex",
    expect.stringMatching(/^data .*\(10000\d{3} characters, cut\)$/),
    expect.stringMatching(/^the document has 10\d{6} bytes, above 8388608 \(10\d{6} characters, cut\)$/),
  ]);
  expect(valueAt(quarantine[3] as SearchHit, "ethereum.quarantine.original")).toContain("9007199254740993");
  expect(quarantine.map((hit) => valueAt(hit, "observer.name"))).toEqual(Array(8).fill("bad"));
  expect(valueAt(quarantine[7] as SearchHit, "ethereum.quarantine.dataset")).toBe("ethereum.block");
  expect(valueAt(quarantine[7] as SearchHit, "ethereum.quarantine.original")).toContain(root(904));
});

test("the node keeps streaming after each of them: every good block is stored once", () => {
  const roots = blocks.map((hit) => valueAt(hit, "ethereum.block.root"));
  expect(roots).toEqual(Array.from({ length: follower }, (_, index) => root(index + 1)));
});

test("a depth beyond 2^53 is a hint that is kept digit by digit", () => {
  expect(reorgs.map((hit) => valueAt(hit, "ethereum.reorg.depth_hint"))).toEqual(["18446744073709551614"]);
});

test("a stream cut inside a record gives no half record, and a gap", () => {
  expect(gaps.map((hit) => valueAt(hit, "event.reason"))).toContain("closed");
});

test("an HTTP 500 and an HTML body are each told in one clear sentence", () => {
  expect(log).toContain("answered /eth/v1/config/spec with status 500");
  expect(log).toMatch(/\/eth\/v1\/node\/syncing.*(HTML|html)/);
});
