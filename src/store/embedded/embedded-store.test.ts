import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../lib/clock.ts";
import { silentLog } from "../../lib/log.ts";
import type { SearchRequest } from "../../search/request.ts";
import { describeStore } from "../contract.ts";
import { EVENTS, event, START_US, testDatasets } from "../contract-data.ts";
import { createEmbeddedStore } from "./embedded-store.ts";

const root = mkdtempSync(join(tmpdir(), "ethmon-store-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const create = () =>
  createEmbeddedStore({
    directory: mkdtempSync(join(root, "data-")),
    network: "testnet",
    datasets: testDatasets,
    clock: systemClock(),
    log: silentLog,
  });

describeStore("the embedded store", create);

test("what is not supported is refused by name, in Elasticsearch's shape", async () => {
  const store = await create();
  onTestFinished(() => store.close());
  const refused: [object, string, string][] = [
    [{ aggs: { a: { rare_terms: {} } } }, "search_unsupported", "[rare_terms]"],
    [{ query: { more_like_this: {} } }, "search_unsupported", "query [more_like_this]"],
    [{ query: { term: { "test.word": { value: "x", _name: "y" } } } }, "search_unsupported", "[_name] in [term]"],
    [{ query: { term: { "test.object.a": 1 } } }, "search_unsupported", "within a flattened field"],
    [{ sort: [{ "test.word": { order: "asc", nested: {} } }] }, "search_unsupported", "[nested] in [field_sort]"],
    [{ query: { bool: { should: [], minimum_should_match: "x" } } }, "search_invalid", "[minimum_should_match]"],
    [{ query: { range: { "test.at": { gte: "now-1x" } } } }, "search_invalid", "date math [-1x]"],
    [{ query: { term: { "test.number": "abc" } } }, "search_invalid", "abc"],
    [{ query: { range: { "@timestamp": { gte: "2026-02-31" } } } }, "search_invalid", "2026-02-31"],
    [{ query: { term: {} } }, "search_invalid", "[term]"],
    [{ sort: ["no.such.field"] }, "search_invalid", "No mapping found for [no.such.field]"],
    [{ sort: ["test.remark"] }, "search_invalid", "Text fields are not optimised"],
    [{ size: 10_001 }, "search_invalid", "Result window is too large"],
    [{ search_after: [1] }, "search_invalid", "Sort must contain"],
  ];
  for (const [request, code, words] of refused) {
    const error = await store.search(EVENTS, request as SearchRequest).catch((caught: unknown) => caught);
    expect(error, JSON.stringify(request)).toMatchObject({ code, details: { status: 400 } });
    const { error: body } = (error as { details: { error: object } }).details;
    expect(body).toMatchObject({ root_cause: [{ reason: expect.stringContaining(words) }] });
  }
});

test("moments as numbers go to the microsecond by their fraction", async () => {
  const store = await create();
  onTestFinished(() => store.close());
  await store.append([event(2), event(3), event(4)]);
  await store.settled();
  const range = { "@timestamp": { gte: START_US / 1000 + 0.003, lt: START_US / 1000 + 1 } };
  const { hits } = await store.search(EVENTS, { query: { range }, sort: ["_seq"] });
  expect(hits.hits.map(({ _source }) => _source["test"])).toEqual([{ number: 3 }, { number: 4 }]);
});

test("whether a document has a JSON value can be asked", async () => {
  const store = await create();
  onTestFinished(() => store.close());
  await store.append([event(1), event(2, { "test.object": { a: 1 } }), event(3, { "test.object": [1, 2] })]);
  await store.settled();
  const { hits } = await store.search(EVENTS, { query: { exists: { field: "test.object" } }, sort: ["_seq"] });
  expect(hits.hits.map(({ _source }) => _source["test"])).toEqual([
    { number: 2, object: { a: 1 } },
    { number: 3, object: [1, 2] },
  ]);
});
