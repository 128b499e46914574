import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import { DAY_US } from "../retention.ts";
import { readClosedStore } from "./closed-store.ts";
import { createEmbeddedStore, type EmbeddedStoreOptions } from "./embedded-store.ts";
import { DEFAULT_LIMITS, keptDatasets, NOON_US, ofDay, upTo } from "./retention-rig.ts";

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "ethmon-closed-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function openStore(directory: string, options: Partial<EmbeddedStoreOptions> = {}) {
  const store = await createEmbeddedStore({
    directory,
    network: "testnet",
    datasets: keptDatasets,
    clock: systemClock(),
    log: silentLog,
    ...options,
  });
  onTestFinished(() => store.close());
  return store;
}

const read = (directory: string) => readClosedStore({ directory, datasets: keptDatasets });

test("a closed store counts the same as when it was open, and is refused to a reader while it is", async () => {
  const directory = newDirectory();
  const store = await openStore(directory);
  await store.append([
    ...ofDay("test.vote", 0, upTo(7)),
    ...ofDay("test.vote", 1, upTo(3)),
    ...ofDay("test.mark", 0, [1]),
  ]);
  await store.settled();
  const open = await store.use();
  await expect(read(directory)).rejects.toMatchObject({ code: "store_in_use", retry: "retryable" });
  await store.close();
  const use = await read(directory);
  const counted = ({ datasets }: typeof use) => datasets.map(({ bytes, ...others }) => others);
  expect(counted(use)).toEqual(counted(open));
  expect(use.datasets.map(({ dataset, rows, days, keep }) => [dataset, rows, days, keep])).toEqual([
    ["test.mark", 1, 1, "ever"],
    ["test.vote", 10, 2, "votes"],
  ]);
  for (const { bytes } of use.datasets) expect(bytes).toBeGreaterThan(0);
  expect(use).toMatchObject({ journaled: 11, loaded: 11 });
  await openStore(directory);
});

test("what its journal holds and its database does not is told", async () => {
  const directory = newDirectory();
  const first = await openStore(directory);
  await first.append(ofDay("test.mark", 0, [1]));
  await first.close();
  const file = join(directory, "ethmon.duckdb");
  cpSync(file, `${file}.old`);
  const second = await openStore(directory);
  await second.append(ofDay("test.mark", 0, [2, 3]));
  await second.close();
  cpSync(`${file}.old`, file);
  const use = await read(directory);
  expect(use).toMatchObject({ journaled: 3, loaded: 1, datasets: [{ rows: 1 }] });
  expect(use.disk.pending).toBeGreaterThan(0);
  expect(use.disk.pending).toBeLessThan(use.disk.journal);
});

test("a directory without one, a file of a newer version and one that is none are said", async () => {
  const directory = newDirectory();
  await expect(read(directory)).rejects.toMatchObject({ code: "store_missing", retry: "final" });
  await (await openStore(directory)).close();
  const file = join(directory, "ethmon.duckdb");
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run("UPDATE main._ethmon SET schema_version = 99");
  connection.closeSync();
  instance.closeSync();
  await expect(read(directory)).rejects.toMatchObject({ code: "store_newer", retry: "final" });
  cpSync(import.meta.filename, file);
  await expect(read(directory)).rejects.toMatchObject({ code: "store_unavailable" });
  // The directory is let go after each.
  rmSync(file);
  await openStore(directory);
});

test("rows and bytes follow what is stored, day by day", async () => {
  const clock = { nowUs: () => NOON_US + 3 * DAY_US, monoUs: systemClock().monoUs };
  const limits = { ...DEFAULT_LIMITS, votesMs: DEFAULT_LIMITS.rawMs };
  const store = await openStore(newDirectory(), { clock, retention: limits });
  const text = () => randomBytes(90).toString("base64");
  let bytes = 0;
  for (let day = 1; day <= 3; day++) {
    // A run that drops something writes what is in the write-ahead log into blocks.
    await store.append([...ofDay("test.vote", day, upTo(5000), text), ...ofDay("test.event", -99, [1])]);
    await store.settled();
    expect(await store.retain()).toMatchObject({ droppedDays: 1, droppedRows: 1 });
    const { datasets } = await store.use();
    expect(datasets).toMatchObject([{ dataset: "test.vote", rows: day * 5000, days: day }]);
    const grown = (datasets[0]?.bytes ?? 0) - bytes;
    expect(grown).toBeGreaterThan(5000 * 90);
    expect(grown).toBeLessThan(5000 * 90 * 3);
    bytes += grown;
  }
  // Of a day that was counted already; what the log alone has counts by its share of that.
  await store.append(ofDay("test.vote", 1, upTo(1000), text));
  await store.settled();
  const { datasets, disk } = await store.use();
  expect(datasets).toMatchObject([{ rows: 16_000, days: 3, bytes: bytes + disk.wal }]);
  expect(disk.wal).toBeGreaterThan(1000 * 90);
});
