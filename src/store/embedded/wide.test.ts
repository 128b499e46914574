import { expect, test } from "vitest";
import type { QueryBody } from "../../search/request.ts";
import type { EmbeddedStore } from "./embedded-store.ts";
import { newDirectory, openStore } from "./store-rig.ts";
import { MAX_WIDE_COLUMNS } from "./wide-columns.ts";
import { find, put, streamOf } from "./wide-rig.ts";

test("a field that comes later, or has several values later, is found in documents from before and after, also by a restarted store", async () => {
  const directory = newDirectory();
  const store = await openStore(directory);
  const stream = streamOf({ tags: "keyword", count: "long", when: "date", from: "ip", ok: "boolean", at: "double" });
  const first = { tags: "a", count: 1 };
  const second = { tags: ["a", "b"], count: 2, when: "2026-11-22T10:00:00Z", from: "10.0.0.1", ok: true, at: 0.5 };
  const third = { tags: "b", when: ["2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z"], ok: [true, false], at: [1, 2] };
  for (const source of [first, second, third]) await put(store, stream, [source]);

  const check = async (asked: EmbeddedStore) => {
    expect(await find(asked, { term: { tags: "a" } })).toEqual([first, second]);
    expect(await find(asked, { terms: { tags: ["b"] } })).toEqual([second, third]);
    expect(await find(asked, { range: { count: { gte: 1 } } })).toEqual([first, second]);
    expect(await find(asked, { term: { when: "2026-11-23" } })).toEqual([third]);
    expect(await find(asked, { term: { from: "10.0.0.0/8" } })).toEqual([second]);
    expect(await find(asked, { term: { ok: false } })).toEqual([third]);
    expect(await find(asked, { bool: { must_not: [{ exists: { field: "when" } }] } })).toEqual([first]);
    const { aggregations, hits } = await asked.search("logs-wide-default", {
      size: 1,
      sort: [{ at: "desc" }],
      fields: ["*"],
      aggs: { tags: { terms: { field: "tags" } }, mean: { avg: { field: "at" } } },
    });
    expect(hits.hits[0]?.fields).toMatchObject({ tags: ["b"], at: [1, 2], ok: [true, false] });
    expect(aggregations).toMatchObject({
      tags: {
        buckets: [
          { key: "a", doc_count: 2 },
          { key: "b", doc_count: 2 },
        ],
      },
      mean: { value: 3.5 / 3 },
    });
  };
  await check(store);
  await store.close();
  await check(await openStore(directory));
});

test("dates before 1970 and the largest numbers are values like others", async () => {
  const store = await openStore();
  const stream = streamOf({ born: "date", most: "unsigned_long", least: "long" });
  const source = { born: "1901-02-03T04:05:06Z", most: "18446744073709551615", least: "-9223372036854775808" };
  await put(store, stream, [source]);
  for (const [name, value] of Object.entries(source)) {
    expect(await find(store, { term: { [name]: value } })).toEqual([source]);
  }
  const { hits } = await store.search("logs-wide-default", { sort: [{ born: "asc" }], fields: ["born"] });
  expect(hits.hits.map(({ fields }) => fields?.["born"])).toEqual([["1901-02-03T04:05:06.000Z"]]);
});

test("fields whose names differ in case alone, or look like columns of ours, are fields of their own", async () => {
  const store = await openStore();
  const names = ["name", "Name", "NAME", "^name", "_values", "_seq_no_of_mine", 'quo"ted', "@Timestamp"];
  const stream = streamOf(Object.fromEntries(names.map((name) => [name, "keyword"])));
  const sources = names.map((name) => ({ [name]: "x" }));
  await put(store, stream, sources);
  for (const name of names) expect(await find(store, { exists: { field: name } })).toEqual([{ [name]: "x" }]);
});

test("fields beyond those that have columns are found, counted and sorted by all the same", async () => {
  const directory = newDirectory();
  const store = await openStore(directory);
  const names = Array.from({ length: MAX_WIDE_COLUMNS + 2 }, (_, i) => `f${i}`);
  const stream = streamOf(Object.fromEntries(names.map((name) => [name, "long"])));
  const last = names.at(-1) ?? "";
  const whole = Object.fromEntries(names.map((name, i) => [name, i]));
  await put(store, stream, [whole]);
  const large = { [last]: ["9007199254740993", 1], f0: 5 };
  await put(store, stream, [large]);
  await store.close();
  const again = await openStore(directory);
  expect(await find(again, { term: { [last]: names.length - 1 } })).toEqual([whole]);
  expect(await find(again, { term: { [last]: "9007199254740993" } })).toEqual([large]);
  const { aggregations, hits } = await again.search("logs-wide-default", {
    sort: [{ [last]: "asc" }],
    fields: [last],
    aggs: { most: { max: { field: last } } },
  });
  expect(hits.hits.map(({ fields }) => fields?.[last])).toEqual([["9007199254740993", 1], [names.length - 1]]);
  expect(aggregations).toMatchObject({ most: { value: 9007199254740992 } });
});

test.each(["keyword", "text"])(
  "twenty conditions on a field of type %s need little memory over many documents",
  async (type) => {
    const store = await openStore();
    const stream = streamOf({ "process.name": type, "process.args": "keyword" });
    const args = "--option ".repeat(200);
    const sources = Array.from({ length: 30_000 }, (_, i) => ({ process: { name: `p-${i % 97}`, args } }));
    for (let at = 0; at < sources.length; at += 5_000) await put(store, stream, sources.slice(at, at + 5_000));
    for (const kind of ["term", "match", "match_phrase"]) {
      const should = Array.from({ length: 20 }, (_, i) => ({
        [kind]: { "process.name": type === "text" ? "p" : `p-${i}` },
      }));
      const { hits } = await store.search("logs-wide-default", {
        size: 0,
        track_total_hits: true,
        query: { bool: { should: should as QueryBody[] } },
      });
      expect(hits.total?.value).toBe(type === "text" ? 30_000 : sources.filter((_, i) => i % 97 < 20).length);
    }
  },
  60_000,
);
