import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ElasticRig, startElasticRig } from "../../../test/rigs/elastic-rig.ts";

let rig: ElasticRig;
beforeEach(async () => {
  rig = await startElasticRig();
});
afterEach(() => rig.close());

const put = (path: string, body: unknown, method = "PUT") => rig.ask(method, path, { body });
const shards = { total: 1, successful: 1, failed: 0 };

describe("one document", () => {
  test("is put, read, changed and deleted", async () => {
    const created = await put("/t/_doc/a%2Fb", { x: { y: 1, z: 2 } });
    expect(created).toMatchObject({ status: 201, headers: expect.anything() });
    expect(created.headers.get("location")).toBe("/t/_doc/a%2Fb");
    expect(created.body).toEqual({
      _index: "t",
      _id: "a/b",
      _version: 1,
      result: "created",
      _shards: shards,
      _seq_no: 0,
      _primary_term: 1,
    });
    expect(await put("/t/_doc/a%2Fb", { x: { y: 2, z: 2 } })).toMatchObject({
      status: 200,
      body: { result: "updated" },
    });
    expect(await rig.ask("GET", "/t/_doc/a%2Fb")).toMatchObject({
      status: 200,
      body: {
        _index: "t",
        _id: "a/b",
        _version: 2,
        _seq_no: 1,
        _primary_term: 1,
        found: true,
        _source: { x: { y: 2, z: 2 } },
      },
    });
    expect((await rig.ask("GET", "/t/_doc/a%2Fb?_source_excludes=x.y")).body._source).toEqual({ x: { z: 2 } });
    expect((await rig.ask("GET", "/t/_doc/a%2Fb?_source=false")).body).not.toHaveProperty("_source");
    expect((await rig.ask("GET", "/t/_source/a%2Fb?_source_includes=x.y")).body).toEqual({ x: { y: 2 } });
    expect((await rig.ask("HEAD", "/t/_doc/a%2Fb")).status).toBe(200);
    const update = { doc: { w: 3 }, _source: true };
    expect(await put("/t/_update/a%2Fb", update, "POST")).toMatchObject({
      status: 200,
      body: { result: "updated", get: { found: true, _source: { w: 3 } } },
    });
    expect(await rig.ask("DELETE", "/t/_doc/a%2Fb")).toMatchObject({ status: 200, body: { result: "deleted" } });
    expect(await rig.ask("GET", "/t/_doc/a%2Fb")).toMatchObject({
      status: 404,
      body: { _index: "t", _id: "a/b", found: false },
    });
    expect(await rig.ask("DELETE", "/t/_doc/a%2Fb")).toMatchObject({ status: 404, body: { result: "not_found" } });
  });

  test("gets an id where it has none, and the date in the name of its index", async () => {
    const { status, body } = await put("/<t-{now%2Fd}>/_doc?refresh=wait_for", { x: 1 }, "POST");
    expect(status).toBe(201);
    expect(body._index).toMatch(/^t-\d{4}\.\d{2}\.\d{2}$/);
    expect(body._id).toMatch(/./);
    expect(rig.sink.settledCalls).toBe(1);
  });

  test("is not created twice", async () => {
    await put("/t/_create/a", { x: 1 });
    for (const path of ["/t/_create/a", "/t/_doc/a?op_type=create"]) {
      const { status, body } = await put(path, { x: 1 });
      expect(status).toBe(409);
      expect(body).toEqual({
        error: {
          root_cause: [{ type: "version_conflict_engine_exception", reason: expect.any(String) }],
          type: "version_conflict_engine_exception",
          reason: "[a]: version conflict, document already exists (current version [1])",
        },
        status: 409,
      });
    }
  });

  test.each([
    ["PUT", "/Bad/_doc/1", { x: 1 }, 400, "invalid_index_name_exception"],
    ["PUT", "/t/_doc/1?op_type=upsert", { x: 1 }, 400, "illegal_argument_exception"],
    ["PUT", "/t/_doc/1?version_type=x", { x: 1 }, 400, "illegal_argument_exception"],
    ["PUT", "/t/_doc/1?refresh=x", { x: 1 }, 400, "illegal_argument_exception"],
    ["PUT", `/t/_doc/${"i".repeat(600)}`, { x: 1 }, 400, "action_request_validation_exception"],
    ["POST", "/t/_doc", '{"x":', 400, "document_parsing_exception"],
    ["POST", "/t/_doc", "[1]", 400, "document_parsing_exception"],
    ["POST", "/t/_doc", "", 400, "parse_exception"],
    ["POST", "/t/_update/1", { doc: {} }, 404, "document_missing_exception"],
    ["POST", "/t/_update/1", { script: "x" }, 400, "illegal_argument_exception"],
    ["POST", "/t/_update/1", {}, 400, "action_request_validation_exception"],
    ["GET", "/none/_doc/1", undefined, 404, "index_not_found_exception"],
  ])("%s %.30s with %j is %i %s", async (method, path, body, status, type) => {
    const answer = await rig.ask(method, path, body === undefined ? {} : { body });
    expect(answer).toMatchObject({ status, body: { status, error: { type, root_cause: [{ type }] } } });
  });

  test("a full store is told", async () => {
    rig.sink.isFull = true;
    expect(await put("/t/_doc/1", {})).toMatchObject({
      status: 429,
      body: { error: { type: "es_rejected_execution_exception" } },
    });
  });
});

describe("_mget", () => {
  beforeEach(() => put("/t/_doc/a", { x: 1, y: 2 }));

  test("answers each in its place, also what is not there", async () => {
    const docs = [
      { _index: "t", _id: "a" },
      { _index: "t", _id: "b" },
      { _index: "none", _id: "b" },
      { _index: "t", _id: "a", _source: ["x"] },
    ];
    const { body } = await rig.ask("POST", "/_mget", { body: { docs } });
    expect(body.docs).toMatchObject([
      { found: true, _source: { x: 1, y: 2 } },
      { _index: "t", _id: "b", found: false },
      { _index: "none", _id: "b", error: { type: "index_not_found_exception" } },
      { found: true, _source: { x: 1 } },
    ]);
    expect(body.docs[3]._source).toEqual({ x: 1 });
  });

  test("takes ids of the path's index", async () => {
    const { body } = await rig.ask("GET", "/t/_mget?_source=y", { headers: {} });
    expect(body.error.reason).toBe("request body is required");
    const { body: found } = await rig.ask("POST", "/t/_mget?_source=y", { body: { ids: ["a", "b"] } });
    expect(found.docs.map((doc: { found: boolean }) => doc.found)).toEqual([true, false]);
    expect(found.docs[0]._source).toEqual({ y: 2 });
  });

  test("says what is missing", async () => {
    expect((await rig.ask("POST", "/_mget", { body: {} })).body.error.reason).toBe(
      "Validation Failed: 1: no documents to get;",
    );
    expect(
      (await rig.ask("POST", "/_mget", { body: { docs: [{ _id: "a" }, { _index: "t" }] } })).body.error.reason,
    ).toBe("Validation Failed: 1: index is missing for doc 0;2: id is missing for doc 1;");
  });
});
