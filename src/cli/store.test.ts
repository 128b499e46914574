import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startFakeNode } from "../../test/rigs/fake-node.ts";
import { runProgram, startProgram } from "../../test/rigs/program.ts";
import { until } from "../../test/rigs/until.ts";
import { schemas } from "../serve/api/schemas.ts";
import type { StoreView } from "../serve/views.ts";

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "ethmon-stats-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function stats(...args: string[]): Promise<StoreView> {
  const { code, out, errors } = await runProgram(["store", "stats", "--json", ...args]);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  return schemas.Store.parse(JSON.parse(out));
}

const root = (number: number) => `0x${number.toString(16).padStart(64, "0")}`;

test("stats of a directory are the running program's while it runs, and the files' own after its end", async () => {
  const directory = newDirectory();
  const genesisTimeS = Math.floor(performance.timeOrigin / 1000) - 600;
  const node = await startFakeNode({ genesisTimeS });
  onTestFinished(node.close);
  const args = ["run", "--data", directory, "--port", "0", "--log-level", "warn", "--node", `n1=${node.url}`];
  const program = startProgram(args);
  onTestFinished(() => {
    program.process.kill("SIGKILL");
  });
  const url = await program.url;
  await until("the node streams", () => node.streams() > 0);
  for (let slot = 1; slot <= 20; slot++) {
    node.emit("block", { slot: String(slot), block: root(slot), execution_optimistic: false });
  }
  const blocks = (view: StoreView) => view.datasets.find(({ dataset }) => dataset === "ethereum.block");
  const told = async () => schemas.Store.parse(await (await fetch(`${url}/api/v1/store`)).json());
  await until("all blocks are stored", async () => blocks(await told())?.rows === 20);
  expect(blocks(await stats("--url", url))?.rows).toBe(20);

  const live = await stats("--data", directory);
  expect(live).toMatchObject({
    state: "ready",
    retention: { votes_hours: 24, raw_days: 30, disk_gb: 20, over_cap: null },
  });
  expect(blocks(live)).toMatchObject({ index: "logs-ethereum.block-devnet", keep: "raw", days: 1, rows: 20 });
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/^ethmon_store_class_rows\{keep="raw"\} \d+$/m);
  expect(metrics).toMatch(/^ethmon_store_disk_bytes\{part="database"\} \d+$/m);

  program.process.kill("SIGTERM");
  expect(await program.ended).toEqual({ code: 0, signal: null });
  const closed = await stats("--data", directory);
  expect(closed).toMatchObject({ state: "closed", retention: null });
  expect(closed.journal.loaded).toBe(closed.journal.journaled);
  expect(closed.rows).toBeGreaterThanOrEqual(live.rows);
  expect(blocks(closed)).toMatchObject({ rows: 20, keep: "raw", days: 1 });
  expect(blocks(closed)?.bytes).toBeGreaterThan(0);
  expect(closed.disk.database_bytes).toBeGreaterThan(0);

  const { code, out } = await runProgram(["store", "stats", "--data", directory]);
  expect(code).toBe(0);
  expect(out).toMatch(/^index +kept +rows +days +oldest +newest +size\n/);
  expect(out).toMatch(/^logs-ethereum\.block-devnet +raw +20 +1 /m);
  // Reading changed nothing: the program starts on it again.
  expect(await stats("--data", directory)).toEqual(closed);
});

test("a directory without a store is one sentence, and is not made", async () => {
  const directory = join(newDirectory(), "none");
  const { code, errors } = await runProgram(["store", "stats", "--data", directory]);
  expect({ code, errors }).toEqual({ code: 1, errors: `ethmon: There is no store in ${directory}.\n` });
  const again = await runProgram(["store", "stats"], { ...process.env, XDG_DATA_HOME: directory });
  expect(again.errors).toBe(`ethmon: There is no store in ${join(directory, "ethmon")}.\n`);
});

test("what does not answer, or answers something else, is said in one sentence", async () => {
  const answers = [
    { status: 200, body: "<html></html>" },
    {
      status: 503,
      body: '{"error":{"code":"store_unavailable","message":"No node has told its network yet.","retry":true}}',
    },
  ];
  const server = createServer((_, response) => {
    const { status, body } = answers.shift() ?? { status: 404, body: "{}" };
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const outcome = async (...args: string[]) => {
    const { code, errors } = await runProgram(["store", "stats", ...args]);
    return { code, errors };
  };
  expect(await outcome("--url", url)).toEqual({
    code: 1,
    errors: `ethmon: What answers at ${url} is not this ethmon.\n`,
  });
  expect(await outcome("--url", url)).toEqual({ code: 75, errors: "ethmon: No node has told its network yet.\n" });
  expect(await outcome("--url", url)).toEqual({
    code: 1,
    errors: `ethmon: What answers at ${url} is not this ethmon.\n`,
  });
  await new Promise((resolve) => server.close(resolve));
  const unreachable = await outcome("--url", url);
  expect(unreachable.code).toBe(75);
  expect(unreachable.errors).toMatch(new RegExp(`^ethmon: No ethmon answers at ${url}\\.[^\\n]*\\n$`));
  expect(await outcome("--url", "nowhere")).toEqual({ code: 1, errors: "ethmon: nowhere is not a URL.\n" });
  expect((await outcome("--url", url, "--data", "x")).code).toBe(1);
});
