import { afterEach, describe, expect, test } from "vitest";
import { Fault } from "../lib/fault.ts";
import { silentLog } from "../lib/log.ts";
import { type BlockRequests, createBlockRequests } from "./block-requests.ts";

const ROOT = `0x${"ab".repeat(32)}`;
const HEADER = `/eth/v1/beacon/headers/${ROOT}`;
const BLOCK = `/eth/v2/beacon/blocks/${ROOT}`;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Nodes that fail the first times they are asked; `onlyHeaders` never give a whole block. */
function rig(
  failures: Record<string, number>,
  options: { onlyHeaders?: boolean } = {},
): { requests: BlockRequests; asked: string[]; answered: string[]; ask: (nodes: string[], whole?: boolean) => void } {
  const stop = new AbortController();
  const asked: string[] = [];
  const answered: string[] = [];
  const nodes = Object.keys(failures).map((name) => ({
    name,
    ready: () => true,
    async getJson(path: string) {
      asked.push(`${name} ${path}`);
      failures[name] = (failures[name] ?? 0) - 1;
      const refuses = options.onlyHeaders === true && path.startsWith("/eth/v2/");
      if (refuses || (failures[name] ?? 0) >= 0) throw new Fault("node_http_error", "not found");
      return { status: 200, body: { data: {} }, receivedAtUs: 1, bytes: 2 };
    },
  }));
  const requests = createBlockRequests({
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
  const ask = (names: string[], whole = false) => requests.request({ root: ROOT, nodes: names, whole });
  return { requests, asked, answered, ask };
}

test("a header that two nodes report is asked for once, from a node that has it", async () => {
  const { requests, asked, answered, ask } = rig({ a: 0, b: 0, c: 0 });
  ask(["b"]);
  requests.request({ root: ROOT.toUpperCase().replace("0X", "0x"), nodes: ["c"], whole: false });
  await expect.poll(() => answered).toEqual([`b ${HEADER}`]);
  ask(["a"]);
  await expect
    .poll(() => requests.counts().header)
    .toMatchObject({ waiting: 0, answered: 1, failed: 0, dropped: 0, size: 0 });
  expect(asked).toEqual([`b ${HEADER}`]);
});

test("when one node fails another is asked", async () => {
  const { asked, answered, ask } = rig({ a: 0, b: 9 });
  ask(["b"]);
  await expect.poll(() => answered).toEqual([`a ${HEADER}`]);
  expect(asked).toEqual([`b ${HEADER}`, `a ${HEADER}`]);
});

test("a block that is not imported yet is asked for again", async () => {
  const { answered, ask } = rig({ a: 3 });
  ask(["a"]);
  await expect.poll(() => answered).toEqual([`a ${HEADER}`]);
});

test("a block that no node has is given up and may be asked for again", async () => {
  const { requests, asked, ask } = rig({ a: 99 });
  ask(["a"]);
  await expect.poll(() => requests.counts().header).toMatchObject({ failed: 1, waiting: 0 });
  expect(asked).toHaveLength(6);
  ask(["a"]);
  await expect.poll(() => asked.length).toBeGreaterThan(6);
});

describe("a whole block", () => {
  test("is asked for from the node that told of it first, and its header is not", async () => {
    const { requests, asked, ask } = rig({ a: 0, b: 0, c: 0 });
    ask(["c", "a"], true);
    await expect.poll(() => requests.counts().block).toMatchObject({ answered: 1, waiting: 0 });
    expect(asked).toEqual([`c ${BLOCK}`]);
    expect(requests.counts().header).toMatchObject({ answered: 0, pushed: 0 });
  });

  test("is asked for from each of those that have it in turn, and then from the others", async () => {
    const { asked, answered, ask } = rig({ a: 0, b: 1, c: 1 });
    ask(["c", "b"], true);
    await expect.poll(() => answered).toEqual([`a ${BLOCK}`]);
    expect(asked).toEqual([`c ${BLOCK}`, `b ${BLOCK}`, `a ${BLOCK}`]);
  });

  test("that no node gives costs its body alone: its header is asked for", async () => {
    const { requests, asked, answered, ask } = rig({ a: 0, b: 0 }, { onlyHeaders: true });
    ask(["b"], true);
    await expect.poll(() => answered).toEqual([`b ${HEADER}`]);
    expect(asked.filter((line) => line.endsWith(BLOCK))).toHaveLength(4);
    expect(requests.counts()).toMatchObject({ block: { failed: 1, waiting: 0 }, header: { answered: 1 } });
  });

  test("that had to wait too long is dropped, counted, and asked for by its header", () => {
    const { requests } = rig({ a: 99 });
    const count = 200;
    for (let i = 0; i < count; i += 1) {
      requests.request({ root: `0x${i.toString(16).padStart(64, "0")}`, nodes: ["a"], whole: true });
    }
    const { header, block } = requests.counts();
    expect(block.waiting).toBeLessThanOrEqual(64);
    expect(block.waiting + block.dropped).toBe(count);
    expect(header.waiting).toBe(block.dropped);
  });
});

test("what is no root is never asked for, and waiting requests are bounded", () => {
  const { requests } = rig({ a: 99 });
  for (const root of ["../../eth/v1/node/version", "0x12"]) requests.request({ root, nodes: ["a"], whole: false });
  expect(requests.counts().header.waiting).toBe(0);
  for (let i = 0; i < 3000; i += 1) {
    requests.request({ root: `0x${i.toString(16).padStart(64, "0")}`, nodes: ["a"], whole: false });
  }
  const { waiting, dropped } = requests.counts().header;
  expect(waiting).toBeLessThanOrEqual(1024);
  expect(waiting + dropped).toBe(3000);
});
