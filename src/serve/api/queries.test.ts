import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { slotDocument, slotRecord, slotStartMs } from "../../../test/rigs/serve-fixtures.ts";
import { type ServeRig, startServeRig } from "../../../test/rigs/serve-rig.ts";
import type { FieldsAnswer, IndicesAnswer, SqlTablesAnswer, ValuesAnswer } from "../views.ts";

let rig: ServeRig;

beforeAll(async () => {
  const slots = Array.from({ length: 100 }, (_, slot) => slotRecord(slot, slot % 10 === 0 ? { status: "missed" } : {}));
  const line = (i: number, more: object) => ({
    "@timestamp": new Date(slotStartMs(i)).toISOString(),
    host: { name: `n1.example` },
    data_stream: { type: "logs", dataset: "app", namespace: "default" },
    ...more,
  });
  rig = await startServeRig({
    documents: slots.map(slotDocument),
    foreign: [
      {
        index: "logs-app-default",
        kind: "stream",
        documents: [
          line(1, {
            message: "<script>alert(1)</script> hello",
            service: { name: "alpha" },
            tags: ["a", "b"],
            Count: 3,
          }),
          line(2, { message: "hello again", service: { name: "beta" }, tags: ["a"], Count: 4 }),
          line(3, { message: "bye", service: { name: "alpine" }, Count: 4 }),
        ],
      },
      { index: "logs-other-default", kind: "stream", documents: [line(4, { message: "other", code: "7" })] },
    ],
  });
});

afterAll(() => rig.close());

const refusal = (code: string, words: RegExp = /./) => ({
  error: { code, message: expect.stringMatching(words), retry: expect.any(Boolean) },
});

describe("a search", () => {
  it("answers as Elasticsearch does, over our own datasets and what others brought", async () => {
    const own = await rig.send("POST", "/api/v1/search", {
      index: "ethmon-slot-*",
      body: { size: 2, sort: [{ "ethereum.slot": "desc" }], query: { term: { "ethereum.status": "missed" } } },
    });
    expect(own).toMatchObject({
      status: 200,
      body: { timed_out: false, hits: { total: { value: 10 }, hits: [{ _source: { ethereum: { slot: 90 } } }, {}] } },
    });
    const { body } = await rig.send("POST", "/api/v1/search", {
      index: "logs-*-*",
      body: { query: { query_string: { query: "message:hello" } } },
    });
    expect(body).toMatchObject({ hits: { total: { value: 2 } } });
    expect(JSON.stringify(body)).toContain("<script>alert(1)</script>");
  });

  it.each([
    ["an index that is not there", { index: "nothing", body: {} }, 404, "search_invalid"],
    ["a part that is not supported", { index: "ethmon-slot-*", body: { suggest: {} } }, 400, "search_unsupported"],
    ["an unknown query", { index: "ethmon-slot-*", body: { query: { nonsense: {} } } }, 400, "search_invalid"],
    ["no body", { index: "ethmon-slot-*" }, 400, "body_invalid"],
    ["no index", { index: "", body: {} }, 400, "body_invalid"],
    ["another cluster's", { index: "far:logs-*", body: {} }, 400, "search_unsupported"],
    [
      "too many buckets",
      {
        index: "ethmon-slot-*",
        body: { size: 0, aggs: { t: { date_histogram: { field: "@timestamp", fixed_interval: "1ms" } } } },
      },
      400,
      "search_invalid",
    ],
  ])("refuses %s", async (_, body, status, code) => {
    expect(await rig.send("POST", "/api/v1/search", body)).toMatchObject({ status, body: refusal(code) });
  });

  it("is no GET", async () => {
    expect((await rig.get("/api/v1/search")).status).toBe(404);
  });
});

describe("what can be searched", () => {
  it("is listed with its time field and how much there is, patterns first", async () => {
    const { indices } = (await rig.get("/api/v1/indices")).body as IndicesAnswer;
    expect(indices.slice(0, 2).map(({ name }) => name)).toEqual([
      "logs-ethereum.*-testnet",
      "logs-*-*,-logs-ethereum.*",
    ]);
    expect(indices).toContainEqual({
      name: "ethmon-slot-testnet",
      title: expect.any(String),
      time_field: "@timestamp",
      documents: 100,
    });
    expect(indices).toContainEqual({
      name: "logs-app-default",
      title: "logs-app-default",
      time_field: "@timestamp",
      documents: 3,
    });
    for (const { name } of indices) {
      expect((await rig.send("POST", "/api/v1/search", { index: name, body: { size: 0 } })).status).toBe(200);
    }
  });

  it("has fields with their types, none twice, and those that differ told so", async () => {
    const fields = async (index: string) =>
      ((await rig.get(`/api/v1/fields?index=${index}`)).body as FieldsAnswer).fields;
    const own = await fields("ethmon-slot-*");
    expect(own).toContainEqual({ name: "ethereum.slot", type: "long", searchable: true, aggregatable: true });
    expect(own).toContainEqual({ name: "@timestamp", type: "date", searchable: true, aggregatable: true });
    expect(own.some(({ name }) => name.startsWith("_") || name === "ethereum")).toBe(false);
    const all = await fields("ethmon-*,logs-*");
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.find(({ name }) => name === "service.name")).toMatchObject({ type: "keyword", aggregatable: true });
    expect(await rig.get("/api/v1/fields?index=nothing")).toMatchObject({
      status: 404,
      body: refusal("search_invalid"),
    });
  });

  it("has values, the most frequent first, by how they begin, up to a number and within a range", async () => {
    const values = async (query: string) => ((await rig.get(`/api/v1/values?${query}`)).body as ValuesAnswer).values;
    expect(await values("index=ethmon-slot-*&field=ethereum.status")).toEqual([
      { value: "proposed", count: 90 },
      { value: "missed", count: 10 },
    ]);
    expect(await values("index=ethmon-slot-*&field=ethereum.status&prefix=mi")).toEqual([
      { value: "missed", count: 10 },
    ]);
    expect(await values("index=ethmon-slot-*&field=ethereum.slot&prefix=9&limit=3")).toEqual([
      { value: 9, count: 1 },
      { value: 90, count: 1 },
      { value: 91, count: 1 },
    ]);
    expect(
      await values(`index=ethmon-slot-*&field=ethereum.status&from=${slotStartMs(1)}&to=${slotStartMs(10)}`),
    ).toEqual([{ value: "proposed", count: 9 }]);
    expect(await values("index=logs-app-default&field=service.name&prefix=al")).toEqual([
      { value: "alpha", count: 1 },
      { value: "alpine", count: 1 },
    ]);
    // Another value of the same document does not begin so.
    expect(await values("index=logs-app-default&field=tags&prefix=b")).toEqual([{ value: "b", count: 1 }]);
    expect(await values("index=ethmon-slot-*&field=ethereum.late")).toEqual([{ value: "false", count: 100 }]);
  });

  it.each([
    ["an unknown field", "index=ethmon-slot-*&field=nothing", 404, "field_unknown"],
    ["a text", "index=logs-app-default&field=message", 404, "field_unknown"],
    ["a limit that is too large", "index=ethmon-slot-*&field=ethereum.slot&limit=1000", 400, "parameter_invalid"],
    ["no field", "index=ethmon-slot-*", 400, "parameter_invalid"],
    ["a moment that is none", "index=ethmon-slot-*&field=ethereum.slot&from=x", 400, "parameter_invalid"],
  ])("refuses values of %s", async (_, query, status, code) => {
    expect(await rig.get(`/api/v1/values?${query}`)).toMatchObject({ status, body: refusal(code) });
  });
});

describe("SQL over HTTP", () => {
  const sql = (text: string, more: object = {}) => rig.send("POST", "/api/v1/sql", { sql: text, ...more });

  it("reads our own datasets and what others brought", async () => {
    expect(await sql("SELECT status, count(*) AS slots FROM slot GROUP BY status ORDER BY slots DESC")).toEqual({
      status: 200,
      body: {
        columns: [
          { name: "status", type: "VARCHAR" },
          { name: "slots", type: "BIGINT" },
        ],
        rows: [
          ["proposed", 90],
          ["missed", 10],
        ],
        truncated: false,
        took_ms: expect.any(Number),
      },
    });
    expect((await sql("SELECT slot FROM slot ORDER BY slot", { limit: 2 })).body).toMatchObject({
      rows: [[0], [1]],
      truncated: true,
    });
    const { body } = await sql("SELECT service_name, count, tags FROM logs_app_default ORDER BY timestamp");
    expect(body).toMatchObject({
      rows: [
        ["alpha", 3, ["a", "b"]],
        ["beta", 4, ["a"]],
        ["alpine", 4, null],
      ],
    });
  });

  it("lists its tables and columns, each of which it can read", async () => {
    const { tables } = (await rig.get("/api/v1/sql/tables")).body as SqlTablesAnswer;
    const names = tables.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["slot", "node_slot", "epoch", "head", "block", "block_event", "gap"]),
    );
    expect(new Set(names).size).toBe(names.length);
    for (const { name, columns } of tables) {
      expect(name).toMatch(/^[a-z_][a-z0-9_]*$/);
      const { body } = await sql(
        `SELECT ${columns.map((column) => `"${column.name}"`).join(", ")} FROM ${name} LIMIT 0`,
      );
      expect({ name, body }).toMatchObject({ body: { columns: columns.map(({ name, type }) => ({ name, type })) } });
    }
  });

  it.each([
    ["what is no SELECT", { sql: "DROP TABLE slot" }, 400, "sql_refused"],
    ["a file", { sql: "SELECT * FROM read_csv('/etc/passwd')" }, 400, "sql_refused"],
    ["a column that is not there", { sql: "SELECT nothing FROM slot" }, 400, "sql_failed"],
    ["too many rows", { sql: "SELECT 1", limit: 1_000_000 }, 400, "body_invalid"],
    ["no SQL", { sql: "" }, 400, "body_invalid"],
  ])("refuses %s", async (_, body, status, code) => {
    expect(await rig.send("POST", "/api/v1/sql", body)).toMatchObject({ status, body: refusal(code) });
  });

  it("is not there where a cluster holds the documents", async () => {
    const other = await startServeRig();
    expect(await other.send("POST", "/api/v1/sql", { sql: "SELECT 1" })).toMatchObject({
      status: 501,
      body: refusal("sql_unavailable"),
    });
    expect((await other.get("/api/v1/sql/tables")).status).toBe(501);
    expect((await other.get("/api/v1/mode")).body).toEqual({ public: false, sql: false, writes: true });
    await other.close();
  });
});
