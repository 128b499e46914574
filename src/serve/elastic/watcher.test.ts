import { Client as Client9 } from "@elastic/elasticsearch";
import { Client as Client8 } from "@elastic/elasticsearch-8";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ElasticRig, startElasticRig } from "../../../test/rigs/elastic-rig.ts";
import { createFakeDesk } from "../../../test/rigs/fake-desk.ts";
import { systemClock } from "../../lib/clock.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 10);
const SHIPPED = {
  metadata: { name: "Late blocks", tags: ["chain", "block"], alert: { scope: "network" } },
  trigger: { schedule: { interval: "1m" } },
  actions: { log: { logging: { text: "late" } } },
};
const WATCH = {
  trigger: { schedule: { interval: "10s" } },
  input: {
    http: {
      request: {
        url: "http://a.example",
        headers: { "X-Api-Key": "open sesame" },
        auth: { basic: { username: "me", password: "open sesame" } },
      },
    },
  },
  condition: { compare: { "ctx.payload.hits.total": { gt: 0 } } },
  actions: { mail: { email: { to: "me@a.example", subject: "hits" } }, log: { logging: { text: "hits" } } },
};

const desk = createFakeDesk({ nowMs: () => NOW_MS, shipped: { "late-blocks": SHIPPED } });
let rig: ElasticRig;
beforeAll(async () => {
  const clock = { ...systemClock(), nowUs: () => NOW_MS * 1000 };
  rig = await startElasticRig({ desk, clock });
});
beforeEach(desk.reset);
afterAll(() => rig.close());

const put = (id: string, body: unknown, query = "") => rig.ask("PUT", `/_watcher/watch/${id}${query}`, { body });
const error = (type: string, reason: string | RegExp, status: number) => ({
  status,
  body: { error: { type, reason: typeof reason === "string" ? reason : expect.stringMatching(reason) }, status },
});

describe("a watch", () => {
  test("is put, told with its password hidden, put again as it was told, and deleted", async () => {
    expect(await put("mine", WATCH)).toMatchObject({
      status: 201,
      body: { _id: "mine", _version: 1, _seq_no: 0, _primary_term: 1, created: true },
    });
    const { status, body, text } = await rig.ask("GET", "/_watcher/watch/mine");
    expect([status, body]).toEqual([
      200,
      {
        found: true,
        _id: "mine",
        _version: 1,
        _seq_no: 0,
        _primary_term: 1,
        status: expect.objectContaining({ version: 1, state: { active: true, timestamp: "2026-11-22T10:00:00.000Z" } }),
        watch: expect.objectContaining({ trigger: WATCH.trigger, actions: WATCH.actions }),
      },
    ]);
    expect(text).not.toContain("open sesame");

    expect(await put("mine", { ...(body.watch as object), throttle_period: "1h" }, "?active=false")).toMatchObject({
      status: 200,
      body: { _version: 2, _seq_no: 1, created: false },
    });
    expect(desk.rule("mine").rule.active).toBe(false);
    expect(desk.rule("mine").watch).toEqual({ ...WATCH, throttle_period: "1h" });
    // Watcher takes a watch that is put for an active one.
    await put("mine", WATCH);
    expect(desk.rule("mine").rule.active).toBe(true);

    expect(await rig.ask("DELETE", "/_watcher/watch/mine")).toMatchObject({
      status: 200,
      body: { _id: "mine", _version: 4, found: true },
    });
    expect(await rig.ask("DELETE", "/_watcher/watch/mine")).toMatchObject({
      status: 404,
      body: { _id: "mine", _version: 1, found: false },
    });
    expect(await rig.ask("GET", "/_watcher/watch/mine")).toMatchObject({
      status: 404,
      body: { found: false, _id: "mine" },
    });
  });

  test("that leaves out input and condition is told with Watcher's defaults", async () => {
    const { body } = await rig.ask("GET", "/_watcher/watch/late-blocks");
    expect(body.watch).toEqual({ ...SHIPPED, input: { none: {} }, condition: { always: {} } });
  });

  test("that cannot be read is refused with Elasticsearch's error", async () => {
    expect(await put("bad", { input: { none: {} } })).toMatchObject(
      error("parse_exception", "could not parse watch [bad]. missing required field [trigger]", 400),
    );
    expect(await rig.ask("PUT", "/_watcher/watch/bad")).toMatchObject(
      error("action_request_validation_exception", /1: watch source is missing;2: request body is missing;/, 400),
    );
    expect(await put("a%20b", WATCH)).toMatchObject(
      error("action_request_validation_exception", /watch id contains whitespace/, 400),
    );
    const hidden = { ...SHIPPED, input: { http: { request: { auth: { basic: { password: "::es_redacted::" } } } } } };
    expect(await put("bad", hidden)).toMatchObject(error("parse_exception", /basic\.password/, 400));
    expect((await put("bad", "[1]")).status).toBe(400);
  });

  test("is replaced only as it was expected to be", async () => {
    await put("mine", WATCH);
    expect(await put("mine", WATCH, "?if_seq_no=0&if_primary_term=1")).toMatchObject({ body: { _seq_no: 1 } });
    expect(await put("mine", WATCH, "?if_seq_no=0&if_primary_term=1")).toMatchObject(
      error("version_conflict_engine_exception", /required seqNo \[0\].*has seqNo \[1\]/, 409),
    );
    expect(await put("mine", WATCH, "?version=1")).toMatchObject(
      error("version_conflict_engine_exception", /current version \[2\]/, 409),
    );
    expect(await put("none", WATCH, "?version=1")).toMatchObject(
      error("document_missing_exception", "[none]: document missing", 404),
    );
    expect(await put("mine", WATCH, "?if_seq_no=0")).toMatchObject(
      error("action_request_validation_exception", /primary term is \[0\]/, 400),
    );
    const both = await Promise.all([1, 2].map(() => put("mine", WATCH, "?if_seq_no=1&if_primary_term=1")));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test("that comes with the program is deleted once it was changed, and not before", async () => {
    expect(await rig.ask("DELETE", "/_watcher/watch/late-blocks")).toMatchObject(
      error("illegal_argument_exception", /comes with the program/, 400),
    );
    await put("late-blocks", WATCH);
    expect(await rig.ask("DELETE", "/_watcher/watch/late-blocks")).toMatchObject({
      status: 200,
      body: { found: true },
    });
    expect(desk.rule("late-blocks").watch).toEqual(SHIPPED);
  });
});

describe("_execute", () => {
  test("carries out a stored watch, or one that is brought along", async () => {
    const body = {
      trigger_data: { scheduled_time: "now-1h", triggered_time: "2026-11-22T10:00:00Z" },
      alternative_input: { foo: "bar" },
      ignore_condition: true,
      action_modes: { _all: "simulate", log: "force_execute" },
      record_execution: true,
    };
    expect(await rig.ask("POST", "/_watcher/watch/late-blocks/_execute", { body })).toMatchObject({
      status: 200,
      body: { _id: "late-blocks_1", watch_record: { watch_id: "late-blocks", state: "executed" } },
    });
    const inline = await rig.ask("PUT", "/_watcher/watch/_execute?ignore_condition=true", { body: { watch: WATCH } });
    expect(inline).toMatchObject({ status: 200, body: { watch_record: { watch_id: "_inlined_" } } });
    expect(inline.text).not.toContain("open sesame");
    await rig.ask("POST", "/_watcher/watch/late-blocks/_execute");
    const nothing = { ignoreCondition: false, actionModes: {}, recordExecution: false };
    expect(desk.asked).toEqual([
      {
        id: "late-blocks",
        triggerData: { scheduled_time: "2026-11-22T09:00:00.000Z", triggered_time: "2026-11-22T10:00:00.000Z" },
        alternativeInput: { foo: "bar" },
        ignoreCondition: true,
        actionModes: { _all: "simulate", log: "force_execute" },
        recordExecution: true,
      },
      { ...nothing, watch: WATCH, ignoreCondition: true },
      { ...nothing, id: "late-blocks" },
    ]);
  });

  test.each([
    ["late-blocks/", { foo: true }, "parse_exception", /unexpected boolean field \[foo\]/],
    ["late-blocks/", { foo: {} }, "parse_exception", /unexpected object field \[foo\]/],
    ["late-blocks/", { foo: "x" }, "parse_exception", /unexpected token \[VALUE_STRING\]/],
    ["late-blocks/", { actions: {} }, "parse_exception", /please wrap watch including field \[actions\]/],
    ["late-blocks/", { trigger_data: { scheduled_time: "soon" } }, "parse_exception", /date field \[scheduled_time\]/],
    ["late-blocks/", { action_modes: { log: "later" } }, "parse_exception", /could not parse watch execution request$/],
    ["late-blocks/", { action_modes: { log: [1] } }, "parse_exception", /unexpected array field \[log\]/],
    ["", {}, "action_request_validation_exception", /but both are missing/],
    ["late-blocks/", { watch: WATCH }, "action_request_validation_exception", /but not both/],
    ["", { watch: WATCH, record_execution: true }, "action_request_validation_exception", /cannot be recorded/],
    ["", { watch: {} }, "parse_exception", /missing required field \[trigger\]/],
  ])("%s_execute of %j is refused", async (path, body, type, reason) => {
    expect(await rig.ask("POST", `/_watcher/watch/${path}_execute`, { body })).toMatchObject(error(type, reason, 400));
  });

  test("what there is not is 404", async () => {
    for (const path of ["_execute", "_ack", "_activate", "_deactivate"]) {
      expect(await rig.ask("POST", `/_watcher/watch/none/${path}`)).toMatchObject(
        error("resource_not_found_exception", "Watch with id [none] does not exist", 404),
      );
    }
  });
});

describe("Watcher as a whole", () => {
  test("tells its figures, those of running watches where they are asked for", async () => {
    const { body } = await rig.ask("GET", "/_watcher/stats");
    expect(body).toEqual({
      _nodes: { total: 1, successful: 1, failed: 0 },
      cluster_name: "ethmon",
      manually_stopped: false,
      stats: [
        {
          node_id: "test-cluster",
          watcher_state: "started",
          watch_count: 1,
          execution_thread_pool: { queue_size: 0, max_size: 1 },
        },
      ],
    });
    const of = async (path: string) => Object.keys((await rig.ask("GET", `/_watcher/stats${path}`)).body.stats[0]);
    expect(await of("/_all")).toEqual(expect.arrayContaining(["current_watches", "queued_watches"]));
    expect(await of("?metric=queued_watches")).not.toContain("current_watches");
    expect((await rig.ask("GET", "/_watcher/stats/foo")).status).toBe(400);
    expect((await rig.ask("GET", "/_xpack")).body.features.watcher).toEqual({ available: true, enabled: true });
  });

  test("is stopped and started", async () => {
    expect((await rig.ask("POST", "/_watcher/_stop")).body).toEqual({ acknowledged: true });
    expect((await rig.ask("GET", "/_watcher/stats")).body).toMatchObject({
      manually_stopped: true,
      stats: [{ watcher_state: "stopped" }],
    });
    await rig.ask("POST", "/_watcher/_start");
    expect((await rig.ask("GET", "/_watcher/stats")).body.manually_stopped).toBe(false);
  });
});

describe("_query/watches", () => {
  beforeEach(async () => {
    await put("b", { ...WATCH, metadata: { owner: "ann", level: 3 } });
    await put("a", { ...WATCH, metadata: { owner: "bob", level: 3, tags: ["disk"] } }, "?active=false");
  });
  const query = (body?: unknown) => rig.ask("POST", "/_watcher/_query/watches", body === undefined ? {} : { body });

  test("lists watches by id, page by page", async () => {
    const { body } = await query();
    expect(body).toMatchObject({
      count: 3,
      watches: [
        { _id: "a", _seq_no: 0, _primary_term: 1, status: { state: { active: false } }, watch: { trigger: {} } },
        { _id: "b" },
        { _id: "late-blocks" },
      ],
    });
    expect(JSON.stringify(body)).not.toContain("open sesame");
    expect((await query({ from: 1, size: 1 })).body).toMatchObject({ count: 3, watches: [{ _id: "b" }] });
    expect((await rig.ask("GET", "/_watcher/_query/watches")).body.count).toBe(3);
  });

  test.each([
    [{ match_all: {} }, "a b late-blocks"],
    [{ match_none: {} }, ""],
    [{ ids: { values: ["a", "none"] } }, "a"],
    [{ term: { _id: "b" } }, "b"],
    [{ term: { "metadata.owner": "ann" } }, "b"],
    [{ term: { "metadata.owner.keyword": { value: "bob" } } }, "a"],
    [{ term: { "metadata.level": 3 } }, "a b"],
    [{ terms: { "metadata.tags": ["disk", "block"] } }, "a late-blocks"],
    [{ term: { "status.state.active": true } }, "b late-blocks"],
    [{ exists: { field: "metadata.alert.scope" } }, "late-blocks"],
    [{ bool: { must: [{ term: { "metadata.level": 3 } }], must_not: { term: { "metadata.owner": "ann" } } } }, "a"],
    [{ bool: { should: [{ ids: { values: ["a"] } }, { ids: { values: ["b"] } }] } }, "a b"],
    [{ bool: { filter: { match_all: {} }, should: [{ ids: { values: ["a"] } }] } }, "a b late-blocks"],
  ])("%j finds [%s]", async (asked, ids) => {
    const { body } = await query({ query: asked });
    expect(body.watches.map(({ _id }: { _id: string }) => _id).join(" ")).toBe(ids);
  });

  test.each([
    [{ query: { match: { "metadata.owner": "ann" } } }, /\[match\] is not supported/],
    [{ query: { term: { "trigger.schedule.interval": "1m" } } }, /\[trigger\.schedule\.interval\] is not looked at/],
    [{ query: { bool: { must: [], boost: 2 } } }, /does not support \[boost\]/],
    [{ query: { term: { a: 1, b: 2 } } }, /must hold one name/],
    [{ sort: ["_id"] }, /\[sort\] is not supported/],
    [{ size: -1 }, /\[size\] must be/],
  ])("%j is refused", async (body, reason) => {
    const refused = await query(body);
    expect([refused.status, refused.body.error.reason]).toEqual([400, expect.stringMatching(reason)]);
  });
});

// The two clients' types differ; what both are asked here has the same form.
describe.each([
  ["8", () => new Client8({ node: rig.url }) as unknown as Client9],
  ["9", () => new Client9({ node: rig.url })],
])("Elastic's client %s", (_, open) => {
  test("puts, tells, carries out, acknowledges, switches, queries and deletes watches", async () => {
    const { watcher } = open();
    const { trigger, actions, condition, metadata } = { metadata: { owner: "ann" }, ...WATCH } as never;
    const input = { simple: { foo: "bar" } };
    const asked = { id: "of-client", trigger, actions, condition, metadata, input, active: false };
    expect(await watcher.putWatch(asked)).toMatchObject({ _id: "of-client", created: true, _version: 1 });
    expect(await watcher.getWatch({ id: "of-client" })).toMatchObject({
      found: true,
      watch: { trigger, actions, condition, metadata, input },
      status: { state: { active: false } },
    });
    expect(await watcher.activateWatch({ watch_id: "of-client" })).toMatchObject({
      status: { state: { active: true } },
    });
    expect(await watcher.ackWatch({ watch_id: "of-client", action_id: "log" })).toMatchObject({
      status: { actions: { log: { ack: { state: "acked" } }, mail: { ack: { state: "ackable" } } } },
    });
    expect(await watcher.ackWatch({ watch_id: "of-client" })).toMatchObject({
      status: { actions: { mail: { ack: { state: "acked" } } } },
    });
    expect(await watcher.deactivateWatch({ watch_id: "of-client" })).toMatchObject({
      status: { state: { active: false } },
    });
    const execution = { id: "of-client", ignore_condition: true, action_modes: { _all: "simulate" as const } };
    expect(await watcher.executeWatch(execution)).toMatchObject({ watch_record: { watch_id: "of-client" } });
    expect(await watcher.queryWatches({ query: { term: { "metadata.owner": "ann" } } })).toMatchObject({
      count: 1,
      watches: [{ _id: "of-client" }],
    });
    expect(await watcher.stats({ metric: "current_watches" })).toMatchObject({ stats: [{ current_watches: [] }] });
    expect([await watcher.stop(), await watcher.start()]).toEqual([{ acknowledged: true }, { acknowledged: true }]);
    expect(await watcher.deleteWatch({ id: "of-client" })).toMatchObject({ found: true });
    await expect(watcher.getWatch({ id: "of-client" })).rejects.toMatchObject({ statusCode: 404 });
    await expect(watcher.activateWatch({ watch_id: "of-client" })).rejects.toThrow(/resource_not_found_exception/);
  });
});

// The last one: once there were keys, nobody comes in without.
test("readers look, and admins change", async () => {
  const authorized = async (role: "reader" | "writer" | "admin") => {
    const { id, secret } = await rig.keys.createKey({ name: role, role, owner: "test" });
    const headers = { authorization: `ApiKey ${Buffer.from(`${id}:${secret}`).toString("base64")}` };
    const statusOf = async (method: string, path: string, body?: unknown) =>
      (await rig.ask(method, `/_watcher${path}`, body === undefined ? { headers } : { headers, body })).status;
    return {
      stats: await statusOf("GET", "/stats"),
      get: await statusOf("GET", "/watch/late-blocks"),
      query: await statusOf("GET", "/_query/watches"),
      put: await statusOf("PUT", "/watch/mine", WATCH),
      execute: await statusOf("POST", "/watch/late-blocks/_execute"),
      ack: await statusOf("POST", "/watch/late-blocks/_ack"),
      deactivate: await statusOf("POST", "/watch/late-blocks/_deactivate"),
      stop: await statusOf("POST", "/_stop"),
      delete: await statusOf("DELETE", "/watch/mine"),
    };
  };
  const changing = (status: number) => ({ execute: status, ack: status, deactivate: status, stop: status });
  expect(await authorized("reader")).toEqual({
    stats: 200,
    get: 200,
    query: 200,
    put: 403,
    delete: 403,
    ...changing(403),
  });
  expect(await authorized("writer")).toEqual({
    stats: 200,
    get: 403,
    query: 403,
    put: 403,
    delete: 403,
    ...changing(403),
  });
  expect(await authorized("admin")).toEqual({
    stats: 200,
    get: 200,
    query: 200,
    put: 201,
    delete: 200,
    ...changing(200),
  });
});
