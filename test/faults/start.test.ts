import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeNode, startFakeNode } from "../rigs/fake-node.ts";
import { startProgram } from "../rigs/program.ts";
import { until } from "../rigs/until.ts";

let directory: string;
const cleanUp: (() => Promise<unknown> | unknown)[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-start-"));
  cleanUp.push(() => rm(directory, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function fakeNode(options: Parameters<typeof startFakeNode>[0] = {}): Promise<FakeNode> {
  const node = await startFakeNode(options);
  cleanUp.push(node.close);
  return node;
}

/** Runs the program to its end; it must end by itself. */
async function failing(...args: string[]): Promise<{ code: number | null; sentence: string; greeted: boolean }> {
  const program = startProgram([...args, "--log-level", "silent"]);
  cleanUp.push(() => program.process.kill("SIGKILL"));
  const { code } = await program.ended;
  const greeted = await program.url.then(
    () => true,
    () => false,
  );
  return { code, sentence: program.errors(), greeted };
}

test("a port in use is one sentence with what to do, and a temporary failure", async () => {
  const node = await fakeNode();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  cleanUp.push(() => new Promise((resolve) => other.close(resolve)));
  const port = String((other.address() as AddressInfo).port);
  const { code, sentence } = await failing("run", "--data", directory, "--port", port, "--node", node.url);
  expect(sentence).toMatch(new RegExp(`^ethmon: .*${port}.*--port.*\\n$`));
  expect(sentence, "nothing after the sentence").toMatch(/^[^\n]*--port[^.:\n]*\.\n$/);
  expect(code).toBe(75);
});

test("nodes of two networks are refused with one sentence that names both", async () => {
  const one = await fakeNode({ spec: { CONFIG_NAME: "mainnet" }, genesisValidatorsRoot: `0x${"aa".repeat(32)}` });
  const other = await fakeNode({ spec: { CONFIG_NAME: "hoodi" }, genesisValidatorsRoot: `0x${"bb".repeat(32)}` });
  const nodes = ["--node", `first=${one.url}`, "--node", `second=${other.url}`];
  const { code, sentence } = await failing("run", "--data", directory, "--port", "0", ...nodes);
  expect(sentence).toMatch(/^ethmon: [^\n]*\n$/);
  for (const word of ["first", "second", "mainnet", "hoodi"]) expect(sentence).toContain(word);
  expect(code).toBe(1);
});

test("a data directory in use is one sentence that names the process, and a temporary failure", async () => {
  const node = await fakeNode();
  const args = ["run", "--data", directory, "--port", "0", "--node", node.url];
  const first = startProgram(args);
  cleanUp.push(() => first.process.kill("SIGKILL"));
  await until("the first one streams", () => node.streams() === 1);
  const { code, sentence, greeted } = await failing(...args);
  expect(greeted).toBe(false);
  expect(sentence).toMatch(new RegExp(`^ethmon: [^\\n]*${first.process.pid}[^\\n]*\\n$`));
  expect(code).toBe(75);
  first.process.kill("SIGTERM");
  expect((await first.ended).code).toBe(0);
});

test("an address that is not loopback is refused until there are keys", async () => {
  const { code, sentence } = await failing(
    "run",
    "--data",
    directory,
    "--host",
    "0.0.0.0",
    "--node",
    "http://127.0.0.1:1",
  );
  expect(sentence).toMatch(/^ethmon: [^\n]*0\.0\.0\.0[^\n]*\n$/);
  expect(code).toBe(1);
});

test.each([
  ["a key that does not exist", '{"nodez":[]}', /nodez/],
  ["a port out of range", '{"port":70000}', /port/],
  ["no JSON", "port: 8420", /not JSON/],
  ["a variable that is not set", '{"nodes":[{"url":"http://u:${ETHMON_NO_SUCH}@h"}]}', /ETHMON_NO_SUCH/],
])("a configuration with %s is the user's fault, in one sentence", async (_, text, words) => {
  const file = join(directory, "config.json");
  await writeFile(file, text);
  const { code, sentence } = await failing("run", "--config", file);
  expect(sentence).toMatch(/^ethmon: [^\n]*\n$/);
  expect(sentence).toMatch(words);
  expect(code).toBe(1);
});

test("a directory that is no recording is the user's fault, in one sentence", async () => {
  const program = startProgram(["replay", directory, "--json"]);
  expect((await program.ended).code).toBe(1);
  expect(program.errors()).toMatch(/^ethmon: [^\n]*meta\.json[^\n]*\n$/);
});

test("a node that is down at the start is waited for, and the rest runs", async () => {
  const up = await fakeNode();
  const down = await fakeNode();
  await down.close();
  const program = startProgram([
    "run",
    "--data",
    directory,
    "--port",
    "0",
    "--node",
    `up=${up.url}`,
    "--node",
    `down=${down.url}`,
    "--log-level",
    "silent",
  ]);
  cleanUp.push(() => program.process.kill("SIGKILL"));
  await until("the one that is up streams", () => up.streams() === 1);
  const answer = (await (await fetch(`${await program.url}/api/v1/nodes`)).json()) as {
    nodes: { name: string; state: string; reason: string | null }[];
  };
  expect(answer.nodes.map(({ name, state }) => `${name} ${state}`)).toEqual(["up streaming", "down down"]);
  expect(answer.nodes[1]?.reason).toMatch(/^Node down /);
  const back = await startFakeNode({ port: down.port });
  cleanUp.push(back.close);
  await until("the other one streams once it is back", () => back.streams() === 1);
  program.process.kill("SIGTERM");
  expect((await program.ended).code).toBe(0);
});
