import { afterEach, expect, test } from "vitest";
import { Fault } from "../lib/fault.ts";
import { silentLog } from "../lib/log.ts";
import { createHeaderRequests, type HeaderRequests } from "./header-requests.ts";

const ROOT = `0x${"ab".repeat(32)}`;
const PATH = `/eth/v1/beacon/headers/${ROOT}`;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function rig(failures: Record<string, number>): { requests: HeaderRequests; asked: string[]; answered: string[] } {
  const stop = new AbortController();
  const asked: string[] = [];
  const answered: string[] = [];
  const nodes = Object.keys(failures).map((name) => ({
    name,
    ready: () => true,
    async getJson(path: string) {
      asked.push(`${name} ${path}`);
      failures[name] = (failures[name] ?? 0) - 1;
      if ((failures[name] ?? 0) >= 0) throw new Fault("node_http_error", "not found");
      return { status: 200, body: { data: {} }, receivedAtUs: 1, bytes: 2 };
    },
  }));
  const requests = createHeaderRequests({
    nodes,
    log: silentLog,
    signal: stop.signal,
    onAnswer: (node, path) => answered.push(`${node} ${path}`),
    firstRetryMs: 1,
  });
  closers.push(async () => {
    stop.abort();
    await requests.stopped;
  });
  return { requests, asked, answered };
}

test("a header that two nodes report is asked for once, from a node that has it", async () => {
  const { requests, asked, answered } = rig({ a: 0, b: 0, c: 0 });
  requests.request(ROOT, ["b"]);
  requests.request(ROOT.toUpperCase().replace("0X", "0x"), ["c"]);
  await expect.poll(() => answered).toEqual([`b ${PATH}`]);
  requests.request(ROOT, ["a"]);
  await expect.poll(() => requests.counts()).toEqual({ waiting: 0, answered: 1, failed: 0, dropped: 0 });
  expect(asked).toEqual([`b ${PATH}`]);
});

test("when one node fails another is asked", async () => {
  const { requests, asked, answered } = rig({ a: 0, b: 9 });
  requests.request(ROOT, ["b"]);
  await expect.poll(() => answered).toEqual([`a ${PATH}`]);
  expect(asked).toEqual([`b ${PATH}`, `a ${PATH}`]);
});

test("a block that is not imported yet is asked for again", async () => {
  const { requests, answered } = rig({ a: 3 });
  requests.request(ROOT, ["a"]);
  await expect.poll(() => answered).toEqual([`a ${PATH}`]);
});

test("a block that no node has is given up and may be asked for again", async () => {
  const { requests, asked } = rig({ a: 99 });
  requests.request(ROOT, ["a"]);
  await expect.poll(() => requests.counts()).toMatchObject({ failed: 1, waiting: 0 });
  expect(asked).toHaveLength(6);
  requests.request(ROOT, ["a"]);
  await expect.poll(() => asked.length).toBeGreaterThan(6);
});

test("what is no root is never asked for, and waiting requests are bounded", () => {
  const { requests } = rig({ a: 99 });
  requests.request("../../eth/v1/node/version", ["a"]);
  requests.request("0x12", ["a"]);
  expect(requests.counts().waiting).toBe(0);
  for (let i = 0; i < 3000; i += 1) requests.request(`0x${i.toString(16).padStart(64, "0")}`, ["a"]);
  const { waiting, dropped } = requests.counts();
  expect(waiting).toBeLessThanOrEqual(1024);
  expect(waiting + dropped).toBe(3000);
});
