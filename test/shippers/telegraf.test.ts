import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ElasticProgram, startElasticProgram } from "../rigs/elastic-program.ts";
import { count, found, search } from "./ask.ts";
import { LINES_INDEX, METRICS_INDEX, startTelegraf } from "./telegraf.ts";

const LINES = 1_000;

let receiver: ElasticProgram;
let directory: string;
beforeAll(async () => {
  receiver = await startElasticProgram();
  directory = await mkdtemp(join(tmpdir(), "ethmon-telegraf-"));
});
afterAll(async () => {
  await receiver?.close();
  await rm(directory, { recursive: true, force: true });
});

test("Telegraf sets up its template, and sends this machine's metrics and each line of a client's log once", async () => {
  const file = join(directory, "lighthouse.log");
  const line = (number: number) =>
    number % 10 === 0
      ? `Nov 28 10:00:00.000 WARN Low peer count                          peer_count: ${number}`
      : `Nov 28 10:00:00.000 INFO Synced                                  slot: ${number}, epoch: 1, peers: 50`;
  await writeFile(file, Array.from({ length: LINES }, (_, number) => `${line(number)}\n`).join(""));
  const url = receiver.elasticUrl;
  const telegraf = await startTelegraf({ directory, url, host: "a", file, client: "lighthouse" });
  try {
    await found(url, { index: `${LINES_INDEX}-*`, documents: LINES, sender: telegraf });
    const cpu = { exists: { field: "cpu.usage_idle" } };
    await found(url, { index: `${METRICS_INDEX}-*`, documents: 2, query: cpu, sender: telegraf });
  } finally {
    await telegraf.end();
  }
  expect(telegraf.said()).not.toMatch(/^\S+ E! /m);
  expect(await count(url, `${LINES_INDEX}-*`)).toBe(LINES);
  expect(await count(url, `${LINES_INDEX}-*`, { term: { "log.level": "warn" } })).toBe(LINES / 10);

  expect((await fetch(`${url}/_template/${METRICS_INDEX}`)).status).toBe(200);
  const { hits, aggregations } = await search(url, `${METRICS_INDEX}-*`, {
    query: { term: { "observer.name": "a" } },
    size: 1,
    aggs: {
      kinds: { terms: { field: "measurement_name" }, aggs: { idle: { avg: { field: "cpu.usage_idle" } } } },
    },
  });
  expect(hits.hits[0]?._source).toMatchObject({ host: { name: "a" }, ethereum: { slot: expect.any(Number) } });
  const kinds = new Map(aggregations?.["kinds"]?.buckets.map(({ key, ...bucket }) => [key, bucket]));
  expect([...kinds.keys()].toSorted()).toEqual(["cpu", "mem", "system"]);
  const idle = kinds.get("cpu")?.["idle"] as { value: number };
  expect(idle.value).toBeGreaterThanOrEqual(0);
  expect(idle.value).toBeLessThanOrEqual(100);
});
