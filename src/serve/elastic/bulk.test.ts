import { deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ElasticRig, startElasticRig } from "../../../test/rigs/elastic-rig.ts";
import { until } from "../../../test/rigs/until.ts";
import { Fault } from "../../lib/fault.ts";

let rig: ElasticRig;
beforeEach(async () => {
  rig = await startElasticRig();
});
afterEach(() => rig.close());

const doc = (n: number) => ({ "@timestamp": "2026-11-28T00:00:00Z", n });

test("each action is answered in its place, with its own status", async () => {
  const { status, body, headers } = await rig.bulk([
    { index: { _index: "t", _id: "a" } },
    doc(1),
    { create: { _index: "t", _id: "a" } },
    doc(2),
    { update: { _index: "t", _id: "a" } },
    { doc: { m: 3 } },
    { delete: { _index: "t", _id: "zz" } },
    { update: { _index: "t", _id: "none" } },
    { doc: {} },
    { delete: { _index: "t", _id: "a" } },
    { index: { _index: "Bad" } },
    doc(3),
  ]);
  expect(status).toBe(200);
  expect(headers.get("x-elastic-product")).toBe("Elasticsearch");
  expect(headers.get("content-type")).toBe("application/json");
  expect(Object.keys(body)).toEqual(["took", "errors", "items"]);
  expect(body.errors).toBe(true);
  const shards = { _shards: { total: 1, successful: 1, failed: 0 }, _primary_term: 1 };
  expect(body.items).toEqual([
    { index: { _index: "t", _id: "a", _version: 1, result: "created", ...shards, _seq_no: 0, status: 201 } },
    {
      create: {
        _index: "t",
        _id: "a",
        status: 409,
        error: {
          type: "version_conflict_engine_exception",
          reason: "[a]: version conflict, document already exists (current version [1])",
        },
      },
    },
    { update: { _index: "t", _id: "a", _version: 2, result: "updated", ...shards, _seq_no: 1, status: 200 } },
    { delete: { _index: "t", _id: "zz", _version: 1, result: "not_found", ...shards, _seq_no: 2, status: 404 } },
    {
      update: {
        _index: "t",
        _id: "none",
        status: 404,
        error: { type: "document_missing_exception", reason: "[none]: document missing" },
      },
    },
    { delete: { _index: "t", _id: "a", _version: 3, result: "deleted", ...shards, _seq_no: 3, status: 200 } },
    {
      index: {
        _index: "Bad",
        _id: null,
        status: 400,
        error: {
          type: "invalid_index_name_exception",
          reason: "Invalid index name [Bad], must be lowercase",
          index_uuid: "_na_",
          index: "Bad",
        },
      },
    },
  ]);
});

test("what Beats send is answered with what they ask for alone", async () => {
  const path = "/_bulk?filter_path=errors,items.*.error,items.*.status";
  const body = gzipSync(`{"create":{"_index":"filebeat-9.2.0","pipeline":"p"}}\n${JSON.stringify(doc(1))}\n`);
  const { text } = await rig.bulk(body, path, { "content-encoding": "gzip" });
  expect(text).toBe('{"errors":false,"items":[{"create":{"status":201}}]}');
  expect(rig.sink.items).toMatchObject([{ action: "create", index: "filebeat-9.2.0", pipeline: "p", source: doc(1) }]);
});

test("the path's index and the query's pipeline hold for all, deflate is inflated", async () => {
  const body = deflateSync('{"index":{}}\n{"a":1}\n{"create":{"_index":"other"}}\n{"a":2}\n');
  await rig.bulk(body, "/mine/_bulk?pipeline=p&require_data_stream=true", { "content-encoding": "deflate" });
  expect(rig.sink.items).toMatchObject([
    { index: "mine", pipeline: "p", requireDataStream: true },
    { index: "other", pipeline: "p" },
  ]);
});

test("refresh waits until all can be searched", async () => {
  const lines = [{ index: { _index: "t" } }, doc(1)];
  await rig.bulk(lines);
  expect(rig.sink.settledCalls).toBe(0);
  await rig.bulk(lines, "/_bulk?refresh=wait_for");
  expect(rig.sink.settledCalls).toBe(1);
  const { body } = await rig.bulk(lines, "/_bulk?refresh");
  expect(rig.sink.settledCalls).toBe(2);
  expect(body.items[0].index.forced_refresh).toBe(true);
  expect(await rig.bulk(lines, "/_bulk?refresh=maybe")).toMatchObject({
    status: 400,
    body: { error: { reason: "Unknown value for refresh: [maybe]." } },
  });
});

test("an update tells the document where its _source is asked for", async () => {
  const { body } = await rig.bulk(
    [
      { index: { _index: "t", _id: "u" } },
      { a: { b: 1, c: 2 }, d: 3 },
      { update: { _index: "t", _id: "u" } },
      { doc: { e: 4 } },
      { update: { _index: "t", _id: "u", _source: { includes: ["a.*"], excludes: ["a.c"] } } },
      { doc: { e: 5 } },
    ],
    "/_bulk?_source=true",
  );
  expect(body.items[0].index.get).toBeUndefined();
  expect(body.items[1].update.get).toEqual({
    _seq_no: 1,
    _primary_term: 1,
    found: true,
    _source: { a: { b: 1, c: 2 }, d: 3, e: 4 },
  });
  expect(body.items[2].update.get._source).toEqual({ a: { b: 1 } });
});

test("an update whose _source cannot be read is refused before anything is written", async () => {
  const lines = [
    { index: { _index: "t", _id: "u" } },
    {},
    { update: { _index: "t", _id: "u" } },
    { doc: {}, _source: 7 },
  ];
  expect(await rig.bulk(lines)).toMatchObject({ status: 400, body: { error: { type: "illegal_argument_exception" } } });
  expect(rig.sink.items).toEqual([]);
});

describe("a store that cannot", () => {
  const lines = [{ index: { _index: "t" } }, doc(1)];

  test("is full: the whole request is 429, and nothing of it is read", async () => {
    rig.sink.isFull = true;
    expect(await rig.bulk(lines)).toMatchObject({
      status: 429,
      body: { status: 429, error: { type: "es_rejected_execution_exception", root_cause: [{}] } },
    });
    rig.sink.isFull = false;
    expect(await rig.bulk(lines)).toMatchObject({ status: 200 });
  });

  test("becomes full on the way: each item is 429", async () => {
    rig.sink.fail = () => new Fault("store_queue_full", "The journal's queue is full.", { retry: "retryable" });
    expect(await rig.bulk(lines)).toMatchObject({
      status: 200,
      body: { errors: true, items: [{ index: { status: 429, error: { type: "es_rejected_execution_exception" } } }] },
    });
  });

  test("is closed: each item is 503", async () => {
    rig.sink.fail = () => new Fault("store_closed", "The store is closed.");
    expect(await rig.bulk(lines)).toMatchObject({ body: { items: [{ index: { status: 503 } }] } });
  });

  test("takes only so many requests at once", async () => {
    await rig.close();
    rig = await startElasticRig({ config: { max_bulk_requests: 2 } });
    const hold = Promise.withResolvers<void>();
    rig.sink.hold = hold.promise;
    let refused = 0;
    const asked = Array.from({ length: 5 }, async () => {
      const answer = await rig.bulk(lines);
      if (answer.status === 429) refused += 1;
      return answer;
    });
    await until("three refusals", () => refused === 3);
    hold.resolve();
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
  });
});

test("nothing is answered before it is durable", async () => {
  const hold = Promise.withResolvers<void>();
  rig.sink.hold = hold.promise;
  let answered = false;
  const asking = rig.bulk([{ index: { _index: "t" } }, doc(1)]).then(() => {
    answered = true;
  });
  await rig.ask("GET", "/");
  expect(answered).toBe(false);
  hold.resolve();
  await asking;
});

test("a large body is written in batches, and its items stay in order", async () => {
  const total = 12_000;
  const body = Array.from({ length: total }, (_, n) => `{"index":{"_index":"t","_id":"${n}"}}\n{"n":${n}}\n`).join("");
  const { body: answer } = await rig.bulk(body);
  expect(rig.sink.writes).toEqual([5_000, 5_000, 2_000]);
  expect(answer.items.map((item: { index: { _id: string } }) => Number(item.index._id))).toEqual(
    Array.from({ length: total }, (_, n) => n),
  );
});

test("what is malformed is 400, and nothing of it is written", async () => {
  const { status, body } = await rig.bulk('{"index":{"_index":"t"}}\n{"x":1}\n{"nope":{}}\n{}\n');
  expect(status).toBe(400);
  expect(body).toEqual({
    error: {
      root_cause: [{ type: "illegal_argument_exception", reason: expect.any(String) }],
      type: "illegal_argument_exception",
      reason:
        "Malformed action/metadata line [3], expected field [create], [delete], [index] or [update] but found [nope]",
    },
    status: 400,
  });
  expect(rig.sink.items).toEqual([]);
});
