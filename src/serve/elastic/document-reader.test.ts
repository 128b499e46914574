import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StoredFace, startStoredFace } from "../../../test/rigs/stored-face.ts";
import { EVENTS, event, START_US, THINGS, thing } from "../../store/contract-data.ts";
import { DAY_US } from "../../store/retention.ts";

let face: StoredFace;
beforeAll(async () => {
  face = await startStoredFace();
  await face.store.append([
    event(1, { "test.word": "first" }),
    event(2, { "test.word": "next day" }, START_US + DAY_US),
    thing("slot/1 ä", { "test.number": 1, "test.word": "old" }),
    thing("slot/1 ä", { "test.number": 1, "test.word": "new" }),
  ]);
  await face.store.settled();
  await face.ask("PUT", "/notes/_doc/1?refresh=true", { body: { n: 1 } });
  await face.ask("PUT", `/${THINGS}/_alias/things`);
});
afterAll(() => face?.close());

type Hit = { _index: string; _id: string; _source: object };
const hitsOf = async (index: string): Promise<Hit[]> =>
  (await face.ask("POST", `/${index}/_search`, { body: { sort: ["_seq"] } })).body.hits.hits;
const path = (index: string, id: string, api = "_doc") => `/${index}/${api}/${encodeURIComponent(id)}`;

describe("a document of our own datasets", () => {
  test.each([EVENTS, THINGS])("of %s is read by the _id that its hit shows", async (index) => {
    const hits = await hitsOf(index);
    expect(hits.length).toBe(index === EVENTS ? 2 : 1);
    for (const { _id, _source } of hits) {
      const told = await face.ask("GET", path(index, _id));
      expect(told).toMatchObject({ status: 200, body: { _index: index, _id, found: true, _primary_term: 1, _source } });
      expect(told.body._seq_no).toBeGreaterThan(0);
      expect((await face.ask("HEAD", path(index, _id))).status).toBe(200);
      expect(await face.ask("GET", path(index, _id, "_source"))).toMatchObject({ status: 200, body: _source });
    }
  });

  test("is filtered, and found through an alias", async () => {
    const [hit] = await hitsOf(THINGS);
    const told = await face.ask("GET", `${path("things", hit?._id ?? "")}?_source_includes=test.word`);
    expect(told.body).toMatchObject({ _index: THINGS, _id: "slot/1 ä", _source: { test: { word: "new" } } });
    expect(told.body._source.test).not.toHaveProperty("number");
  });

  test("that is not there is told so, and so is an index", async () => {
    for (const [index, id] of [
      [EVENTS, "999999"],
      [EVENTS, "no position"],
      [THINGS, "none"],
    ] as const) {
      const absent = { _index: index, _id: id, found: false };
      expect(await face.ask("GET", path(index, id))).toMatchObject({ status: 404, body: absent });
      expect((await face.ask("HEAD", path(index, id))).status).toBe(404);
      expect(await face.ask("GET", path(index, id, "_source"))).toMatchObject({
        status: 404,
        body: { error: { type: "resource_not_found_exception" } },
      });
    }
    expect(await face.ask("GET", path("ethmon-none-testnet", "1"))).toMatchObject({
      status: 404,
      body: { error: { type: "index_not_found_exception" } },
    });
  });

  test("stands in _mget beside documents of others, each in its place", async () => {
    const [first] = await hitsOf(EVENTS);
    const docs = [
      { _index: "notes", _id: "1" },
      { _index: EVENTS, _id: first?._id },
      { _index: THINGS, _id: "none" },
      { _index: "absent", _id: "1" },
    ];
    expect((await face.ask("POST", "/_mget", { body: { docs } })).body.docs).toMatchObject([
      { _index: "notes", _id: "1", found: true, _source: { n: 1 } },
      { _index: EVENTS, _id: first?._id, found: true, _source: first?._source },
      { _index: THINGS, _id: "none", found: false },
      { _index: "absent", error: { type: "index_not_found_exception" } },
    ]);
    const ids = [first?._id, "0"];
    expect((await face.ask("GET", `/${EVENTS}/_mget`, { body: undefined })).status).toBe(400);
    expect((await face.ask("POST", `/${EVENTS}/_mget`, { body: { ids } })).body.docs).toMatchObject([
      { _index: EVENTS, found: true },
      { _index: EVENTS, _id: "0", found: false },
    ]);
  });

  test("cannot be written or deleted", async () => {
    const refused = { status: 403, body: { error: { type: "cluster_block_exception" } } };
    expect(await face.ask("DELETE", path(THINGS, "slot/1 ä"))).toMatchObject(refused);
    expect(await face.ask("PUT", path(THINGS, "slot/1 ä"), { body: {} })).toMatchObject(refused);
  });
});
