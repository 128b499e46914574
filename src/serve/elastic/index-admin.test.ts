import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ElasticRig, startElasticRig } from "../../../test/rigs/elastic-rig.ts";
import { createForeignRig, type ForeignRig } from "../../../test/rigs/foreign-rig.ts";

let rig: ElasticRig;
let foreign: ForeignRig;

beforeEach(async () => {
  rig = await startElasticRig({
    store: (settings) => {
      foreign = createForeignRig({ book: settings });
      return foreign.sink;
    },
  });
  const indices = () => [...foreign.tables.journal.indices.values()];
  rig.search.indices = async () =>
    indices().map(({ name, kind, createdMs }) => {
      return { name, kind: kind === "stream" ? "data_stream" : "index", documents: 0, bytes: 0, createdMs };
    });
  rig.search.mappings = async (names) =>
    new Map(names.map((name) => [name, indices().find((index) => index.name === name)?.mapping ?? {}]));
});
afterEach(() => rig.close());

const get = (path: string) => rig.ask("GET", path);
const put = (path: string, body: unknown = {}) => rig.ask("PUT", path, { body });
const errorOf = async (answer: ReturnType<typeof get>) => (await answer).body.error.reason;

describe("an index", () => {
  test("is made with settings, mapping and aliases, told, given fields, and removed", async () => {
    const body = {
      settings: { number_of_shards: 3, default_pipeline: "_none" },
      mappings: { properties: { title: { type: "text" } } },
      aliases: { library: {} },
    };
    expect(await put("/books", body)).toMatchObject({
      status: 200,
      body: { acknowledged: true, shards_acknowledged: true, index: "books" },
    });
    expect(await put("/books/_mapping", { properties: { year: { type: "short" } } })).toMatchObject({ status: 200 });
    const { body: told } = await get("/books");
    expect(told.books).toMatchObject({
      aliases: { library: {} },
      mappings: { properties: { title: { type: "text" }, year: { type: "short" } } },
      settings: { index: { number_of_shards: "1", provided_name: "books", default_pipeline: "_none" } },
    });
    expect((await get("/books/_settings/index.default*?flat_settings=true")).body).toEqual({
      books: { settings: { "index.default_pipeline": "_none" } },
    });
    expect((await rig.ask("PUT", "/library/_doc/1", { body: { title: "A" } })).body).toMatchObject({
      _index: "books",
      result: "created",
    });
    expect((await get("/books/_doc/1")).body).toMatchObject({ found: true, _source: { title: "A" } });
    expect(await errorOf(rig.ask("DELETE", "/library"))).toBe(
      "The provided expression [library] matches an alias, specify the corresponding concrete indices instead.",
    );
    expect(await errorOf(rig.ask("DELETE", "/boo*"))).toContain("Wildcard expressions or all indices are not allowed");
    expect(await rig.ask("DELETE", "/books")).toMatchObject({ status: 200, body: { acknowledged: true } });
    expect((await get("/books")).status).toBe(404);
    expect((await get("/_alias")).body).toEqual({});
  });

  test("is refused twice, with a mapping that cannot be, and under our own names", async () => {
    await put("/books");
    expect((await put("/books")).body.error.type).toBe("resource_already_exists_exception");
    expect(await errorOf(put("/b", { mappings: { properties: { a: { type: "wat" } } } }))).toContain(
      "The mapper type [wat] declared on field [a] does not exist.",
    );
    expect(await errorOf(put("/b", { wat: {} }))).toBe("unknown key [wat] for create index");
    expect((await put("/ethmon-slot-mainnet")).status).toBe(403);
    expect(await errorOf(put("/Books"))).toContain("must be lowercase");
  });
});

test("data streams need a template for them, and take their documents with them", async () => {
  expect(await errorOf(put("/_data_stream/none"))).toBe("no matching index template found for data stream [none]");
  await put("/_index_template/t", { index_patterns: ["plain-*"] });
  expect(await errorOf(put("/_data_stream/plain-1"))).toContain("has no data stream template");
  expect((await put("/_data_stream/logs-a-b")).body).toEqual({ acknowledged: true });
  await rig.bulk([{ create: { _index: "logs-a-b" } }, { "@timestamp": "2026-11-28T10:00:00Z" }]);
  expect(foreign.tables.journal.entries).toHaveLength(1);
  expect(await errorOf(rig.ask("DELETE", "/logs-a-b"))).toContain("matches a data stream");
  expect((await rig.ask("DELETE", "/_data_stream/logs-a-b")).body).toEqual({ acknowledged: true });
  expect(foreign.tables.journal.entries).toHaveLength(0);
});

test("what a pipeline dropped is told as Elasticsearch tells it", async () => {
  foreign.pipelines.put("gone", { processors: [{ drop: {} }] });
  const { body } = await rig.bulk([{ index: { _index: "a", pipeline: "gone" } }, { n: 1 }]);
  expect(body).toMatchObject({
    errors: false,
    items: [
      {
        index: {
          _index: "a",
          _id: "auto-generated",
          _version: -3,
          result: "noop",
          _shards: { total: 0, successful: 0, failed: 0 },
          status: 200,
        },
      },
    ],
  });
  expect(body.items[0].index).not.toHaveProperty("_seq_no");
});
