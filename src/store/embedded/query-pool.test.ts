import { DuckDBInstance } from "@duckdb/node-api";
import { expect, onTestFinished, test } from "vitest";
import { createQueryPool } from "./query-pool.ts";

const ENDLESS = { sql: "SELECT count(*) FROM range(1000000000) a, range(1000000000) b", values: [] };
const ONE = { sql: "SELECT 1", values: [] };
const never = new AbortController().signal;

type PoolOptions = {
  connections?: number;
  limitMs?: number;
  memoryLimit?: string;
  stopLimitMs?: number;
  onStuck?: () => void;
};

async function openPool(options: PoolOptions = {}) {
  const {
    connections = 1,
    limitMs = 20_000,
    memoryLimit = "100MB",
    stopLimitMs = 60_000,
    onStuck = () => {},
  } = options;
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: memoryLimit, threads: "1" });
  const pool = createQueryPool({ connect: () => instance.connect(), connections, limitMs, stopLimitMs, onStuck });
  onTestFinished(() => {
    pool.close();
    instance.closeSync();
  });
  return pool;
}

test("a search that takes longer than its limit is stopped, and its connection serves the next", async () => {
  let stuck = 0;
  const pool = await openPool({ limitMs: 1000, onStuck: () => (stuck += 1) });
  await expect(pool.use(never, (run) => run(ENDLESS))).rejects.toMatchObject({
    code: "search_timeout",
    retry: "retryable",
    details: { status: 504 },
  });
  expect(await pool.use(never, (run) => run(ONE))).toEqual([[1]]);
  expect(stuck).toBe(0);
});

test("an aborted search rejects with the reason of its signal and frees its place", async () => {
  const pool = await openPool();
  const stop = new AbortController();
  const running = pool.use(stop.signal, (run) => run(ENDLESS));
  const waiting = pool.use(never, (run) => run(ONE));
  stop.abort();
  await expect(running).rejects.toMatchObject({ name: "AbortError" });
  expect(await waiting).toEqual([[1]]);
});

test("a search aborted while it waits leaves the line", async () => {
  const pool = await openPool();
  const first = new AbortController();
  const second = new AbortController();
  const running = pool.use(first.signal, (run) => run(ENDLESS));
  const waiting = pool.use(second.signal, (run) => run(ONE));
  second.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  const third = pool.use(never, (run) => run(ONE));
  first.abort();
  await expect(running).rejects.toThrow();
  expect(await third).toEqual([[1]]);
});

test("more searches than may wait are refused with 429", async () => {
  const pool = await openPool();
  const stop = new AbortController();
  const searches = Array.from({ length: 101 }, () =>
    pool.use(stop.signal, (run) => run(ENDLESS)).catch(() => "stopped"),
  );
  await expect(pool.use(never, (run) => run(ONE))).rejects.toMatchObject({
    code: "search_rejected",
    details: { status: 429 },
  });
  stop.abort();
  expect(new Set(await Promise.all(searches))).toEqual(new Set(["stopped"]));
});

test("a search that needs too much memory is refused as one", async () => {
  const pool = await openPool({ memoryLimit: "20MB" });
  const greedy = { sql: "SELECT list(range) FROM range(100000000)", values: [] };
  await expect(pool.use(never, (run) => run(greedy))).rejects.toMatchObject({
    code: "search_too_large",
    details: { status: 429, error: { type: "circuit_breaking_exception" } },
  });
});

test("a search that does not stop when it is to is told, once", async () => {
  let stuck = 0;
  const pool = await openPool({ limitMs: 500, stopLimitMs: 100, onStuck: () => (stuck += 1) });
  // Within one row nothing is ever interrupted.
  const dull = { sql: `SELECT '${"ab".repeat(1000)}' || range LIKE '%a%a%x%' ESCAPE '!' FROM range(1)`, values: [] };
  await expect(pool.use(never, (run) => run(dull))).rejects.toMatchObject({ code: "search_timeout" });
  await expect.poll(() => stuck, { timeout: 20_000 }).toBe(1);
});
