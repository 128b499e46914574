import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CheckReport } from "../../src/check/report.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { type FakeNode, type FakeNodeOptions, startFakeNode } from "../rigs/fake-node.ts";
import { runProgram } from "../rigs/program.ts";

let directory: string;
const cleanUp: (() => unknown)[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-check-"));
  cleanUp.push(() => rm(directory, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function fake(options: FakeNodeOptions = {}): Promise<FakeNode> {
  const genesisTimeS = Math.floor(systemClock().nowUs() / 1e6) - 60;
  const node = await startFakeNode({ genesisTimeS, ...options, spec: { SLOTS_PER_EPOCH: "1000", ...options.spec } });
  const timer = setInterval(() => node.emit("head", { slot: "1" }), 20);
  cleanUp.push(() => clearInterval(timer), node.close);
  return node;
}

/** Runs `ethmon check` over these nodes, with no time server. */
async function examine(nodes: readonly { name: string; url: string }[], ...args: string[]) {
  const file = join(directory, "config.json");
  await writeFile(file, JSON.stringify({ nodes, clock: { ntp_servers: [] } }));
  return runProgram(["check", "--config", file, ...args]);
}

test("a good node ends with one line that says ready, and 0", async () => {
  const { url } = await fake();
  const { code, out, errors } = await examine([{ name: "one", url }]);
  expect(out).toMatch(/^one {2}http:\/\/127\.0\.0\.1:\d+ {2}ready/);
  expect(out.trimEnd().split("\n").at(-1)).toBe("ready");
  expect([code, errors]).toEqual([0, ""]);
});

test("a node that lacks something ends with 0 all the same", async () => {
  const node = await fake();
  node.refuseTopics(["block_gossip"], "anonymous");
  const { code, out } = await examine([{ name: "one", url: node.url }]);
  expect(out.trimEnd().split("\n").at(-1)).toMatch(/^ready, with less: 1 thing /);
  expect(code).toBe(0);
});

test("a node that cannot be reached ends with 75, since it may be reached later", async () => {
  const node = await startFakeNode();
  await node.close();
  const { code, out } = await examine([{ name: "one", url: node.url }]);
  expect(out.trimEnd().split("\n").at(-1)).toMatch(/^not ready/);
  expect(code).toBe(75);
});

test("nodes of two networks end with 1", async () => {
  const one = await fake({ genesisValidatorsRoot: `0x${"aa".repeat(32)}` });
  const other = await fake({ genesisValidatorsRoot: `0x${"bb".repeat(32)}` });
  const { code, out } = await examine([
    { name: "first", url: one.url },
    { name: "second", url: other.url },
  ]);
  expect(out.trimEnd().split("\n").at(-1)).toBe("not ready");
  expect(code).toBe(1);
});

test("--json prints one object on standard output, without credentials", async () => {
  const node = await fake();
  const { code, out } = await examine(
    [{ name: "one", url: node.url.replace("//", "//user:hunter2@") }],
    "--json",
    "--listen",
    "0.2",
  );
  expect(out.trimEnd()).not.toContain("\n");
  expect(out).not.toContain("hunter2");
  const report = JSON.parse(out) as CheckReport;
  expect(report).toMatchObject({ verdict: "ready", temporary: false, clock: null });
  expect(report.nodes[0]?.events?.listened_ms).toBeGreaterThanOrEqual(195);
  expect(code).toBe(0);
});
