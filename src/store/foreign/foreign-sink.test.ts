import { describe, expect, it } from "vitest";
import { createForeignRig, type ForeignRig, itemOf } from "../../../test/rigs/foreign-rig.ts";
import type { ForeignItem, JsonObject, Outcome } from "../../events/foreign.ts";
import { Fault } from "../../lib/fault.ts";

const AT = "2026-11-28T10:00:00.000Z";

async function written(rig: ForeignRig, ...items: readonly ForeignItem[]): Promise<readonly Outcome[]> {
  return rig.sink.write(items);
}

async function one(rig: ForeignRig, item: ForeignItem): Promise<Outcome> {
  const [outcome] = await rig.sink.write([item]);
  if (outcome === undefined) throw new Error("no outcome");
  return outcome;
}

const sourcesOf = ({ tables }: ForeignRig) => tables.journal.entries.map(({ record }) => record.source);

describe("documents of a plain index", () => {
  it("are refused when their time is none that the store can hold, before they are acknowledged", async () => {
    const rig = createForeignRig();
    const outcomes = await written(
      rig,
      itemOf("create", "logs-x-y", { "@timestamp": "1937-03-13T21:53:13.273Z" }),
      itemOf("index", "books", { "@timestamp": "2262-01-01T00:00:00Z" }),
      itemOf("create", "logs-x-y", { "@timestamp": "1970-01-01T00:00:00Z" }),
    );
    expect(outcomes.map(({ status, error }) => [status, error?.type])).toEqual([
      [400, "document_parsing_exception"],
      [400, "document_parsing_exception"],
      [201, undefined],
    ]);
    expect(rig.tables.journal.entries).toHaveLength(1);
  });

  it("get an id, a version and a sequence number, and are read back as they were sent", async () => {
    const rig = createForeignRig();
    const text = '{ "a": 1.0, "big": 9007199254740993 }';
    const outcome = await one(rig, itemOf("index", "books", { a: 1, big: "9007199254740993" }, { text }));
    expect(outcome).toEqual({
      _index: "books",
      _id: expect.stringMatching(/^[\w-]{20}$/),
      status: 201,
      result: "created",
      _version: 1,
      _seq_no: 1,
      _primary_term: 1,
    });
    expect(sourcesOf(rig)).toEqual([text]);
    const found = await rig.sink.get({ index: "books", id: String(outcome._id) });
    expect(found).toMatchObject({ _version: 1, source: { a: 1, big: "9007199254740993" } });
    expect(rig.tables.journal.indices.get("books")).toMatchObject({
      kind: "index",
      mapping: { properties: { a: { type: "float" }, big: { type: "long" } } },
    });
  });

  it("are created once, replaced, changed and deleted by their id, also within one request", async () => {
    const rig = createForeignRig();
    const outcomes = await written(
      rig,
      itemOf("create", "books", { n: 1 }, { id: "x" }),
      itemOf("create", "books", { n: 2 }, { id: "x" }),
      itemOf("index", "books", { n: 3 }, { id: "x" }),
      itemOf("update", "books", { m: 4 }, { id: "x" }),
      itemOf("update", "books", { m: 4 }, { id: "x" }),
      itemOf("delete", "books", {}, { id: "x" }),
      itemOf("delete", "books", {}, { id: "x" }),
      itemOf("update", "books", { m: 5 }, { id: "x" }),
      itemOf("update", "books", { m: 5 }, { id: "x", docAsUpsert: true }),
      itemOf("update", "books", { m: 6 }, { id: "y", upsert: { m: 7 } }),
    );
    expect(outcomes.map(({ status, result, error, _version }) => [status, result ?? error?.type, _version])).toEqual([
      [201, "created", 1],
      [409, "version_conflict_engine_exception", undefined],
      [200, "updated", 2],
      [200, "updated", 3],
      [200, "noop", 3],
      [200, "deleted", 4],
      [404, "not_found", 5],
      [404, "document_missing_exception", undefined],
      [201, "created", 6],
      [201, "created", 1],
    ]);
    expect(outcomes[1]?.error?.reason).toBe("[x]: version conflict, document already exists (current version [1])");
    expect(outcomes[3]?.source).toEqual({ n: 3, m: 4 });
    expect(outcomes[4]?._seq_no).toBe(outcomes[3]?._seq_no);
    expect((await rig.sink.get({ index: "books", id: "y" }))?.source).toEqual({ m: 7 });
    expect(rig.tables.appends).toEqual([6]);
  });

  it("are changed only under the sequence number or version that their sender names", async () => {
    const rig = createForeignRig();
    const first = await one(rig, itemOf("index", "books", { n: 1 }, { id: "x" }));
    const guard = { id: "x", ifSeqNo: first._seq_no ?? 0, ifPrimaryTerm: 1 };
    const outcomes = await written(
      rig,
      itemOf("index", "books", { n: 2 }, guard),
      itemOf("index", "books", { n: 3 }, guard),
      itemOf("index", "books", { n: 3 }, { ...guard, id: "none" }),
      itemOf("index", "books", { n: 4 }, { id: "e", version: 7, versionType: "external" }),
      itemOf("index", "books", { n: 4 }, { id: "e", version: 7, versionType: "external" }),
      itemOf("index", "books", { n: 4 }, { id: "e", version: 7, versionType: "external_gte" }),
      itemOf("index", "books", { n: 4 }, { id: "e", version: 7 }),
    );
    expect(outcomes.map(({ status, _version, error }) => [status, _version ?? error?.reason])).toEqual([
      [200, 2],
      [409, expect.stringMatching(/required seqNo \[1\], primary term \[1\]\. current document has seqNo/)],
      [409, "[none]: version conflict, required seqNo [1], primary term [1]. but no document was found"],
      [201, 7],
      [409, "[e]: version conflict, current version [7] is higher or equal to the one provided [7]"],
      [200, 7],
      [400, expect.stringContaining("internal versioning can not be used for optimistic concurrency control")],
    ]);
  });

  it("are known by their ids right after a restart, and when memory has forgotten them", async () => {
    const rig = createForeignRig({ knownBytes: 1 });
    await one(rig, itemOf("index", "books", { n: 1 }, { id: "x" }));
    expect((await one(rig, itemOf("create", "books", { n: 2 }, { id: "x" }))).status).toBe(409);
    // What the tables know by now says nothing of what comes after.
    await rig.sink.settled();
    await one(rig, itemOf("index", "books", { n: 1 }, { id: "y" }));
    expect((await one(rig, itemOf("create", "books", { n: 2 }, { id: "y" }))).status).toBe(409);
    const after = rig.restarted();
    expect(await one(after, itemOf("create", "books", { n: 2 }, { id: "x" }))).toMatchObject({ status: 409 });
    expect(await one(after, itemOf("update", "books", { m: 2 }, { id: "x" }))).toMatchObject({
      _version: 2,
      source: { n: 1, m: 2 },
    });
  });

  it("that cannot be stored take nothing with them, and may be sent again", async () => {
    const rig = createForeignRig();
    rig.tables.refuse = () => new Fault("store_queue_full", "The queue is full", { retry: "retryable" });
    const item = itemOf("create", "books", { n: 1 }, { id: "x" });
    expect(await one(rig, item)).toMatchObject({ status: 429, error: { type: "es_rejected_execution_exception" } });
    rig.tables.refuse = undefined;
    rig.tables.failAfter = () => new Fault("journal_failed", "The disk is gone", { retry: "retryable" });
    expect(await one(rig, item)).toMatchObject({ status: 503, error: { type: "unavailable_shards_exception" } });
    rig.tables.failAfter = undefined;
    // It was stored, though nobody could say so.
    expect(await one(rig, item)).toMatchObject({ status: 409 });
    const replaced = itemOf("index", "books", { n: 2 }, { id: "x" });
    rig.tables.failAfter = () => new Fault("journal_failed", "The disk is gone", { retry: "retryable" });
    expect((await one(rig, replaced)).status).toBe(503);
    rig.tables.failAfter = undefined;
    expect(await one(rig, replaced)).toMatchObject({ status: 200, _version: 3 });
  });

  it("tell their index's mapping when they add to it, and never again", async () => {
    const rig = createForeignRig();
    for (const source of [{ a: 1 }, { a: 2 }, { a: 3, b: 1 }, { b: 2 }])
      await one(rig, itemOf("index", "books", source));
    expect(rig.tables.indexAppends).toEqual(["books", "books"]);
  });

  it("are not given another mapping by those that were refused", async () => {
    const rig = createForeignRig();
    const [good, bad] = await written(
      rig,
      itemOf("index", "books", { n: 1 }),
      itemOf("index", "books", { n: "x" }, { id: "b" }),
    );
    expect(good?.status).toBe(201);
    expect(bad).toMatchObject({
      status: 400,
      error: {
        type: "document_parsing_exception",
        reason: "failed to parse field [n] of type [long] in document with id 'b'. Preview of field's value: 'x'",
        caused_by: { type: "illegal_argument_exception" },
      },
    });
    expect(bad?.error?.["root_cause"]).toBeUndefined();
  });
});

describe("documents of a data stream", () => {
  it("are only created, with a time, and have ids of their own where they bring them", async () => {
    const rig = createForeignRig();
    const outcomes = await written(
      rig,
      itemOf("create", "logs-nginx-prod", { "@timestamp": AT, message: "a" }),
      itemOf("create", "logs-nginx-prod", { "@timestamp": AT, message: "b" }, { id: "x" }),
      itemOf("create", "logs-nginx-prod", { "@timestamp": AT, message: "b" }, { id: "x" }),
      itemOf("create", "logs-nginx-prod", { message: "c" }),
      itemOf("index", "logs-nginx-prod", { "@timestamp": AT }),
      itemOf("delete", "logs-nginx-prod", {}, { id: "x" }),
    );
    expect(outcomes.map(({ status, error }) => [status, error?.reason])).toEqual([
      [201, undefined],
      [201, undefined],
      [409, "[x]: version conflict, document already exists (current version [1])"],
      [400, "failed to parse: data stream timestamp field [@timestamp] is missing"],
      [400, "only write ops with an op_type of create are allowed in data streams"],
      [400, "only write ops with an op_type of create are allowed in data streams"],
    ]);
    expect(outcomes[0]?._id).toBe(String(outcomes[0]?._seq_no));
    expect(rig.tables.journal.indices.get("logs-nginx-prod")).toMatchObject({ kind: "stream" });
    expect(rig.tables.journal.entries.map(({ record }) => record.timestampUs)).toEqual([
      Date.parse(AT) * 1000,
      Date.parse(AT) * 1000,
    ]);
    const again = rig.restarted();
    const repeated = itemOf("create", "logs-nginx-prod", { "@timestamp": AT }, { id: "x" });
    expect((await one(again, repeated)).status).toBe(409);
  });

  it("get their place on the chain behind what was sent, which stays as it is", async () => {
    const place = (source: JsonObject) => ({ ethereum: { slot: 7 }, ...source });
    const rig = createForeignRig({ place });
    const text = '{"@timestamp":"2026-11-28T10:00:00Z", "x": 1.0 } ';
    await written(
      rig,
      itemOf("create", "metrics-x-y", JSON.parse(text), { text }),
      itemOf("create", "metrics-x-y", { "@timestamp": AT, "ethereum.slot": 9 }),
      itemOf("index", "app", { "@timestamp": AT }),
      itemOf("index", "app", { "@timestamp": AT }, { id: "own" }),
      itemOf("index", "app", { name: "no time" }),
    );
    expect(sourcesOf(rig)).toEqual([
      '{"@timestamp":"2026-11-28T10:00:00Z", "x": 1.0,"ethereum":{"slot":7}}',
      JSON.stringify({ "@timestamp": AT, "ethereum.slot": 9 }),
      JSON.stringify({ "@timestamp": AT, ethereum: { slot: 7 } }),
      JSON.stringify({ "@timestamp": AT }),
      JSON.stringify({ name: "no time" }),
    ]);
    expect(rig.tables.journal.entries[0]?.record.values).toMatchObject({ "ethereum.slot": [7], x: [1] });
    expect(rig.tables.journal.indices.get("metrics-x-y")?.mapping).toMatchObject({
      properties: { x: { type: "float" }, ethereum: { properties: { slot: { type: "long" } } } },
    });
  });

  it("have Beats' default names too, where no template says otherwise", async () => {
    const rig = createForeignRig();
    rig.templates.legacy_template.set("own", {
      index_patterns: ["packetbeat-*"],
      order: 1,
      settings: {},
      mappings: {},
    });
    await written(
      rig,
      itemOf("create", "filebeat-9.1.0", { "@timestamp": AT, host: { name: "a" } }),
      itemOf("create", "packetbeat-9.1.0", { "@timestamp": AT }),
      itemOf("create", "filebeat-9.1.0-2026.11.28", { "@timestamp": AT }),
    );
    expect([...rig.tables.journal.indices.values()].map(({ name, kind }) => [name, kind])).toEqual([
      ["filebeat-9.1.0", "stream"],
      ["packetbeat-9.1.0", "index"],
      ["filebeat-9.1.0-2026.11.28", "index"],
    ]);
  });
});

describe("where documents go", () => {
  it("is what the templates say: the highest priority, components first, and the settings of the index", async () => {
    const rig = createForeignRig();
    rig.templates.component_template.set("base", {
      template: {
        settings: { index: { mapping: { total_fields: { limit: "3" } } } },
        mappings: { properties: { a: { type: "keyword" } } },
      },
    });
    rig.templates.index_template.set("low", { index_patterns: ["app-*"], priority: 1, data_stream: {} });
    rig.templates.index_template.set("high", {
      index_patterns: ["app-*"],
      priority: 2,
      composed_of: ["base"],
      template: { mappings: { properties: { b: { type: "ip" } } }, aliases: { apps: {} } },
    });
    const [first, tooMany] = await written(
      rig,
      itemOf("index", "app-1", { a: "x", b: "10.0.0.1" }),
      itemOf("index", "app-1", { c: 1, d: 2 }),
    );
    expect(first?.status).toBe(201);
    expect(tooMany?.error?.reason).toContain("Limit of total fields [3] has been exceeded");
    expect(rig.tables.journal.indices.get("app-1")).toMatchObject({
      kind: "index",
      mapping: { properties: { a: { type: "keyword" }, b: { type: "ip" } } },
    });
    expect(rig.templates.alias.get("apps")).toEqual({ indices: { "app-1": {} } });
    expect(await one(rig, itemOf("index", "apps", { a: "y" }))).toMatchObject({ _index: "app-1", status: 201 });
  });

  it.each<[string, Partial<ForeignItem> & { index: string }, number, string]>([
    [
      "our own data streams",
      { index: "logs-ethereum.block-mainnet" },
      403,
      "index [logs-ethereum.block-mainnet] blocked by: [FORBIDDEN/8/index write (api)];",
    ],
    [
      "our own indices",
      { index: "ethmon-slot-mainnet" },
      403,
      "index [ethmon-slot-mainnet] blocked by: [FORBIDDEN/8/index write (api)];",
    ],
    ["an alias of two without a writer", { index: "two" }, 400, "no write index is defined for alias [two]."],
    [
      "no alias, where one is asked for",
      { index: "x", requireAlias: true },
      404,
      "no such index [x] and [require_alias] request flag is [true] and [x] is not an alias",
    ],
    [
      "no data stream, where one is asked for",
      { index: "x", requireDataStream: true },
      404,
      "no such index [x] and the index creation request requires a data stream, but no matching index template",
    ],
    [
      "what a template forbids to make",
      { index: "closed-1" },
      404,
      "no such index [closed-1] and composable template [closed] forbids index auto creation",
    ],
  ])("is refused for %s", async (_, item, status, reason) => {
    const rig = createForeignRig();
    rig.templates.alias.set("two", { indices: { a: {}, b: {} } });
    rig.templates.index_template.set("closed", { index_patterns: ["closed-*"], allow_auto_create: false });
    const outcome = await one(rig, itemOf("index", item.index, { a: 1 }, item));
    expect(outcome.status).toBe(status);
    expect(outcome.error?.reason).toContain(reason);
    expect(rig.tables.appends).toEqual([]);
  });
});

describe("pipelines", () => {
  const rigWithPipelines = () => {
    const rig = createForeignRig({ entryPipeline: (source) => (source["client"] === undefined ? undefined : "entry") });
    const set = (field: string, value: string) => ({ processors: [{ set: { field, value } }] });
    rig.pipelines.put("entry", set("by", "entry"));
    rig.pipelines.put("default", set("by", "default"));
    rig.pipelines.put("own", set("by", "own"));
    rig.pipelines.put("final", set("last", "final"));
    rig.pipelines.put("away", set("_index", "elsewhere"));
    rig.pipelines.put("gone", { processors: [{ drop: {} }] });
    rig.pipelines.put("broken", { processors: [{ fail: { message: "never" } }] });
    rig.templates.index_template.set("piped", {
      index_patterns: ["piped"],
      template: { settings: { index: { default_pipeline: "default", final_pipeline: "final" } } },
    });
    return rig;
  };

  it("are the document's own or the index's, and the index's last one; others only where they speak for it", async () => {
    const rig = rigWithPipelines();
    await written(
      rig,
      itemOf("index", "piped", { n: 1 }),
      itemOf("index", "piped", { n: 2 }, { pipeline: "own" }),
      itemOf("index", "piped", { n: 3 }, { pipeline: "_none" }),
      itemOf("index", "plain", { n: 4 }),
      itemOf("index", "plain", { n: 5, client: "geth" }),
      itemOf("index", "plain", { n: 6 }, { pipeline: "away" }),
      itemOf("update", "piped", { n: 7 }, { id: "u", docAsUpsert: true }),
    );
    const kept = rig.tables.journal.entries.map(({ record }) => [record.index, JSON.parse(record.source)]);
    expect(kept.sort((a, b) => a[1].n - b[1].n)).toEqual([
      ["piped", { n: 1, by: "default", last: "final" }],
      ["piped", { n: 2, by: "own", last: "final" }],
      ["piped", { n: 3, last: "final" }],
      ["plain", { n: 4 }],
      ["plain", { n: 5, client: "geth", by: "entry" }],
      ["elsewhere", { n: 6 }],
      ["piped", { n: 7, by: "default", last: "final" }],
    ]);
  });

  it("drop, fail and are missing as Elasticsearch says", async () => {
    const rig = rigWithPipelines();
    const outcomes = await written(
      rig,
      itemOf("index", "plain", {}, { pipeline: "gone" }),
      itemOf("index", "plain", {}, { pipeline: "gone", id: "x" }),
      itemOf("index", "plain", {}, { pipeline: "broken" }),
      itemOf("index", "plain", {}, { pipeline: "absent" }),
    );
    expect(outcomes).toEqual([
      { _index: "plain", _id: "auto-generated", status: 200, result: "noop", _version: -3 },
      { _index: "plain", _id: "x", status: 200, result: "noop", _version: -3 },
      {
        _index: "plain",
        _id: "auto-generated",
        status: 400,
        error: expect.objectContaining({ type: "fail_processor_exception", reason: "never" }),
      },
      {
        _index: "plain",
        _id: "auto-generated",
        status: 400,
        error: { type: "illegal_argument_exception", reason: "pipeline with id [absent] does not exist" },
      },
    ]);
    expect(rig.tables.appends).toEqual([]);
  });
});
