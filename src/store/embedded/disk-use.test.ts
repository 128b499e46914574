import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { segmentPath } from "../journal-segments.ts";
import { readDiskUse, usedBytes } from "./disk-use.ts";

function newFiles() {
  const directory = mkdtempSync(join(tmpdir(), "ethmon-disk-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const journalDirectory = join(directory, "journal");
  const file = join(directory, "ethmon.duckdb");
  mkdirSync(journalDirectory);
  writeFileSync(file, Buffer.alloc(5000));
  writeFileSync(`${file}.wal`, Buffer.alloc(70));
  // Documents 101 to 300 stand in the journal.
  writeFileSync(segmentPath(journalDirectory, 101), Buffer.alloc(600));
  writeFileSync(segmentPath(journalDirectory, 201), Buffer.alloc(400));
  return { file, journalDirectory };
}

test("what waits in the journal is on the disk, and no reason to drop anything", async () => {
  const files = newFiles();
  const behind = await readDiskUse({ ...files, free: 1000, journaled: 300, loaded: 250 });
  expect(behind).toEqual({ database: 5000, free: 1000, wal: 70, journal: 1000, pending: 250 });
  expect(usedBytes(behind)).toBe(5000 - 1000 + 70 + 1000 - 250);
});

test.each([
  ["all of it", 0, 1000],
  ["all of it, where the database is older than the journal", 50, 1000],
  ["none, once all is loaded", 300, 0],
  ["none, where the database is ahead", 400, 0],
])("of the journal waits %s", async (_, loaded, pending) => {
  expect(await readDiskUse({ ...newFiles(), free: 0, journaled: 300, loaded })).toMatchObject({
    journal: 1000,
    pending,
  });
});

test("files that are not there take nothing", async () => {
  const { file, journalDirectory } = newFiles();
  rmSync(journalDirectory, { recursive: true });
  const use = await readDiskUse({ file: `${file}.none`, journalDirectory, free: 0, journaled: 0, loaded: 0 });
  expect(use).toEqual({ database: 0, free: 0, wal: 0, journal: 0, pending: 0 });
});
