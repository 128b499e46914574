import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../../test/rigs/program.ts";

let directory: string;
let config: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-grafana-"));
  config = join(directory, "network.json");
  const spec = { CONFIG_NAME: "testnet", SECONDS_PER_SLOT: "6", SLOTS_PER_EPOCH: "16" };
  await writeFile(config, JSON.stringify({ spec, genesis: { genesis_time: "1700000000" } }));
});
afterEach(() => rm(directory, { recursive: true }));

const run = (...args: string[]) => runProgram(["grafana", "export", "--network-config", config, ...args]);

test("a data source file and a file a dashboard are written, and what is left out is told", async () => {
  const out = join(directory, "provisioning");
  const { code, out: told } = await run("--out", out, "--network", "othernet");
  expect(code).toBe(0);
  expect(told).toContain("panel operations: Grafana's editor has no metric value_count; it is left out.\n");
  expect(told).toMatch(/\d+ of \d+ panels of the network othernet are in 7 dashboards\.\n$/);
  expect(await readdir(join(out, "datasources"))).toEqual(["ethmon-othernet.yaml"]);
  expect(await readdir(join(out, "dashboards"))).toHaveLength(7);
});

test.each([
  [["--out", "FILE"], "cannot be written"],
  [["--out", "DIR", "--elastic", "es:9200"], "URL of an Elasticsearch"],
  [[], "--out"],
])("%j is the user's fault", async (args, words) => {
  const given = args.map((one) => (one === "FILE" ? join(config, "x") : one === "DIR" ? directory : one));
  const { code, errors } = await run(...given);
  expect(code).toBe(1);
  expect(errors).toContain(words);
});
