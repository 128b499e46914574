import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ElasticRig, startElasticRig } from "../../../test/rigs/elastic-rig.ts";
import type { Clock } from "../../lib/clock.ts";

const clock: Clock = { nowUs: () => Date.parse("2026-11-28T10:20:30Z") * 1000, monoUs: () => 0 };
let rig: ElasticRig;
beforeEach(async () => {
  rig = await startElasticRig({ clock });
  rig.search.views = [
    { name: "logs-a", kind: "index", documents: 7, bytes: 13_722, createdMs: Date.parse("2026-11-27T00:00:00Z") },
    { name: "metrics-b", kind: "data_stream", documents: 1200, bytes: 500 },
    { name: ".own", kind: "index", documents: 1, bytes: 1 },
  ];
  rig.search.hits = [{ index: "logs-a", id: "1", seq: 1, source: {} }];
});
afterEach(() => rig.close());

const get = (path: string, headers: Record<string, string> = {}) => rig.ask("GET", path, { headers });

describe("_cat", () => {
  test("indices stand in columns, numbers at the right", async () => {
    const { text, headers } = await get(
      "/_cat/indices?v&h=health,status,index,pri,rep,docs.count,docs.deleted,store.size",
    );
    expect(headers.get("content-type")).toBe("text/plain; charset=UTF-8");
    expect(text).toBe(
      "health status index     pri rep docs.count docs.deleted store.size\n" +
        "green  open   logs-a      1   0          7            0     13.4kb\n" +
        "green  open   metrics-b   1   0       1200            0       500b\n",
    );
  });

  test("h chooses by name, alias and pattern, s sorts as numbers", async () => {
    expect((await get("/_cat/indices?h=index,dc&s=docs.count:desc")).text).toBe("metrics-b 1200\nlogs-a       7\n");
    expect((await get("/_cat/indices?h=i&s=index:desc")).text).toBe("metrics-b\nlogs-a\n");
    expect((await get("/_cat/indices/logs-*?h=docs.*,creation.date.string")).text).toBe(
      "7 0 2026-11-27T00:00:00.000Z\n",
    );
    expect((await get("/_cat/indices/logs-a?h=ss&bytes=kb")).text).toBe("13\n");
    expect((await get("/_cat/indices?h=nothing")).text.trim()).toBe("");
  });

  test("JSON has strings, by format and by Accept", async () => {
    const rows = [{ index: "logs-a", dc: "7" }];
    expect((await get("/_cat/indices/logs-a?format=json&h=index,dc")).body).toEqual(rows);
    expect((await get("/_cat/indices/logs-a?h=index,dc", { accept: "application/json" })).body).toEqual(rows);
    const vendor = "application/vnd.elasticsearch+json; compatible-with=8";
    expect((await get("/_cat/indices/logs-a?h=index,dc", { accept: vendor })).body).toEqual(rows);
    expect((await get("/_cat/indices/logs-a?format=yaml&h=index")).text).toBe('---\n- index: "logs-a"\n');
  });

  test("help tells the columns", async () => {
    expect((await get("/_cat/count?help")).text).toBe(
      "epoch     | t,time                  | seconds since 1970-01-01 00:00:00\n" +
        "timestamp | ts,hms,hhmmss           | time in HH:MM:SS                 \n" +
        "count     | dc,docs.count,docsCount | the document count               \n",
    );
  });

  test("count and health have the moment", async () => {
    expect((await get("/_cat/count?v")).text).toBe("epoch      timestamp count\n1795861230 10:20:30  1\n");
    expect((await get("/_cat/health")).text).toBe("1795861230 10:20:30 ethmon green 1 1 3 3 0 0 0 0 - 100.0%\n");
    expect((await get("/_cat/health?format=json&pretty")).text).toContain('[\n  {\n    "epoch" : "1795861230",\n');
  });

  test("what is not there is 404", async () => {
    expect(await get("/_cat/indices/none")).toMatchObject({
      status: 404,
      body: { error: { type: "index_not_found_exception" } },
    });
  });
});

describe("the cluster", () => {
  test("is healthy, and of one node", async () => {
    expect((await get("/_cluster/health")).body).toMatchObject({
      cluster_name: "ethmon",
      status: "green",
      timed_out: false,
      number_of_nodes: 1,
      active_primary_shards: 2,
      active_shards_percent_as_number: 100,
    });
    expect((await get("/_cluster/health/logs-a?wait_for_status=yellow&timeout=1s")).body.active_shards).toBe(1);
  });

  test.each([
    ["1", 200],
    [">=1", 200],
    ["le(3)", 200],
    ["<2", 200],
    [">1", 408],
    ["ge(2)", 408],
    ["3", 408],
  ])("waiting for %s nodes is %i", async (nodes, status) => {
    const answer = await get(`/_cluster/health?wait_for_nodes=${encodeURIComponent(nodes)}`);
    expect(answer).toMatchObject({ status, body: { timed_out: status === 408 } });
  });

  test("tells its node, with the version that the client wants", async () => {
    const { body } = await get("/_nodes", { "user-agent": "Elastic-Metricbeat/9.1.0" });
    expect(body).toMatchObject({ _nodes: { total: 1 }, nodes: { "test-cluster": { version: "9.1.0", ingest: {} } } });
    expect((await get("/_nodes/http")).body.nodes["test-cluster"]).not.toHaveProperty("ingest");
    expect((await get("/_xpack")).body).toMatchObject({
      license: { type: "basic" },
      features: { watcher: { enabled: false } },
    });
  });
});

describe("fields", () => {
  beforeEach(() => {
    rig.search.mapping.set("logs-a", {
      properties: {
        message: { type: "match_only_text", fields: { keyword: { type: "keyword" } } },
        host: { properties: { name: { type: "keyword" }, ip: { type: "ip" } } },
        n: { type: "long" },
      },
    });
    rig.search.mapping.set("metrics-b", {
      properties: { n: { type: "double" }, host: { type: "object", properties: {} } },
    });
  });

  test("_mapping tells them by index", async () => {
    expect((await get("/metrics-b/_mapping")).body).toEqual({
      "metrics-b": { mappings: { properties: { n: { type: "double" }, host: { type: "object", properties: {} } } } },
    });
    expect((await get("/none/_mapping")).status).toBe(404);
    expect((await get("/logs-a")).body["logs-a"]).toMatchObject({
      aliases: {},
      settings: { index: { provided_name: "logs-a" } },
    });
    expect((await rig.ask("HEAD", "/logs-a")).status).toBe(200);
    expect((await rig.ask("HEAD", "/none")).status).toBe(404);
  });

  test("_field_caps tells what can be done with each, and where types part", async () => {
    const { body } = await get("/logs-a,metrics-b/_field_caps?fields=n,host*,message*");
    expect(body.indices).toEqual(["logs-a", "metrics-b"]);
    const plain = { metadata_field: false, searchable: true, aggregatable: true };
    const object = { type: "object", metadata_field: false, searchable: false, aggregatable: false };
    expect(body.fields).toEqual({
      host: { object },
      "host.ip": { ip: { type: "ip", ...plain } },
      "host.name": { keyword: { type: "keyword", ...plain } },
      message: { text: { type: "text", ...plain, aggregatable: false } },
      "message.keyword": { keyword: { type: "keyword", ...plain } },
      n: {
        long: { type: "long", ...plain, indices: ["logs-a"] },
        double: { type: "double", ...plain, indices: ["metrics-b"] },
      },
    });
  });

  test("_field_caps filters, also by a query, and names what it does not know", async () => {
    const names = async (path: string, body?: unknown) =>
      Object.keys((await rig.ask("POST", path, body === undefined ? {} : { body })).body.fields);
    expect(await names("/logs-a/_field_caps?fields=*&filters=-metadata,-parent,-multifield")).toEqual([
      "host.ip",
      "host.name",
      "message",
      "n",
    ]);
    expect(await names("/logs-a/_field_caps?fields=*&filters=+metadata".replace("+", "%2B"))).toEqual([
      "_id",
      "_index",
      "_seq_no",
      "_source",
    ]);
    expect(await names("/_field_caps?types=ip", { fields: ["*"] })).toEqual(["host.ip"]);
    const filtered = await rig.ask("POST", "/*/_field_caps", {
      body: { fields: "n", index_filter: { match_all: {} } },
    });
    expect(filtered.body.indices).toEqual(["logs-a"]);
    expect((await get("/_field_caps")).body.error.reason).toBe("Validation Failed: 1: no fields specified;");
    expect((await rig.ask("POST", "/_field_caps", { body: { fields: "n", runtime_mappings: {} } })).status).toBe(400);
    const unmapped = await get("/*/_field_caps?fields=host.ip&include_unmapped=true");
    expect(unmapped.body.fields["host.ip"].unmapped.indices).toEqual(["metrics-b"]);
  });
});

test("_refresh waits for the store", async () => {
  expect((await rig.ask("POST", "/logs-a/_refresh")).body).toEqual({
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
  });
  expect(rig.sink.settledCalls).toBe(1);
});
