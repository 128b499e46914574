import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, onTestFinished, test } from "vitest";
import type { Dataset } from "../../events/dataset.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { EVENTS, event, START_US, testDatasets } from "../contract-data.ts";
import type { Store } from "../store.ts";
import { createEmbeddedStore, type EmbeddedStoreOptions } from "./embedded-store.ts";

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "ethmon-troubles-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function openStore(directory: string, options: Partial<EmbeddedStoreOptions> = {}) {
  const store = await createEmbeddedStore({
    directory,
    network: "testnet",
    datasets: testDatasets,
    clock: systemClock(),
    log: silentLog,
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}

async function numbers(store: Store): Promise<unknown[]> {
  const { hits } = await store.search(EVENTS, { sort: ["_seq"], size: 10_000 });
  return hits.hits.map(({ _source }) => (_source["test"] as { number: number }).number);
}

const databaseFile = (directory: string) => join(directory, "ethmon.duckdb");
const within = { timeout: 15_000, interval: 50 };

test("a database that another process locks is said so; the journal runs on and is loaded when it is free", async () => {
  const directory = newDirectory();
  const first = await openStore(directory);
  await first.append([event(1)]);
  await first.close();
  const script = `import("@duckdb/node-api").then(async ({ DuckDBInstance }) => {
    globalThis.held = await DuckDBInstance.create(process.argv[1]); process.stdout.write("held"); setInterval(() => {}, 1000);
  })`;
  const holder = spawn(process.execPath, ["-e", script, databaseFile(directory)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    holder.kill("SIGKILL");
  });
  await new Promise((resolve) => holder.stdout.once("data", resolve));

  const store = await openStore(directory);
  expect(store.state()).toMatchObject({
    state: "unavailable",
    reason: expect.stringContaining(`is locked by another process (PID ${holder.pid})`),
  });
  await store.append([event(2)]);
  await expect(store.search(EVENTS, {})).rejects.toMatchObject({
    code: "store_unavailable",
    retry: "retryable",
    message: expect.stringContaining("is locked by another process"),
  });
  holder.kill("SIGKILL");
  await store.settled(AbortSignal.timeout(15_000));
  expect(await numbers(store)).toEqual([1, 2]);
  expect(store.state().reason).toBeUndefined();
});

test("a damaged database is said so, and replaced by what the journal holds once it is moved away", async () => {
  const directory = newDirectory();
  writeFileSync(databaseFile(directory), "no database at all".repeat(1000));
  const store = await openStore(directory);
  expect(store.state()).toMatchObject({ state: "unavailable", reason: expect.stringContaining("is damaged") });
  await store.append([event(1), event(2)]);
  renameSync(databaseFile(directory), `${databaseFile(directory)}.damaged`);
  await store.settled(AbortSignal.timeout(15_000));
  expect(await numbers(store)).toEqual([1, 2]);
});

test("a database of a newer version is refused in one sentence", async () => {
  const directory = newDirectory();
  await (await openStore(directory)).close();
  const instance = await DuckDBInstance.create(databaseFile(directory));
  const connection = await instance.connect();
  await connection.run("UPDATE main._ethmon SET schema_version = 99");
  connection.closeSync();
  instance.closeSync();
  await expect(openStore(directory)).rejects.toMatchObject({
    code: "store_newer",
    retry: "final",
    message: expect.stringMatching(/newer version of ethmon$/),
  });
  // The lock was let go.
  await expect(openStore(directory)).rejects.toMatchObject({ code: "store_newer" });
});

test("a directory in use by a running store is refused, and free again after its end", async () => {
  const directory = newDirectory();
  const store = await openStore(directory);
  await expect(openStore(directory)).rejects.toMatchObject({ code: "store_in_use", details: { pid: process.pid } });
  await store.close();
  await openStore(directory);
});

test("columns that the catalogue gained are added to existing tables, and a changed type is followed", async () => {
  const directory = newDirectory();
  const before = await openStore(directory);
  await before.append([event(1, { "test.word": "17" })]);
  await before.close();
  const datasets = testDatasets.map((dataset): Dataset => {
    if (dataset.name !== "test.event") return dataset;
    const columns = dataset.columns.map((column) =>
      column.name === "test.word" ? { ...column, type: "long" as const } : column,
    );
    return { ...dataset, columns: [...columns, { name: "test.added", type: "keyword", words: "New." }] };
  });
  const store = await openStore(directory, { datasets });
  await store.append([event(2, { "test.added": "new" }), event(3, { "test.added": "new" }, START_US + 86_400_000_000)]);
  await store.settled();
  const { hits } = await store.search(EVENTS, { query: { term: { "test.added": "new" } }, sort: ["_seq"] });
  expect(hits.hits.map(({ sort }) => sort)).toEqual([[2], [3]]);
  const [old] = (await store.search(EVENTS, { query: { term: { "test.word": 17 } } })).hits.hits;
  expect(old?._source["test"]).toEqual({ number: 1, word: 17 });
});

test("a killed database process is started again, and nothing is lost or doubled", async () => {
  const store = await openStore(newDirectory(), { commitEveryMs: 1 });
  let number = 0;
  for (let round = 0; round < 3; round++) {
    const appended = Array.from({ length: 50 }, () => store.append([event(++number), event(++number)]));
    const pid = store.databasePid();
    if (pid !== undefined) process.kill(pid, "SIGKILL");
    await Promise.all(appended);
    await expect.poll(() => store.databasePid() !== undefined && store.databasePid() !== pid, within).toBe(true);
  }
  await store.settled(AbortSignal.timeout(15_000));
  expect(await numbers(store)).toEqual(Array.from({ length: number }, (_, i) => i + 1));
});

test("a search in flight when its process ends is refused as retryable", async () => {
  const store = await openStore(newDirectory());
  await store.append([event(1)]);
  await store.settled();
  const search = store.search(EVENTS, {});
  const refused = search.catch((error: unknown) => error);
  process.kill(store.databasePid() ?? 0, "SIGKILL");
  const outcome = await refused;
  if (outcome instanceof Error) expect(outcome).toMatchObject({ code: "store_unavailable", retry: "retryable" });
  await expect.poll(() => store.search(EVENTS, {}).then(({ hits }) => hits.hits.length), within).toBe(1);
});

test("a journal that was lost beside its database begins behind all positions of the old one", async () => {
  const directory = newDirectory();
  const first = await openStore(directory);
  await first.append([event(1), event(2)]);
  await first.settled();
  await first.close();
  rmSync(join(directory, "journal"), { recursive: true });
  const store = await openStore(directory);
  await store.append([event(3)]);
  await store.settled(AbortSignal.timeout(15_000));
  expect(await numbers(store)).toEqual([1, 2, 3]);
});

test("a journal older than its database is not loaded, and the state says what to do", async () => {
  const directory = newDirectory();
  const first = await openStore(directory);
  await first.append([event(1)]);
  await first.close();
  cpSync(join(directory, "journal"), join(directory, "old"), { recursive: true });
  const second = await openStore(directory);
  await second.append([event(2), event(3)]);
  await second.close();
  rmSync(join(directory, "journal"), { recursive: true });
  renameSync(join(directory, "old"), join(directory, "journal"));
  const store = await openStore(directory);
  expect(store.state()).toMatchObject({
    state: "unavailable",
    reason: expect.stringContaining("is ahead of the journal"),
  });
  await store.append([event(4)]);
  expect(store.state().journaled).toBe(2);
});

test("on a full disk the store waits, says so, and has everything once there is room", async (context) => {
  const directory = newDirectory();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", directory], { stdio: "ignore" });
  } catch {
    context.skip("a file system of limited size needs the right to mount");
  }
  onTestFinished(() => {
    execFileSync("umount", ["-l", directory]);
  });
  const store = await openStore(directory);
  const filler = "x".repeat(2000);
  const appended: Promise<void>[] = [];
  let number = 0;
  while (store.state().journalFailure === undefined && number < 20_000) {
    appended.push(
      store.append(Array.from({ length: 50 }, () => event(++number, { "test.remark": `${filler}${number}` }))),
    );
    await Promise.race([appended.at(-1), new Promise((resolve) => setTimeout(resolve, 300))]);
  }
  expect(store.state().journalFailure).toMatch(/ENOSPC/);
  execFileSync("mount", ["-o", "remount,size=200m", directory]);
  await Promise.all(appended);
  await store.settled(AbortSignal.timeout(20_000));
  expect(store.state().journalFailure).toBeUndefined();
  expect(await numbers(store)).toEqual(Array.from({ length: number }, (_, i) => i + 1));
  await store.close();
});
