import { expect, test } from "vitest";
import { systemClock } from "../../lib/clock.ts";
import { START_US } from "../contract-data.ts";
import type { ForeignIndex, ForeignRecord } from "../foreign/foreign-tables.ts";
import type { EmbeddedStore } from "./embedded-store.ts";
import { allOf, gatheredTables, inFile, KINDS, ofKinds } from "./gather-rig.ts";
import { newDirectory, openStore } from "./store-rig.ts";
import { find, put, recordsOf, streamOf } from "./wide-rig.ts";

const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** As every minute: the second run sees that a table rests. */
async function rest(store: EmbeddedStore): Promise<void> {
  await store.retain();
  await store.retain();
}

async function sumsOf(store: EmbeddedStore): Promise<unknown> {
  const { hits, aggregations } = await store.search(KINDS.name, {
    size: 0,
    track_total_hits: true,
    query: { range: { number: { gte: 100 } } },
    aggs: {
      cpu: { avg: { field: "cpu" } },
      lines: { value_count: { field: "line" } },
      one: { max: { field: "load.one" } },
    },
  });
  const { cpu, ...others } = aggregations as Record<string, { value: number }>;
  return { total: hits.total, others, cpu: cpu?.value.toFixed(9) };
}

test("documents of several kinds that came in turn are put side by side, and searches find the same", async () => {
  const directory = newDirectory();
  const store = await openStore(directory);
  const sources = ofKinds(upTo(0, 9_000));
  for (let from = 0; from < sources.length; from += 3_000) await put(store, KINDS, sources.slice(from, from + 3_000));
  const before = await sumsOf(store);
  await rest(store);
  expect(await sumsOf(store)).toEqual(before);

  const more = ofKinds(upTo(9_000, 13_200));
  await put(store, KINDS, more);
  await rest(store);
  await put(store, KINDS, ofKinds([13_200]));
  expect(await allOf(store)).toEqual([...sources, ...more, ...ofKinds([13_200])]);
  await store.close();
  // In each of two pieces three kinds, and the last document behind them.
  const [table] = await gatheredTables(directory);
  expect(table).toMatchObject({ gathered: 13_200, behind: 1, tries: 0 });
  expect(table?.changes).toBeLessThanOrEqual(6);
});

test("a table that takes more documents all the time is not written anew for a few", async () => {
  const directory = newDirectory();
  const store = await openStore(directory);
  for (let from = 0; from < 12_000; from += 6_000) {
    await put(store, KINDS, ofKinds(upTo(from, from + 6_000)));
    await store.retain();
  }
  await store.close();
  expect(await gatheredTables(directory)).toEqual([]);
});

test("documents of a day that is not over are left until there are more of them", async () => {
  const directory = newDirectory();
  const clock = { ...systemClock(), nowUs: () => START_US + 3_600_000_000 };
  const store = await openStore(directory, { clock });
  await put(store, KINDS, ofKinds(upTo(0, 6_000)));
  await rest(store);
  await store.close();
  expect(await gatheredTables(directory)).toEqual([]);
  const nextDay = await openStore(directory, { clock: { ...clock, nowUs: () => START_US + 2 * 86_400_000_000 } });
  await rest(nextDay);
  await nextDay.close();
  expect(await gatheredTables(directory)).toMatchObject([{ gathered: 6_000, behind: 0 }]);
});

test("nothing is written anew where the cap leaves no room for a copy", async () => {
  const directory = newDirectory();
  const store = await openStore(directory, { retention: { votesMs: 1e15, rawMs: 1e15, diskBytes: 100e6 } });
  await put(store, KINDS, ofKinds(upTo(0, 6_000)));
  await rest(store);
  await store.close();
  expect(await gatheredTables(directory)).toEqual([]);
});

test("a table of which a piece ended the process three times is left as it is", async () => {
  const directory = newDirectory();
  const store = await openStore(directory);
  const sources = ofKinds(upTo(0, 12_000));
  await put(store, KINDS, sources.slice(0, 6_000));
  await rest(store);
  await store.close();
  await inFile(directory, (query) => query("UPDATE main._ethmon_gathered SET tries = 3"));
  const again = await openStore(directory);
  await put(again, KINDS, sources.slice(6_000));
  await rest(again);
  expect(await allOf(again)).toEqual(sources);
  await again.close();
  expect(await gatheredTables(directory)).toMatchObject([{ gathered: 6_000, behind: 6_000, tries: 3 }]);
});

test("documents without a shape, and of one kind alone, stay what they are", async () => {
  const store = await openStore(newDirectory());
  const own = streamOf({ number: "long" }, "logs-own-default");
  const names = upTo(0, 4_200).map((number) => ({ number, [`own${number}`]: "its own name" }));
  await put(store, own, names);
  const lines = streamOf({ text: "text", number: "long" }, "logs-lines-default");
  const texts = upTo(0, 4_200).map((number) => ({ text: `a line ${number}`, number }));
  await put(store, lines, texts);
  await rest(store);
  expect(await find(store, { term: { number: 4_107 } }, own.name)).toEqual([names[4_107]]);
  expect(await find(store, { match: { text: "4107" } }, lines.name)).toEqual([texts[4_107]]);
  const { hits } = await store.search("logs-*-default", { size: 0, track_total_hits: true });
  expect(hits.total?.value).toBe(8_400);
});

test("documents of an index are replaced and deleted after they were written anew", async () => {
  const directory = newDirectory();
  const store = await openStore(directory);
  const index: ForeignIndex = { ...KINDS, name: "kinds", kind: "index" };
  const records = (numbers: readonly number[], change: (record: ForeignRecord) => ForeignRecord) =>
    recordsOf(index, ofKinds(numbers)).map((record, i) => change({ ...record, id: `id-${numbers[i]}` }));
  const append = async (appended: readonly ForeignRecord[]) => {
    await store.foreign.append({ indices: [index], records: appended });
    await store.settled();
  };
  await append(records(upTo(0, 31_000), (record) => record));
  await append(records([5], (record) => ({ ...record, source: '{"number":5,"line":"replaced before"}' })));
  await rest(store);
  await append([
    ...records([7], (record) => ({ ...record, source: '{"number":7,"line":"replaced after"}' })),
    ...records([8, 9], (record) => ({ ...record, deleted: true })),
  ]);
  const found = await store.foreign.lookup({ index: index.name, ids: ["id-5", "id-6", "id-7", "id-8"] });
  expect([...found].map(([id, { source }]) => [id, source]).sort()).toEqual([
    ["id-5", '{"number":5,"line":"replaced before"}'],
    ["id-6", JSON.stringify(ofKinds([6])[0])],
    ["id-7", '{"number":7,"line":"replaced after"}'],
  ]);
  const { hits } = await store.search(index.name, { size: 0, track_total_hits: true });
  expect(hits.total?.value).toBe(30_998);
  await store.close();
  expect(await gatheredTables(directory)).toMatchObject([{ behind: 1, tries: 0 }]);
}, 60_000);
