import { expect, test } from "vitest";
import type { JsonObject } from "../../events/foreign.ts";
import { documentValues } from "../../search/document-values.ts";
import type { SearchRequest } from "../../search/request.ts";
import { START_US } from "../contract-data.ts";
import type { ForeignIndex, ForeignRecord } from "../foreign/foreign-tables.ts";
import { searchMappingOf } from "../foreign/mapping/search-mapping.ts";
import { DAY_US } from "../retention.ts";
import type { EmbeddedStore } from "./embedded-store.ts";
import { newDirectory, openStore } from "./store-rig.ts";

const STREAM: ForeignIndex = {
  name: "logs-nginx.access-default",
  kind: "stream",
  createdMs: START_US / 1000,
  mapping: {
    properties: {
      "@timestamp": { type: "date" },
      host: { properties: { name: { type: "keyword" }, uptime: { type: "long" } } },
      message: { type: "match_only_text" },
      tags: { type: "keyword" },
      "log.level": { type: "keyword" },
    },
  },
};
const INDEX: ForeignIndex = {
  name: "telegraf-2026.11.28",
  kind: "index",
  createdMs: START_US / 1000,
  mapping: { properties: { host: { properties: { name: { type: "text" } } }, n: { type: "long" } } },
};

function record(of: ForeignIndex, source: JsonObject, options: Partial<ForeignRecord> = {}): ForeignRecord {
  return {
    index: of.name,
    kind: of.kind,
    timestampUs: START_US,
    version: 1,
    source: JSON.stringify(source),
    values: documentValues(source, searchMappingOf(of.mapping)),
    ...options,
  };
}

async function sources(store: EmbeddedStore, pattern: string, request: SearchRequest = {}): Promise<unknown[]> {
  await store.settled();
  const { hits } = await store.search(pattern, { size: 100, sort: ["_doc"], ...request });
  return hits.hits.map(({ _source }) => _source);
}

test("documents of a data stream are found by their fields, one value or several, and given back as they came", async () => {
  const store = await openStore();
  const plain = { "@timestamp": "2026-11-22T10:00:00Z", host: { name: "a", uptime: 7 }, message: "Peer lost: 12" };
  const several = { "@timestamp": "2026-11-22T10:00:00Z", "host.name": ["a", "b"], tags: ["x", "y"] };
  const seqs = await store.foreign.append({
    indices: [STREAM],
    records: [record(STREAM, plain), record(STREAM, several, { timestampUs: START_US + DAY_US, id: "own" })],
  });
  expect(seqs[1]).toBe((seqs[0] ?? 0) + 1);
  expect(await sources(store, "logs-nginx.*-*")).toEqual([plain, several]);
  expect(await sources(store, STREAM.name, { query: { term: { "host.name": "a" } } })).toEqual([plain, several]);
  expect(await sources(store, STREAM.name, { query: { term: { "host.name": "b" } } })).toEqual([several]);
  expect(await sources(store, STREAM.name, { query: { match: { message: "LOST" } } })).toEqual([plain]);
  expect(await sources(store, STREAM.name, { query: { range: { "host.uptime": { gte: 7 } } } })).toEqual([plain]);
  const { aggregations } = await store.search(STREAM.name, {
    size: 0,
    aggs: { hosts: { terms: { field: "host.name" } } },
  });
  expect(aggregations).toMatchObject({
    hosts: {
      buckets: [
        { key: "a", doc_count: 2 },
        { key: "b", doc_count: 1 },
      ],
    },
  });
});

test("a document is looked up by its id, one without by its position, each with the newest version", async () => {
  const store = await openStore();
  const [lone] = await store.foreign.append({
    indices: [STREAM, INDEX],
    records: [
      record(STREAM, { message: "no id" }),
      record(STREAM, { message: "own" }, { id: "x" }),
      record(INDEX, { n: 1 }, { id: "1" }),
      record(INDEX, { n: 2, host: { name: ["a", "b"] } }, { id: "1", version: 2 }),
    ],
  });
  await store.settled();
  const stream = await store.foreign.lookup({ index: STREAM.name, ids: ["x", String(lone), "none"] });
  expect([...stream.keys()].sort()).toEqual([String(lone), "x"].sort());
  expect(JSON.parse(stream.get("x")?.source ?? "")).toEqual({ message: "own" });
  const other = await store.foreign.lookup({ index: STREAM.name, ids: ["x"], timestampsUs: [START_US - DAY_US] });
  expect(other.size).toBe(0);
  const index = await store.foreign.lookup({ index: INDEX.name, ids: ["1"] });
  expect(index.get("1")).toMatchObject({ version: 2, source: JSON.stringify({ n: 2, host: { name: ["a", "b"] } }) });
  expect(await sources(store, INDEX.name)).toEqual([{ n: 2, host: { name: ["a", "b"] } }]);
});

test("a document that was replaced or deleted is found no more, in whichever table it stood", async () => {
  const store = await openStore();
  await store.foreign.append({
    indices: [INDEX],
    records: [record(INDEX, { n: 1 }, { id: "1" }), record(INDEX, { n: 2 }, { id: "2" })],
  });
  await store.settled();
  await store.foreign.append({
    indices: [],
    records: [
      record(INDEX, { n: [5, 6] }, { id: "1", version: 2 }),
      record(INDEX, {}, { id: "2", version: 2, source: "", values: {}, deleted: true }),
    ],
  });
  expect(await sources(store, INDEX.name)).toEqual([{ n: [5, 6] }]);
  expect((await store.foreign.lookup({ index: INDEX.name, ids: ["1", "2"] })).size).toBe(1);
  await store.foreign.append({ indices: [], records: [record(INDEX, { n: 7 }, { id: "1", version: 3 })] });
  expect(await sources(store, INDEX.name)).toEqual([{ n: 7 }]);
});

test("indices and their mappings are known after a restart, and a grown mapping finds what came before and after", async () => {
  const directory = newDirectory();
  const first = await openStore(directory);
  await first.foreign.append({ indices: [STREAM], records: [record(STREAM, { message: "before" })] });
  await first.close();
  const again = await openStore(directory);
  expect(await again.foreign.indices()).toEqual([STREAM]);
  const properties = { ...(STREAM.mapping["properties"] as JsonObject), "service.type": { type: "keyword" } };
  const grown = { ...STREAM, mapping: { properties } };
  const after = { message: "after", service: { type: "geth" } };
  await again.foreign.append({ indices: [grown], records: [record(grown, after)] });
  expect(await sources(again, STREAM.name, { query: { exists: { field: "service.type" } } })).toEqual([after]);
  expect(await sources(again, STREAM.name, { query: { match: { message: "before after" } } })).toHaveLength(2);
  expect(await again.foreign.indices()).toEqual([grown]);
});

test("a dropped index is gone with its documents, and begins anew under its name", async () => {
  const store = await openStore();
  await store.foreign.append({ indices: [STREAM, INDEX], records: [record(STREAM, { message: "a" })] });
  await store.settled();
  const { rows } = store.state();
  await store.foreign.drop(STREAM.name);
  expect(store.state().rows).toBe(rows - 2);
  expect((await store.foreign.indices()).map(({ name }) => name)).toEqual([INDEX.name]);
  await expect(store.search(STREAM.name, {})).rejects.toMatchObject({ code: "search_invalid" });
  const asked = `${STREAM.name},${INDEX.name}`;
  const { hits } = await store.search(
    asked,
    { query: { exists: { field: "message" } } },
    { params: { ignoreMissing: true } },
  );
  expect(hits.total).toEqual({ value: 0, relation: "eq" });
  await store.foreign.append({ indices: [STREAM], records: [record(STREAM, { message: "b" })] });
  expect(await sources(store, STREAM.name)).toEqual([{ message: "b" }]);
});

test("documents of times long past or to come are found by them, and take no table for each day", async () => {
  const store = await openStore();
  const nowUs = Math.floor(Date.now() / 1000) * 1_000_000;
  const timesUs = [0, 1, 2, 500, 900].map((days) => nowUs - days * DAY_US).concat(nowUs + 30 * DAY_US);
  const at = (timestampUs: number) => ({ "@timestamp": new Date(timestampUs / 1000).toISOString() });
  await store.foreign.append({
    indices: [STREAM],
    records: timesUs.map((timestampUs) => record(STREAM, at(timestampUs), { timestampUs, id: String(timestampUs) })),
  });
  const day = (timestampUs: number) => ({
    range: { "@timestamp": { gte: timestampUs / 1000, lte: timestampUs / 1000, format: "epoch_millis" } },
  });
  for (const timestampUs of timesUs) {
    expect(await sources(store, STREAM.name, { query: day(timestampUs) })).toEqual([at(timestampUs)]);
    const ids = [String(timestampUs)];
    expect((await store.foreign.lookup({ index: STREAM.name, ids, timestampsUs: [timestampUs] })).size).toBe(1);
  }
  const { datasets } = await store.use();
  expect(datasets.find(({ index }) => index === STREAM.name)).toMatchObject({ rows: 6, days: 3 });
});

test("a point in time leaves out what came later, and what is stored counts by its own name", async () => {
  const store = await openStore();
  const [seq = 0] = await store.foreign.append({ indices: [STREAM], records: [record(STREAM, { message: "a" })] });
  await store.foreign.append({ indices: [], records: [record(STREAM, { message: "b", "host.name": ["a", "b"] })] });
  await store.settled();
  const { hits } = await store.search(STREAM.name, {}, { params: { maxSeq: seq } });
  expect(hits.total?.value).toBe(1);
  const { datasets } = await store.use();
  expect(datasets.find(({ index }) => index === STREAM.name)).toMatchObject({ rows: 2, days: 1, keep: "raw" });
});
