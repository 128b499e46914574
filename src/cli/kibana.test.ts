import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeKibana, startFakeKibana } from "../../test/rigs/fake-kibana.ts";
import { runProgram } from "../../test/rigs/program.ts";

let directory: string;
let config: string;
const undo: (() => Promise<void>)[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-kibana-"));
  config = join(directory, "network.json");
  const spec = {
    CONFIG_NAME: "testnet",
    SLOT_DURATION_MS: "6000",
    SLOTS_PER_EPOCH: "16",
    ATTESTATION_DUE_BPS: "5000",
    ALTAIR_FORK_EPOCH: "0",
    GENESIS_FORK_VERSION: "0x00000000",
  };
  await writeFile(config, JSON.stringify({ spec: { data: spec }, genesis: { data: { genesis_time: "1700000000" } } }));
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await rm(directory, { recursive: true });
});

async function fake(options: Parameters<typeof startFakeKibana>[0]): Promise<FakeKibana> {
  const kibana = await startFakeKibana(options);
  undo.push(kibana.close);
  return kibana;
}

const run = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const { code, out, errors } = await runProgram(["kibana", ...args], { ...process.env, ...env });
  return { code, out, errors: errors.trim() };
};
const setUp = (url: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
  run(["setup", "--url", url, "--network-config", config, ...args], env);

describe("ethmon kibana export", () => {
  test("writes a file with the constants of the network that a file tells", async () => {
    const out = join(directory, "objects.ndjson");
    const { code, out: told } = await run(["export", "--out", out, "--network-config", config, "--for", "kibana-8"]);
    expect(code).toBe(0);
    expect(told).toContain("for kibana-8, of the network testnet");
    const lines = (await readFile(out, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ type }) => type === "dashboard")).toHaveLength(7);
    const { visState } = lines.find(({ id }) => id === "ethmon-testnet-panel-node-arrival").attributes;
    const { params } = JSON.parse(JSON.parse(visState).params.spec);
    expect(params).toContainEqual({ name: "slot_ms", value: 6000 });
    expect(params).toContainEqual({ name: "attestation_due_ms", value: 3000 });
  });

  test("has what is saved in a running ethmon, and its network", async () => {
    const url = await runningEthmon();
    const out = join(directory, "objects.ndjson");
    const { code, errors } = await run(["export", "--out", out, "--url", url, "--json"]);
    expect(errors).toBe("");
    expect(code).toBe(0);
    const lines = (await readFile(out, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const ids = lines.map(({ id }) => id);
    expect(ids).toContain("ethmon-othernet-panel-mine");
    expect(ids).toContain("ethmon-othernet-dashboard-my-board");
    expect(ids).toContain("ethmon-othernet-search-my-search");
    expect(ids).toContain("ethmon-othernet-panel-late-blocks");
  });

  test.each([
    [["--data", "/none"], "--network-config FILE"],
    [["--network-config", "/none.json"], "does not tell the network"],
    [["--for", "kibana-7"], "kibana-8, kibana-9"],
    [["--network-config", "CONFIG", "--out", "/none/objects.ndjson"], "cannot be written"],
  ])("%j is the user's fault, in a sentence", async (args, sentence) => {
    const given = args.map((one) => (one === "CONFIG" ? config : one));
    const { code, errors } = await run(["export", "--out", join(directory, "o.ndjson"), ...given]);
    expect(code).toBe(1);
    expect(errors).toContain(sentence);
    expect(errors.split("\n").filter((line) => line.startsWith("    at "))).toEqual([]);
  });

  test("names what a file lacks", async () => {
    await writeFile(config, JSON.stringify({ spec: { SLOTS_PER_EPOCH: "16" }, genesis: { genesis_time: "1" } }));
    const { code, errors } = await run(["export", "--out", join(directory, "o.ndjson"), "--network-config", config]);
    expect(code).toBe(1);
    expect(errors).toContain("SLOT_DURATION_MS");
  });
});

describe("ethmon kibana setup", () => {
  test.each([
    ["kibana-9", "9.2.0"],
    ["opensearch-dashboards-3", "3.2.0"],
  ] as const)("imports into %s, and replaces what it made before", async (target, version) => {
    const kibana = await fake({ target, version });
    const first = await setUp(kibana.url, ["--json"]);
    expect(first.errors).toBe("");
    expect(first.code).toBe(0);
    const told = JSON.parse(first.out);
    expect(told).toMatchObject({ for: target, network: "testnet", refused: [] });
    expect(told.imported.length).toBe(kibana.objects.size);
    expect(new Set(told.imported.map(({ outcome }: { outcome: string }) => outcome))).toEqual(new Set(["created"]));
    const second = await setUp(kibana.url);
    expect(second.code).toBe(0);
    expect(second.out).toMatch(new RegExp(`0 created, ${kibana.objects.size} overwritten, 0 refused\\.\\n$`));
  });

  test("goes through a space, with an API key from the environment", async () => {
    const kibana = await fake({ target: "kibana-9", version: "9.1.0", authorization: "ApiKey c2VjcmV0" });
    const { code } = await setUp(kibana.url, ["--space", "ops"], { ETHMON_KIBANA_API_KEY: "c2VjcmV0" });
    expect(code).toBe(0);
    expect(kibana.requests.map(({ path }) => path)).toEqual([
      "/s/ops/api/status",
      "/s/ops/api/saved_objects/_import?overwrite=true",
    ]);
  });

  test("logs in with a user of the environment", async () => {
    const authorization = `Basic ${Buffer.from("eve:correct horse").toString("base64")}`;
    const kibana = await fake({ target: "opensearch-dashboards-3", version: "3.1.0", authorization });
    const env = { ETHMON_KIBANA_USER: "eve", ETHMON_KIBANA_PASSWORD: "correct horse" };
    expect((await setUp(kibana.url, [], env)).code).toBe(0);
    const refused = await setUp(kibana.url, [], { ...env, ETHMON_KIBANA_PASSWORD: "wrong" });
    expect(refused).toMatchObject({ code: 1, errors: `ethmon: ${kibana.url} does not take the credentials.` });
    expect((await setUp(kibana.url)).errors).toContain("ETHMON_KIBANA_API_KEY");
  });

  test("tells each object that was refused, and fails", async () => {
    // Its types are those of another version.
    const kibana = await fake({ target: "kibana-8", version: "9.1.0" });
    const { code, out } = await setUp(kibana.url);
    expect(code).toBe(1);
    expect(out).toMatch(/^refused {2}dashboard {2}ethmon-testnet-dashboard-blocks /m);
    expect(out).toMatch(/, 7 refused\.\n$/);
  });

  test("what the import answers decides how it ends", async () => {
    const kibana = await fake({ target: "kibana-9", version: "9.1.0" });
    let trouble: { status: number; body: object } = { status: 409, body: { message: "version conflict" } };
    kibana.onRequest(({ path }) => (path.includes("_import") ? trouble : undefined));
    expect(await setUp(kibana.url)).toMatchObject({ code: 75, errors: expect.stringContaining("version conflict") });
    trouble = { status: 413, body: { message: "Payload too large" } };
    expect(await setUp(kibana.url)).toMatchObject({ code: 1, errors: expect.stringContaining("Payload too large") });
    expect(kibana.objects.size).toBe(0);
  });

  test("the version is told, or said by --for", async () => {
    const kibana = await fake({ target: "kibana-9" });
    expect(await setUp(kibana.url)).toMatchObject({ code: 1, errors: expect.stringContaining("say it by --for") });
    expect((await setUp(kibana.url, ["--for", "kibana-9"])).code).toBe(0);
  });

  test("where nothing listens, it may pass by itself", async () => {
    const kibana = await startFakeKibana({ target: "kibana-9", version: "9.1.0" });
    await kibana.close();
    const { code, errors } = await setUp(kibana.url);
    expect(errors).toMatch(/cannot be reached: .*ECONNREFUSED/);
    expect(code).toBe(75);
  });

  test.each([
    [["--url", "localhost:5601"], "is not the URL of a Kibana"],
    [["--url", "http://127.0.0.1:1", "--space", "No Space"], "space"],
  ])("%j is the user's fault", async (args, words) => {
    const { code, errors } = await run(["setup", "--network-config", config, ...args]);
    expect(code).toBe(1);
    expect(errors).toContain(words);
  });
});

/** The answers of an ethmon in which something is saved, as its API's documents tell them. */
async function runningEthmon(): Promise<string> {
  const panel = {
    id: "mine",
    title: "Mine",
    description: "My own.",
    request: { index: "ethmon-slot-{network}", body: { size: 0 } },
    variables: {},
    view: { kind: "metric", value: "hits.total.value", format: "integer" },
    links: [],
  };
  const grid = [{ panel: "mine", x: 0, y: 0, w: 24, h: 10 }];
  const dashboard = { id: "my-board", title: "My board", description: "My own.", grid };
  const search = { id: "my-search", title: "My search", index: "ethmon-slot-*" };
  const deadlines = { attestation_due_ms: 2000, aggregate_due_ms: 4000 };
  const answers: Readonly<Record<string, object>> = {
    "/api/v1/network": {
      name: "othernet",
      genesis_time: 1_700_000_000,
      genesis_validators_root: null,
      slot_duration_ms: 6000,
      slots_per_epoch: 8,
      forks: [{ fork: "phase0", epoch: 0, deadlines }],
      demo: false,
      now_ms: 1_800_000_000_000,
    },
    "/api/v1/dashboards": { dashboards: [{ ...dashboard, origin: "saved", panels: 1 }] },
    "/api/v1/dashboards/my-board": { dashboard, panels: [panel], origin: "saved" },
    "/api/v1/panels": {
      panels: [
        { id: "late-blocks", origin: "shipped" },
        { id: "mine", origin: "saved" },
      ],
    },
    "/api/v1/panels/mine": { panel, origin: "saved" },
    "/api/v1/searches": { searches: [search] },
    "/api/v1/searches/my-search": { search },
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ""];
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(JSON.stringify(answer ?? { error: { code: "path_unknown", message: "No.", retry: false } }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  undo.push(() => new Promise((closed) => server.close(() => closed())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
