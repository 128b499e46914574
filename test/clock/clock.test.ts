import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { HealthView } from "../../src/serve/views.ts";
import { startFakeNode } from "../rigs/fake-node.ts";
import { startFakeNtp } from "../rigs/fake-ntp.ts";
import { startProgram } from "../rigs/program.ts";
import { storedHits, valueAt } from "../rigs/stored.ts";
import { until } from "../rigs/until.ts";

let directory: string;
const cleanUp: (() => Promise<unknown> | unknown)[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-clock-"));
  cleanUp.push(() => rm(directory, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

test("the program stores how far its clock is off, and its health says so", async () => {
  const node = await startFakeNode();
  const ntp = await startFakeNtp({ offsetMs: 1_250, rootDispersionMs: 20 });
  cleanUp.push(node.close, ntp.close);
  const file = join(directory, "config.json");
  const data = join(directory, "data");
  await writeFile(
    file,
    JSON.stringify({
      nodes: [{ name: "one", url: node.url }],
      data_directory: data,
      port: 0,
      log_level: "silent",
      clock: { ntp_servers: [ntp.server] },
    }),
  );
  const program = startProgram(["run", "--config", file]);
  cleanUp.push(() => program.process.kill("SIGKILL"));
  const url = await program.url;
  const health = async () => (await (await fetch(`${url}/api/v1/health`)).json()) as HealthView;
  await until("the clock was compared", async () => (await health()).clock?.reachable === true);
  const { clock, reasons, status } = await health();
  expect(clock?.server).toBe(ntp.server);
  expect(Math.abs((clock?.offset_ms ?? Number.NaN) - 1_250)).toBeLessThanOrEqual(clock?.error_ms ?? 0);
  expect(status).not.toBe("failing");
  expect(reasons.find(({ code }) => code === "clock_off")?.sentence).toMatch(/12\d\d ms behind/);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/^ethmon_clock_offset_seconds 1\.2\d*$/m);
  expect(metrics).toMatch(/^ethmon_clock_reachable 1$/m);

  await until("the network was told", async () => (await fetch(`${url}/api/v1/network`)).ok);
  program.process.kill("SIGTERM");
  expect((await program.ended).code).toBe(0);
  const [hits = []] = await storedHits({ directory: data, patterns: ["logs-ethereum.clock-*"] });
  expect(hits).toHaveLength(1);
  const [hit] = hits;
  if (hit === undefined) throw new Error("No document of the clock was stored");
  expect(valueAt(hit, "ethereum.clock.offset_ms")).toBe(clock?.offset_ms);
  expect(valueAt(hit, "ethereum.clock.reachable")).toBe(true);
  expect(valueAt(hit, "ethereum.clock.loop_delay_ms.max")).toBeTypeOf("number");
});
