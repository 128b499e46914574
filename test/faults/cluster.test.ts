import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type FakeCluster, startFakeCluster } from "../rigs/fake-cluster.ts";
import { type FakeNode, startFakeNode } from "../rigs/fake-node.ts";
import { runProgram, startProgram } from "../rigs/program.ts";
import { until } from "../rigs/until.ts";

const LIMIT = { timeout: 120_000 };
const OFFLINE = new URL("../rigs/offline.json", import.meta.url).pathname;

async function rig(): Promise<{ cluster: FakeCluster; node: FakeNode; arguments: () => Promise<string[]> }> {
  const cluster = await startFakeCluster();
  const node = await startFakeNode({ genesisTimeS: Math.floor(Date.now() / 1000) - 600 });
  onTestFinished(async () => {
    await node.close();
    await cluster.close();
  });
  const ofDirectory = async () => {
    const directory = await mkdtemp(join(tmpdir(), "ethmon-cluster-"));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const watching = ["--data", directory, "--node", `a=${node.url}`, "--store", cluster.url];
    return ["run", ...watching, "--port", "0", "--config", OFFLINE, "--log-level", "error"];
  };
  return { cluster, node, arguments: ofDirectory };
}

async function get(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

test(
  "while the cluster is away, health and store say so in one sentence with what waits, and go on when it is back",
  LIMIT,
  async () => {
    const { cluster, node, arguments: prepare } = await rig();
    const program = startProgram(await prepare());
    onTestFinished(async () => {
      program.process.kill("SIGTERM");
      expect((await program.ended).code).toBe(0);
    });
    const url = await program.url;
    await until("the stream is open", () => node.streams() === 1);
    await cluster.away();
    const reason = async () => {
      const { reasons } = JSON.parse((await get(`${url}/api/v1/health`)).text) as {
        reasons: { code: string; sentence: string }[];
      };
      return reasons.find(({ code }) => code === "store_unavailable")?.sentence ?? "";
    };
    const sentence =
      /^The cluster has taken no documents since .* UTC: .*ECONNREFUSED.*\. \d+ documents? waits? in the journal \(.* of 20 GB\)\.$/;
    await until("health tells it", async () => sentence.test(await reason()));
    const told = await get(`${url}/api/v1/store`);
    expect(told.status).toBe(503);
    const { error } = JSON.parse(told.text) as { error: { code: string; message: string; retry: boolean } };
    expect(error).toEqual({ code: "store_unavailable", message: expect.stringMatching(sentence), retry: true });
    expect((await get(`${url}/metrics`)).text).toMatch(/^ethmon_store_ready 0$/m);
    await cluster.back();
    await until("health tells nothing of it", async () => (await reason()) === "");
    await until("the store is told", async () => (await get(`${url}/api/v1/store`)).status === 200);
  },
);

test("a second monitor of the network ends at its start, and says who the first is", LIMIT, async () => {
  const { arguments: prepare } = await rig();
  const first = startProgram(await prepare());
  onTestFinished(async () => {
    first.process.kill("SIGTERM");
    await first.ended;
  });
  await first.url;
  const { code, errors, out } = await runProgram(await prepare());
  expect(code).toBe(1);
  expect(errors).toMatch(
    /are written by the ethmon on .* with the data directory .* delete the document .* of ethmon\.writers/,
  );
  expect(out).toBe("");
});
