import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runProgram } from "../../test/rigs/program.ts";
import { catalogue } from "../events/catalogue.ts";
import { quarantined } from "../events/quarantine.ts";
import { systemClock } from "../lib/clock.ts";
import { silentLog } from "../lib/log.ts";
import { createEmbeddedStore } from "../store/embedded/embedded-store.ts";

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "ethmon-copy-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const openStore = (directory: string, network: string) =>
  createEmbeddedStore({ directory, network, datasets: catalogue, clock: systemClock(), log: silentLog });

async function fill(directory: string, network: string): Promise<void> {
  const store = await openStore(directory, network);
  const one = { node: "n1", dataset: "x", reason: "odd", original: "{}" };
  await store.append([1, 2, 3].map((us) => quarantined({ ...one, receivedAtUs: 1_795_341_600_000_000 + us })));
  await store.settled();
  await store.close();
}

const copy = (...args: string[]) => runProgram(["store", "copy", ...args]);
const complaint = async (...args: string[]) => {
  const { code, errors } = await copy(...args);
  return { code, errors };
};

test("a directory is copied into another one, and both are told to be alike", async () => {
  const [from, to] = [newDirectory(), join(newDirectory(), "new")];
  await fill(from, "mainnet");
  const text = await copy("--from", from, "--to", to);
  expect(text).toMatchObject({ code: 0 });
  expect(text.out).toMatch(
    /^logs-ethereum\.quarantine-mainnet {2}3 documents, checksum [0-9a-f]{16}\n3 documents in 1 data streams and indices are alike on both sides\.\n$/,
  );
  const { code, out } = await copy("--from", from, "--to", to, "--json", "--datasets", "ethereum.q*");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    from,
    to,
    network: "mainnet",
    same: true,
    indices: [{ index: "logs-ethereum.quarantine-mainnet", source: { documents: 3 }, target: { documents: 3 } }],
  });
}, 60_000);

test("what is wrong with a command is one sentence", async () => {
  const [from, to] = [newDirectory(), newDirectory()];
  const none = join(from, "none");
  expect(await complaint("--from", none, "--to", to)).toEqual({
    code: 1,
    errors: `ethmon: There is no store in ${none}.\n`,
  });
  await fill(from, "mainnet");
  await fill(from, "sepolia");
  expect(await complaint("--from", from, "--to", to)).toEqual({
    code: 1,
    errors: `ethmon: ${from} has several networks: choose one with --network: mainnet, sepolia.\n`,
  });
  expect(await complaint("--from", from, "--to", to, "--network", "hoodi")).toEqual({
    code: 1,
    errors: `ethmon: ${from} has no network hoodi: there is mainnet, sepolia.\n`,
  });
  const chosen = ["--from", from, "--to", to, "--network", "sepolia"];
  expect(await complaint(...chosen, "--again")).toEqual({
    code: 1,
    errors: "ethmon: An embedded store knows no document again: --again is for a cluster alone.\n",
  });
  expect(await complaint(...chosen, "--datasets", "nothing")).toEqual({
    code: 1,
    errors: `ethmon: No dataset and no index of ${from} is called nothing. Single votes are copied with --votes alone.\n`,
  });
  expect((await complaint(...chosen, "--since", "yesterday")).errors).toContain("It must be a moment such as");
}, 120_000);

test("a directory in use and a cluster that is away are temporary", async () => {
  const [from, to] = [newDirectory(), newDirectory()];
  await fill(from, "mainnet");
  const held = await openStore(to, "mainnet");
  onTestFinished(() => held.close());
  expect(await complaint("--from", from, "--to", to)).toEqual({
    code: 75,
    errors: `ethmon: The data directory ${to} is used by the ethmon of process ${process.pid}.\n`,
  });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const away = await complaint("--from", from, "--to", `http://127.0.0.1:${port}`);
  expect(away.code).toBe(75);
  expect(away.errors).toMatch(/^ethmon: The cluster cannot be reached: [^\n]+\n$/);
  const checked = await runProgram(["store", "check", "--store", `http://127.0.0.1:${port}`]);
  expect({ code: checked.code, errors: checked.errors }).toEqual({ code: 75, errors: away.errors });
  const unnamed = await runProgram(["store", "check"]);
  expect(unnamed).toMatchObject({ code: 1, errors: expect.stringContaining("No cluster is named") });
}, 120_000);
