import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findHolder, lockDirectory } from "./lock.ts";

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "ethmon-lock-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A process that runs until the test ends. */
function otherProcess(): number {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child.pid ?? 0;
}

test("a directory in use is refused with the process and the address", async () => {
  const directory = newDirectory();
  const lock = await lockDirectory(directory);
  await lock.setUrl("http://127.0.0.1:8420");
  expect(await findHolder(directory)).toMatchObject({ pid: process.pid, url: "http://127.0.0.1:8420" });
  await expect(lockDirectory(directory)).rejects.toMatchObject({
    code: "store_in_use",
    message: expect.stringContaining(`process ${process.pid} and listens on http://127.0.0.1:8420`),
  });
  await lock.release();
  expect(await findHolder(directory)).toBeUndefined();
  expect(readdirSync(directory)).toEqual([]);
});

test("a directory of another running process is refused", async () => {
  const directory = newDirectory();
  const pid = otherProcess();
  writeFileSync(join(directory, "lock"), JSON.stringify({ pid }));
  await expect(lockDirectory(directory)).rejects.toMatchObject({ code: "store_in_use", details: { pid } });
});

test.each([
  ["a dead process", () => ({ pid: 2 ** 22 + 1 })],
  ["an earlier process of this id", () => ({ pid: process.pid })],
  ["an earlier process of another's id", () => ({ pid: otherProcess(), started: "another-boot/1" })],
])("the lock of %s is taken over", async (_, holder) => {
  const directory = newDirectory();
  writeFileSync(join(directory, "lock"), JSON.stringify(holder()));
  const lock = await lockDirectory(directory);
  expect(JSON.parse(readFileSync(join(directory, "lock"), "utf8"))).toMatchObject({ pid: process.pid });
  await lock.release();
});

test("a lock that was never written whole is taken over", async () => {
  const directory = newDirectory();
  writeFileSync(join(directory, "lock"), '{"pid": 1');
  const lock = await lockDirectory(directory);
  await lock.release();
});
