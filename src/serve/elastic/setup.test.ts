import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ElasticRig, startElasticRig } from "../../../test/rigs/elastic-rig.ts";

let directory: string;
let rig: ElasticRig;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ethmon-setup-"));
  rig = await startElasticRig({ directory });
});
afterEach(async () => {
  await rig.close();
  await rm(directory, { recursive: true });
});

const put = (path: string, body: unknown = {}) => rig.ask("PUT", path, { body });
const get = (path: string) => rig.ask("GET", path);
const ACKNOWLEDGED = { status: 200, body: { acknowledged: true } };
const template = {
  index_patterns: ["filebeat-9.2.0"],
  data_stream: {},
  priority: 150,
  template: {
    settings: { index: { number_of_shards: 1, "mapping.total_fields.limit": 12500 } },
    mappings: { properties: {} },
  },
};

test("a Beat's requests at its start are answered as it expects", async () => {
  const name = "filebeat-9.2.0";
  const agent = { "user-agent": "Elastic-Filebeat/9.2.0 (linux; amd64)" };
  expect((await rig.ask("GET", "/", { headers: agent })).body.version.number).toBe("9.2.0");
  expect((await get("/_license?human=false")).body.license).toMatchObject({ type: "basic", status: "active" });
  expect((await get(`/_ilm/policy/filebeat`)).status).toBe(404);
  expect(await put("/_ilm/policy/filebeat", { policy: { phases: { hot: { actions: {} } } } })).toMatchObject(
    ACKNOWLEDGED,
  );
  expect((await rig.ask("HEAD", `/_index_template/${name}`)).status).toBe(404);
  expect(await put(`/_index_template/${name}`, template)).toMatchObject(ACKNOWLEDGED);
  expect((await rig.ask("HEAD", `/_index_template/${name}`)).status).toBe(200);
  expect((await get(`/_data_stream/${name}`)).status).toBe(404);
  expect(await rig.ask("PUT", `/_data_stream/${name}`)).toMatchObject(ACKNOWLEDGED);
  expect((await get(`/_data_stream/${name}`)).body.data_streams).toMatchObject([{ name, template: name }]);
  expect(await put(`/_ingest/pipeline/${name}-nginx-access-pipeline`, { processors: [] })).toMatchObject(ACKNOWLEDGED);
  expect((await get("/_nodes/ingest")).body.nodes["test-cluster"].ingest.processors).toEqual([
    { type: "set" },
    { type: "grok" },
  ]);
  const bulk = await rig.bulk([{ create: { _index: name } }, { "@timestamp": "2026-11-28T00:00:00Z" }]);
  expect(bulk.body.errors).toBe(false);
});

describe("templates", () => {
  test("come back as Elasticsearch writes them", async () => {
    await put("/_index_template/t", template);
    const kept = {
      index_patterns: ["filebeat-9.2.0"],
      template: {
        settings: { index: { number_of_shards: "1", mapping: { total_fields: { limit: "12500" } } } },
        mappings: { properties: {} },
      },
      composed_of: [],
      priority: 150,
      data_stream: { hidden: false, allow_custom_routing: false },
    };
    expect((await get("/_index_template/t")).body).toEqual({ index_templates: [{ name: "t", index_template: kept }] });
    expect((await get("/_index_template")).body.index_templates).toHaveLength(1);
    expect(
      (await get("/_index_template/t?flat_settings=true")).body.index_templates[0].index_template.template.settings,
    ).toEqual({
      "index.number_of_shards": "1",
      "index.mapping.total_fields.limit": "12500",
    });
    expect(await rig.ask("DELETE", "/_index_template/t")).toMatchObject(ACKNOWLEDGED);
    expect(await rig.ask("DELETE", "/_index_template/t")).toMatchObject({
      status: 404,
      body: { error: { type: "index_template_missing_exception" } },
    });
    expect((await get("/_index_template/t")).body.error.reason).toBe("index template matching [t] not found");
    expect((await get("/_index_template/t*")).body).toEqual({ index_templates: [] });
  });

  test.each([
    ["/_index_template/x", { index_patterns: ["a"], foo: 1 }, "x_content_parse_exception"],
    ["/_index_template/x", { template: {} }, "illegal_argument_exception"],
    ["/_index_template/x", { index_patterns: ["a"], composed_of: ["none"] }, "invalid_index_template_exception"],
    ["/_index_template/X%20Y", { index_patterns: ["a"] }, "illegal_argument_exception"],
    ["/_component_template/x", {}, "illegal_argument_exception"],
    ["/_template/x", { settings: {} }, "illegal_argument_exception"],
    ["/_ilm/policy/x", {}, "illegal_argument_exception"],
  ])("%s with %j is refused", async (path, body, type) => {
    expect(await put(path, body)).toMatchObject({ status: 400, body: { error: { type } } });
  });

  test("components are named by templates, and there once", async () => {
    await put("/_component_template/c", { template: { settings: { "index.number_of_shards": 1 } }, _meta: { a: 1 } });
    expect((await get("/_component_template/c")).body.component_templates[0].component_template).toEqual({
      template: { settings: { index: { number_of_shards: "1" } } },
      _meta: { a: 1 },
    });
    expect(await put("/_index_template/t", { index_patterns: ["a-*"], composed_of: ["c"] })).toMatchObject(
      ACKNOWLEDGED,
    );
    expect((await put("/_index_template/t?create=true", { index_patterns: ["a-*"] })).body.error.reason).toBe(
      "index template [t] already exists",
    );
  });

  test("legacy ones are kept, as Telegraf puts them", async () => {
    expect((await rig.ask("HEAD", "/_template/telegraf")).status).toBe(404);
    expect((await get("/_template/telegraf")).body).toEqual({});
    await put("/_template/telegraf", {
      index_patterns: ["metrics-telegraf-*"],
      settings: { index: { refresh_interval: "10s" } },
    });
    expect((await get("/_template/telegraf")).body).toEqual({
      telegraf: {
        order: 0,
        index_patterns: ["metrics-telegraf-*"],
        settings: { index: { refresh_interval: "10s" } },
        mappings: {},
        aliases: {},
      },
    });
  });

  test("a setting named for the prototype is a setting", async () => {
    await rig.ask("PUT", "/_index_template/t", {
      body: '{"index_patterns":["a"],"template":{"settings":{"__proto__.polluted":1,"constructor.prototype.polluted":2}}}',
    });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

test("templates whose mappings cannot be are refused, and may be made of Elasticsearch's own components", async () => {
  const mappings = { properties: { a: { type: "wat" } } };
  for (const path of ["/_index_template/t", "/_component_template/t"]) {
    expect(await put(path, { index_patterns: ["t"], template: { mappings } })).toMatchObject({ status: 400 });
  }
  expect((await put("/_template/t", { index_patterns: ["t"], mappings })).body.error).toMatchObject({
    type: "mapper_parsing_exception",
    reason: expect.stringContaining("The mapper type [wat] declared on field [a] does not exist."),
  });
  const composed = { index_patterns: ["t"], data_stream: {}, composed_of: ["logs@settings", "ecs@mappings"] };
  expect(await put("/_index_template/t", composed)).toMatchObject(ACKNOWLEDGED);
});

describe("data streams", () => {
  test("are made once, told beside those with documents, and deleted", async () => {
    await put("/_index_template/t", { index_patterns: ["logs-*"], data_stream: {} });
    await rig.ask("PUT", "/_data_stream/logs-new");
    expect(await rig.ask("PUT", "/_data_stream/logs-new")).toMatchObject({
      status: 400,
      body: { error: { type: "resource_already_exists_exception" } },
    });
    rig.search.views = [{ name: "logs-full", kind: "data_stream", documents: 3, bytes: 9 }];
    const { body } = await get("/_data_stream");
    expect(body.data_streams.map(({ name }: { name: string }) => name)).toEqual(["logs-full", "logs-new"]);
    expect(await rig.ask("DELETE", "/_data_stream/logs-new")).toMatchObject(ACKNOWLEDGED);
    expect((await get("/_data_stream/logs-new")).status).toBe(404);
  });

  test("keep their lifecycle", async () => {
    rig.search.views = [{ name: "logs-full", kind: "data_stream", documents: 3, bytes: 9 }];
    expect(await put("/_data_stream/logs-full/_lifecycle", { data_retention: "7d" })).toMatchObject(ACKNOWLEDGED);
    expect((await get("/_data_stream/logs-full/_lifecycle")).body.data_streams).toEqual([
      { name: "logs-full", lifecycle: { enabled: true, data_retention: "7d" } },
    ]);
    await rig.ask("DELETE", "/_data_stream/logs-full/_lifecycle");
    expect((await get("/_data_stream/logs-full/_lifecycle")).body.data_streams).toEqual([{ name: "logs-full" }]);
  });
});

test("policies count their versions", async () => {
  const policy = { phases: { delete: { min_age: "30d" } } };
  await put("/_ilm/policy/p", { policy });
  await put("/_ilm/policy/p", { policy });
  expect((await get("/_ilm/policy/p")).body.p).toMatchObject({ version: 2, policy, in_use_by: { indices: [] } });
  expect(await rig.ask("DELETE", "/_ilm/policy/p")).toMatchObject(ACKNOWLEDGED);
  expect((await get("/_ilm/policy/p")).body.error.reason).toBe("Lifecycle policy not found: p");
});

describe("pipelines", () => {
  test("are put, told, tried out and deleted", async () => {
    const pipeline = { description: "d", processors: [] };
    expect((await get("/_ingest/pipeline/p")).status).toBe(404);
    expect(await put("/_ingest/pipeline/p", pipeline)).toMatchObject(ACKNOWLEDGED);
    expect((await get("/_ingest/pipeline/p")).body).toEqual({ p: pipeline });
    expect((await get("/_ingest/pipeline?summary=true")).body).toEqual({ p: {} });
    const docs = [{ _source: { a: 1 } }];
    const ran = { docs: [{ doc: { _source: { a: 1, ran: "d" } } }] };
    expect((await rig.ask("POST", "/_ingest/pipeline/p/_simulate", { body: { docs } })).body).toEqual(ran);
    expect((await rig.ask("POST", "/_ingest/pipeline/_simulate", { body: { pipeline, docs } })).body).toEqual(ran);
    expect(await rig.ask("DELETE", "/_ingest/pipeline/p")).toMatchObject(ACKNOWLEDGED);
    expect((await rig.ask("DELETE", "/_ingest/pipeline/p")).body.error.reason).toBe("pipeline [p] is missing");
  });

  test.each([
    ["/_ingest/pipeline/none/_simulate", { docs: [] }, "pipeline [none] does not exist"],
    ["/_ingest/pipeline/_simulate", { docs: [] }, "[pipeline] required property is missing"],
    ["/_ingest/pipeline/_simulate", { pipeline: {} }, "[docs] required property is missing"],
    ["/_ingest/pipeline/_simulate", { pipeline: {}, docs: [{}] }, "[_source] required property is missing"],
  ])("%s with %j is refused", async (path, body, reason) => {
    expect(await rig.ask("POST", path, { body })).toMatchObject({ status: 400, body: { error: { reason } } });
  });
});

describe("aliases", () => {
  beforeEach(() => {
    rig.search.views = ["logs-a", "logs-b"].map((name) => ({ name, kind: "index" as const, documents: 1, bytes: 1 }));
  });

  test("stand for their indices in searches, and are told", async () => {
    const actions = [
      { add: { index: "logs-*", alias: "all" } },
      { add: { indices: ["logs-b"], aliases: ["b"], is_write_index: true } },
    ];
    expect(await rig.ask("POST", "/_aliases", { body: { actions } })).toMatchObject(ACKNOWLEDGED);
    expect((await get("/_alias")).body).toEqual({
      "logs-a": { aliases: { all: {} } },
      "logs-b": { aliases: { all: {}, b: { is_write_index: true } } },
    });
    expect((await get("/_alias/b")).body).toEqual({ "logs-b": { aliases: { b: { is_write_index: true } } } });
    await get("/all/_search");
    expect(rig.search.asked.at(-1)?.indices).toEqual(["logs-a", "logs-b"]);
    expect((await get("/_resolve/index/*")).body).toEqual({
      indices: [
        { name: "logs-a", attributes: ["open"] },
        { name: "logs-b", attributes: ["open"] },
      ],
      aliases: [
        { name: "all", indices: ["logs-a", "logs-b"] },
        { name: "b", indices: ["logs-b"] },
      ],
      data_streams: [],
    });
    expect(await rig.ask("DELETE", "/logs-a/_alias/all")).toMatchObject(ACKNOWLEDGED);
    expect((await get("/_alias/all")).body).toEqual({ "logs-b": { aliases: { all: {} } } });
    expect((await get("/_alias/none")).body).toEqual({ error: "alias [none] missing", status: 404 });
    expect((await rig.ask("HEAD", "/_alias/none")).status).toBe(404);
  });

  test("that would filter are refused", async () => {
    const actions = [{ add: { index: "logs-a", alias: "x", filter: { match_all: {} } } }];
    expect((await rig.ask("POST", "/_aliases", { body: { actions } })).body.error.reason).toContain("[filter]");
    expect((await put("/logs-a/_alias/Bad%20Name")).body.error.type).toBe("invalid_alias_name_exception");
  });
});

test("everything that was put is there after a restart, and the cluster is the same", async () => {
  await put("/_index_template/t", template);
  await put("/_ilm/policy/p", { policy: { phases: {} } });
  await rig.close();
  rig = await startElasticRig({ directory });
  expect((await get("/_index_template/t")).body.index_templates).toHaveLength(1);
  expect((await get("/_ilm/policy/p")).status).toBe(200);
  expect((await get("/")).body.cluster_uuid).toBe("test-cluster");
});

test("a file that is not ours is told by its path", async () => {
  await rig.close();
  await writeFile(join(directory, "elastic.json"), "{}");
  await expect(startElasticRig({ directory })).rejects.toMatchObject({
    code: "elastic_settings_unreadable",
    message: expect.stringContaining("elastic.json"),
  });
  await rm(join(directory, "elastic.json"));
  rig = await startElasticRig({ directory });
});
