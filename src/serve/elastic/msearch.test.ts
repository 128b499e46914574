import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StoredFace, startStoredFace } from "../../../test/rigs/stored-face.ts";
import { EVENTS, event } from "../../store/contract-data.ts";

let face: StoredFace;
beforeAll(async () => {
  face = await startStoredFace();
  await face.store.append([event(1), event(2)]);
  await face.store.settled();
});
afterAll(() => face?.close());

describe("a search of _msearch that cannot be carried out", () => {
  /** With the type and reason of the error's root cause: the search's own, or a shard's. */
  const bad: readonly [object, string, string][] = [
    [{ query: { no_such: {} } }, "parsing_exception", "unknown query [no_such]"],
    [
      { query: { more_like_this: { like: "x" } } },
      "illegal_argument_exception",
      "query [more_like_this] is not supported",
    ],
    [{ query: { regexp: { "test.word": "a(" } } }, "query_shard_exception", "in the regular expression [a(]"],
    [{ query: { range: { "test.number": { gte: "ten" } } } }, "query_shard_exception", 'For input string: "ten"'],
    [{ aggs: { a: { no_such: {} } } }, "parsing_exception", "Unknown aggregation type [no_such]"],
    [{ size: 10_001 }, "illegal_argument_exception", "Result window is too large"],
    [{ sort: ["absent"] }, "query_shard_exception", "No mapping found for [absent]"],
  ];

  test("is answered in its place with its own error and status, and the others are answered", async () => {
    const good = { size: 0, track_total_hits: true };
    const bodies: readonly object[] = [good, ...bad.flatMap(([body]) => [body, good])];
    const told = await face.bulk(
      bodies.flatMap((body) => [{ index: EVENTS }, body]),
      "/_msearch",
    );
    expect(told.status).toBe(200);
    expect(told.body.responses).toHaveLength(bodies.length);
    for (const [at, response] of told.body.responses.entries()) {
      if (at % 2 === 0) {
        expect(response).toMatchObject({ status: 200, timed_out: false, hits: { total: { value: 2 } } });
        continue;
      }
      const [body, type, reason = ""] = bad[(at - 1) / 2] ?? [];
      const cause = { type, reason: expect.stringContaining(reason) };
      expect(response, reason).toMatchObject({ status: 400, error: { root_cause: [cause] } });
      expect(response).not.toHaveProperty("hits");
      // Alone it is answered with the very same.
      const alone = await face.ask("POST", `/${EVENTS}/_search`, { body });
      expect(alone.body).toEqual(response);
      expect(alone.status).toBe(400);
    }
  });
});

test.each([
  ["a header that ends too early", '{"index":"x"\n{}\n'],
  ["a body that ends too early", '{}\n{"query":{"match_all":{}}\n'],
  ["no JSON at all", "query\nall\n"],
  ["two objects in a line", "{}\n{}{}\n"],
  ["a body that is a list", "{}\n[]\n"],
  ["a good search before a bad line", '{}\n{"size":0}\n{}\n{"size":\n'],
])("_msearch with %s is refused whole with 400", async (_what, body) => {
  const told = await face.bulk(body, "/_msearch");
  expect(told).toMatchObject({ status: 400, body: { status: 400, error: { type: expect.stringMatching(/pars/) } } });
  expect(told.body).not.toHaveProperty("responses");
});
