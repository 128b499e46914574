import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startFakeNode } from "../../test/rigs/fake-node.ts";
import { slotsPanel } from "../../test/rigs/panel-fixtures.ts";
import { type RunningProgram, startProgram } from "../../test/rigs/program.ts";
import { until } from "../../test/rigs/until.ts";
import { loadConfig } from "../config/load.ts";

async function start(...args: string[]): Promise<RunningProgram> {
  const directory = await mkdtemp(join(tmpdir(), "ethmon-public-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const node = await startFakeNode();
  onTestFinished(node.close);
  const program = startProgram(["run", "--data", directory, "--port", "0", "--node", node.url, ...args]);
  onTestFinished(async () => {
    program.process.kill("SIGTERM");
    expect((await program.ended).code).toBe(0);
  });
  return program;
}

const modeOf = async (url: string) => (await fetch(`${url}/api/v1/mode`)).json();
const statusOf = async (url: string) => (await fetch(url)).status;

test("with --public alone any address is listened to, and everything else is closed", async () => {
  const program = await start("--public", "--host", "0.0.0.0");
  const { port } = new URL(await program.url);
  const url = `http://127.0.0.1:${port}`;
  expect(await modeOf(url)).toEqual({ public: true, sql: false, writes: false });
  await until("the store is open", async () => (await statusOf(`${url}/api/v1/dashboards`)) === 200);
  const { dashboards } = (await (await fetch(`${url}/api/v1/dashboards`)).json()) as { dashboards: unknown[] };
  expect(dashboards.length).toBeGreaterThan(5);
  expect(await statusOf(`${url}/api/v1/store`)).toBe(403);
});

test("with a port of its own the public has that, and the other one stays what it is", async () => {
  const program = await start("--public", "0");
  const url = await program.url;
  await until("the public's address is told", () => /Public dashboards: \S+/.test(program.out()));
  const publicUrl = /Public dashboards: (\S+)/.exec(program.out())?.[1] ?? "";
  expect(await modeOf(publicUrl)).toEqual({ public: true, sql: false, writes: false });
  expect(await modeOf(url)).toEqual({ public: false, sql: true, writes: true });
  await until("the store is open", async () => (await statusOf(`${url}/api/v1/store`)) === 200);
  expect(await statusOf(`${publicUrl}/api/v1/store`)).toBe(403);
  expect(await statusOf(`${url}/metrics`)).toBe(200);

  // What is changed at the one is not shown as it was by the other.
  const panel = (interval: string) =>
    slotsPanel("mine", {
      request: {
        index: "ethmon-slot-{network}",
        body: { size: 0, aggs: { over: { date_histogram: { field: "@timestamp", fixed_interval: interval } } } },
      },
    });
  const change = async (method: "PUT" | "DELETE", body?: unknown) => {
    const json =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    return (await fetch(`${url}/api/v1/panels/mine`, { method, ...json })).status;
  };
  const shown = async () => {
    const response = await fetch(`${publicUrl}/api/v1/panels/mine/answer`);
    const { request } = (await response.json()) as { request?: { body: ReturnType<typeof panel>["request"]["body"] } };
    return [response.status, JSON.stringify(request?.body["aggs"]).match(/"fixed_interval":"(\w+)"/)?.[1]];
  };
  await until("the panel is saved", async () => (await change("PUT", panel("1h"))) === 200);
  expect(await shown()).toEqual([200, "1h"]);
  expect(await change("PUT", panel("2h"))).toBe(200);
  expect(await shown()).toEqual([200, "2h"]);
  expect(await change("DELETE")).toBe(200);
  expect(await statusOf(`${publicUrl}/api/v1/panels/mine/answer`)).toBe(404);
});

test("the command line opens the public, and keeps what the file says of it", async () => {
  const config = async (asked: true | number) => (await loadConfig({ overrides: { public: asked }, env: {} })).public;
  expect(await config(true)).toMatchObject({ buckets: 10_000, requests_per_client: 12, cache_seconds: 10 });
  expect(await config(8421)).toMatchObject({ port: 8421 });
  expect((await loadConfig({ overrides: {}, env: {} })).public).toBeUndefined();
});
