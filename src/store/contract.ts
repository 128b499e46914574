import { describe, expect, onTestFinished, test } from "vitest";
import { isFault } from "../lib/fault.ts";
import type { SearchRequest } from "../search/request.ts";
import { EVENTS, event, QUARANTINE, START_US, THINGS, thing } from "./contract-data.ts";
import type { Store } from "./store.ts";

/**
 * What every store has to do. `create` gives an empty one with the datasets of `contract-data.ts` and the network
 * `testnet`; it is closed by the suite.
 */
export function describeStore(name: string, create: () => Promise<Store>): void {
  const open = async (): Promise<Store> => {
    const store = await create();
    onTestFinished(() => store.close());
    return store;
  };
  const numbers = async (store: Store, query: SearchRequest["query"], pattern = EVENTS): Promise<unknown[]> => {
    const request: SearchRequest = { size: 1000, sort: ["_seq"], ...(query === undefined ? {} : { query }) };
    const { hits } = await store.search(pattern, request);
    return hits.hits.map(({ _source }) => (_source["test"] as { number?: unknown } | undefined)?.number);
  };

  describe(`${name}: writing`, () => {
    test("what is appended can be searched once it is settled", async () => {
      const store = await open();
      await store.append([event(1), event(2)]);
      expect(store.offer([event(3)])).toBe(true);
      await store.settled();
      expect(await numbers(store, undefined)).toEqual([1, 2, 3]);
      expect(store.state()).toMatchObject({ state: "ready", dropped: 0, queued: 0, rows: 3 });
    });

    test("a document of an index replaces the earlier one of its id, in one batch and over several", async () => {
      const store = await open();
      await store.append([
        thing("a", { "test.number": 1 }),
        thing("b", { "test.number": 2 }),
        thing("a", { "test.number": 3 }),
      ]);
      await store.settled();
      await store.append([thing("b", { "test.number": 4, "test.word": "new" })]);
      await store.settled();
      const { hits } = await store.search(THINGS, { sort: ["test.number"] });
      expect(hits.total).toEqual({ value: 2, relation: "eq" });
      expect(hits.hits.map(({ _id, _source }) => [_id, _source])).toEqual([
        ["a", { "@timestamp": "2026-11-22T10:00:00Z", test: { number: 3 } }],
        ["b", { "@timestamp": "2026-11-22T10:00:00Z", test: { number: 4, word: "new" } }],
      ]);
    });

    test("a document comes back as it was, with every type", async () => {
      const store = await open();
      const fields = {
        "test.word": 'quotes " and \u0000 and ünïcode 🦓',
        "test.words": ["a", "b"],
        "test.large": "18446744073709551615",
        "test.ratio": -0.25,
        "test.flag": false,
        "test.at": START_US + 123_456,
        "test.moments": [START_US, START_US + 1000],
        "test.object": { a: [1, { b: null }], "c.d": "e" },
        "test.remark": "some words",
        "observer.name": "node-1",
      };
      await store.append([event(7, fields, START_US + 500_000)]);
      await store.settled();
      const { hits } = await store.search(EVENTS, {});
      expect(hits.hits[0]?._index).toBe(EVENTS);
      expect(hits.hits[0]?._source).toEqual({
        "@timestamp": "2026-11-22T10:00:00.500Z",
        observer: { name: "node-1" },
        test: {
          number: 7,
          word: fields["test.word"],
          words: ["a", "b"],
          large: "18446744073709551615",
          ratio: -0.25,
          flag: false,
          at: "2026-11-22T10:00:00.123456Z",
          moments: ["2026-11-22T10:00:00Z", "2026-11-22T10:00:00.001Z"],
          object: fields["test.object"],
          remark: "some words",
        },
      });
    });

    test("what does not fit goes to quarantine with the reason, and the rest of its batch is stored", async () => {
      const store = await open();
      const bad = [
        event(2, { "test.number": "many" }),
        event(3, { "test.unknown": 1 }),
        { ...event(4), dataset: "nobody.knows" },
        { dataset: "thing", timestampUs: START_US, fields: { "test.number": 5 } },
        event(6, { "test.large": 2 ** 60 }),
        event(7, { "test.word": ["a", "b"] }),
        event(8, { "test.at": "yesterday" }),
        { ...event(9, { "observer.name": "node-9" }), timestampUs: Number.NaN },
      ];
      await store.append([event(1), ...bad, event(10)]);
      await store.settled();
      expect(await numbers(store, undefined)).toEqual([1, 10]);
      const { hits } = await store.search(QUARANTINE, { sort: ["_seq"] });
      const kept = hits.hits.map(
        ({ _source }) => (_source["ethereum"] as { quarantine: Record<string, string> }).quarantine,
      );
      expect(kept.map(({ reason }) => reason)).toEqual([
        "test.number is not of type long",
        "test.unknown is not a field of test.event",
        "nobody.knows is not a dataset",
        "_id is missing",
        "test.large is not of type unsigned_long",
        "test.word is not of type keyword",
        "test.at is not of type date",
        "@timestamp is not a time",
      ]);
      expect(kept.map(({ dataset }) => dataset)).toEqual(bad.map(({ dataset }) => dataset));
      expect(JSON.parse(kept[0]?.["original"] ?? "")).toEqual(bad[0]);
      expect(hits.hits.at(-1)?._source["observer"]).toEqual({ name: "node-9" });
    });

    test("closed, it takes nothing more and says so", async () => {
      const store = await create();
      await store.append([event(1)]);
      await store.close();
      await expect(store.append([event(2)])).rejects.toMatchObject({ code: "store_closed" });
      await expect(store.search(EVENTS, {})).rejects.toMatchObject({ code: "store_closed" });
      expect(store.offer([event(3)])).toBe(false);
    });
  });

  describe(`${name}: searching`, () => {
    test("each clause finds what Elasticsearch would find", async () => {
      const store = await open();
      await store.append([
        event(1, { "test.word": "alpha", "test.flag": true, "test.ratio": 0.5 }),
        event(2, { "test.word": "beta", "test.words": ["x", "y"], "test.large": "18446744073709551615" }),
        event(3, { "test.word": "alphabet", "test.words": [], "test.flag": false, "test.at": START_US }),
        event(4, { "test.words": ["y", "z"], "test.object": { a: 1 } }),
        event(5, {}, START_US + 86_400_000_000),
      ]);
      await store.settled();
      const cases: [SearchRequest["query"], number[]][] = [
        [{ match_all: {} }, [1, 2, 3, 4, 5]],
        [{ match_none: {} }, []],
        [{ term: { "test.word": "alpha" } }, [1]],
        [{ term: { "test.word": { value: "beta" } } }, [2]],
        [{ term: { "test.number": "3" } }, [3]],
        [{ term: { "test.number": 3.5 } }, []],
        [{ term: { "test.flag": "false" } }, [3]],
        [{ term: { "test.large": "18446744073709551615" } }, [2]],
        [{ term: { "test.words": "y" } }, [2, 4]],
        [{ term: { "test.at": "2026-11-22" } }, [3]],
        [{ term: { "no.such.field": 1 } }, []],
        [{ terms: { "test.number": [1, "2", 9] } }, [1, 2]],
        [{ terms: { "test.words": ["x", "z"] } }, [2, 4]],
        [{ terms: { "test.number": [] } }, []],
        [{ range: { "test.number": { gt: 1, lte: 3 } } }, [2, 3]],
        [{ range: { "test.number": { gte: 1.5, lt: "4" } } }, [2, 3]],
        [{ range: { "test.ratio": { gte: 0.5 } } }, [1]],
        [{ range: { "test.word": { gt: "alpha", lt: "beta" } } }, [3]],
        [{ range: { "test.words": { gt: "y" } } }, [4]],
        [{ range: { "@timestamp": { lte: "2026-11-22" } } }, [1, 2, 3, 4]],
        [{ range: { "@timestamp": { gt: "2026-11-22" } } }, [5]],
        [{ range: { "@timestamp": { gte: "2026-11-23T00:00:00+01:00" } } }, [5]],
        [{ range: { "@timestamp": { gte: "2026-11-22T10:00:00.000003Z", lt: "2026-11-22T10:00:00.001Z" } } }, [3, 4]],
        [{ exists: { field: "test.flag" } }, [1, 3]],
        [{ exists: { field: "test.words" } }, [2, 4]],
        [{ exists: { field: "no.such.field" } }, []],
        [{ prefix: { "test.word": "alpha" } }, [1, 3]],
        [{ prefix: { "test.words": { value: "x" } } }, [2]],
        [{ bool: {} }, [1, 2, 3, 4, 5]],
        [{ bool: { must_not: { term: { "test.word": "alpha" } } } }, [2, 3, 4, 5]],
        [{ bool: { must_not: [{ exists: { field: "test.word" } }] } }, [4, 5]],
        [{ bool: { filter: [{ prefix: { "test.word": "a" } }], must: { term: { "test.flag": true } } } }, [1]],
        [{ bool: { should: [{ term: { "test.number": 1 } }, { term: { "test.words": "z" } }] } }, [1, 4]],
        [{ bool: { filter: { exists: { field: "test.word" } }, should: [{ term: { "test.number": 1 } }] } }, [1, 2, 3]],
        [
          {
            bool: {
              minimum_should_match: 2,
              should: [
                { exists: { field: "test.word" } },
                { exists: { field: "test.flag" } },
                { exists: { field: "test.words" } },
              ],
            },
          },
          [1, 2, 3],
        ],
      ];
      for (const [query, expected] of cases) {
        expect(await numbers(store, query), JSON.stringify(query)).toEqual(expected);
      }
      const first = await store.search(EVENTS, { size: 1, sort: ["_seq"] });
      const id = first.hits.hits[0]?._id ?? "";
      expect(await numbers(store, { ids: { values: [id, "99999"] } })).toEqual([1]);
      expect(await numbers(store, { term: { _id: id } })).toEqual([1]);
    });

    test("documents are sorted with those without the field last, and paged to the end", async () => {
      const store = await open();
      const words = ["b", "a", undefined, "c", "a", undefined, "b"];
      await store.append(words.map((word, i) => event(i + 1, word === undefined ? {} : { "test.word": word })));
      await store.settled();
      for (const order of ["asc", "desc"] as const) {
        const sort = [{ "test.word": order }, { "test.number": { order: "desc" as const } }];
        const all = await store.search(EVENTS, { sort });
        const expected = order === "asc" ? [5, 2, 7, 1, 4, 6, 3] : [4, 7, 1, 5, 2, 6, 3];
        expect(all.hits.hits.map(({ sort: values }) => values?.[1])).toEqual(expected);
        const paged: unknown[] = [];
        let after: SearchRequest["search_after"];
        while (paged.length < 20) {
          const page: SearchRequest = { sort, size: 2, ...(after === undefined ? {} : { search_after: after }) };
          const { hits } = await store.search(EVENTS, page);
          if (hits.hits.length === 0) break;
          paged.push(...hits.hits.map(({ sort: values }) => values?.[1]));
          after = hits.hits.at(-1)?.sort;
        }
        expect(paged).toEqual(expected);
      }
      expect((await store.search(EVENTS, { from: 2, size: 2, sort: ["test.number"] })).hits.hits[0]?.sort).toEqual([3]);
    });

    test("paging by time keeps microseconds apart", async () => {
      const store = await open();
      await store.append(Array.from({ length: 20 }, (_, i) => event(i + 1)));
      await store.settled();
      const seen: unknown[] = [];
      let after: SearchRequest["search_after"];
      while (seen.length < 40) {
        const page: SearchRequest = {
          sort: [{ "@timestamp": "desc" }],
          size: 3,
          ...(after === undefined ? {} : { search_after: after }),
        };
        const { hits } = await store.search(EVENTS, page);
        if (hits.hits.length === 0) break;
        seen.push(...hits.hits.map(({ _source }) => (_source["test"] as { number: number }).number));
        after = hits.hits.at(-1)?.sort;
      }
      expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => 20 - i));
    });

    test("a pattern reaches several indices, and one that does not exist is refused with 404", async () => {
      const store = await open();
      await store.append([event(1), thing("a", { "test.number": 2 }), event(3)]);
      await store.settled();
      expect(await numbers(store, undefined, `${EVENTS},${THINGS}`)).toEqual([1, 2, 3]);
      expect(await numbers(store, undefined, "logs-*")).toEqual([1, 3]);
      expect(await numbers(store, undefined, "ethmon-*-testnet")).toEqual([2]);
      expect(await numbers(store, undefined, "nothing-*")).toEqual([]);
      const error = await store.search("logs-absent-testnet", {}).catch((caught: unknown) => caught);
      expect(isFault(error) && error.details).toMatchObject({
        status: 404,
        error: { type: "index_not_found_exception", reason: "no such index [logs-absent-testnet]" },
      });
    });

    test("as many names as there may be are searched at once, and a fault is told as of one", async () => {
      const store = await open();
      await store.append([event(1), event(2), thing("a", { "test.number": 3 })]);
      await store.settled();
      const absent = Array.from({ length: 300 }, (_, at) => `logs-absent.number.${at}-testnet`);
      const pattern = [...absent, EVENTS, THINGS].join(",");
      const params = { ignoreMissing: true, typedKeys: true };
      const aggs = { most: { max: { field: "test.number" } } };
      const request: SearchRequest = { sort: ["test.number"], aggs };
      const { hits, aggregations } = await store.search(pattern, request, { params });
      expect(hits.hits.map(({ sort }) => sort)).toEqual([[1], [2], [3]]);
      expect(aggregations).toEqual({ "max#most": { value: 3 } });
      const after = await store.search(pattern, { ...request, search_after: [2], size: 1 }, { params });
      expect(after.hits.hits.map(({ _index }) => _index)).toEqual([THINGS]);
      const wrong = { query: { nonsense: {} } } as unknown as SearchRequest;
      await expect(store.search(pattern, wrong, { params })).rejects.toMatchObject({ code: "search_invalid" });
    });

    test("hits are counted as they are asked to be", async () => {
      const store = await open();
      await store.append(Array.from({ length: 12_000 }, (_, i) => event(i + 1)));
      await store.settled();
      const total = async (request: SearchRequest) => (await store.search(EVENTS, { size: 0, ...request })).hits.total;
      expect(await total({})).toEqual({ value: 10_000, relation: "gte" });
      expect(await total({ track_total_hits: true })).toEqual({ value: 12_000, relation: "eq" });
      expect(await total({ track_total_hits: false })).toBeUndefined();
      expect((await store.search(EVENTS, { size: 10_000 })).hits.hits).toHaveLength(10_000);
    });

    test("documents are aggregated, over several indices too", async () => {
      const store = await open();
      const hour = 3_600_000_000;
      await store.append([
        event(1, { "test.word": "a", "test.words": ["x", "y"], "test.flag": true }),
        event(2, { "test.word": "b", "test.words": ["y"], "test.ratio": 0.5 }, START_US + hour),
        event(4, { "test.word": "a", "test.at": START_US + 250_000 }, START_US + 3 * hour),
        thing("t", { "test.word": "a", "test.number": 10 }),
      ]);
      await store.settled();
      const { hits, aggregations } = await store.search(`${EVENTS},${THINGS}`, {
        size: 0,
        aggs: {
          words: {
            terms: { field: "test.word" },
            aggs: { mean: { avg: { field: "test.number" } }, lists: { terms: { field: "test.words" } } },
          },
          hours: { date_histogram: { field: "@timestamp", fixed_interval: "1h" } },
          latest: { max: { field: "test.at" } },
          without: { missing: { field: "test.words" } },
        },
      });
      expect(hits.total).toEqual({ value: 4, relation: "eq" });
      const lists = (...buckets: [string, number][]) => ({
        doc_count_error_upper_bound: 0,
        sum_other_doc_count: 0,
        buckets: buckets.map(([key, doc_count]) => ({ key, doc_count })),
      });
      expect(aggregations).toEqual({
        words: {
          doc_count_error_upper_bound: 0,
          sum_other_doc_count: 0,
          buckets: [
            { key: "a", doc_count: 3, mean: { value: 5 }, lists: lists(["x", 1], ["y", 1]) },
            { key: "b", doc_count: 1, mean: { value: 2 }, lists: lists(["y", 1]) },
          ],
        },
        hours: {
          buckets: [2, 1, 0, 1].map((doc_count, i) => ({
            key_as_string: new Date(START_US / 1000 + i * 3_600_000).toISOString(),
            key: START_US / 1000 + i * 3_600_000,
            doc_count,
          })),
        },
        latest: { value: START_US / 1000 + 250, value_as_string: "2026-11-22T10:00:00.250Z" },
        without: { doc_count: 2 },
      });
    });

    test("what is wrong with a search is refused in Elasticsearch's shape", async () => {
      const store = await open();
      const refused: [object, string][] = [
        [{ query: { no_such_clause: {} } }, "[no_such_clause]"],
        [{ query: { range: { "test.at": { gte: "now-1x" } } } }, "[-1x]"],
        [{ query: { term: { "test.number": "abc" } } }, "abc"],
        [{ sort: ["no.such.field"] }, "No mapping found for [no.such.field]"],
        [{ sort: ["test.remark"] }, "Text fields are not optimised"],
        [{ size: 10_001 }, "Result window is too large"],
      ];
      await store.append([event(1)]);
      await store.settled();
      for (const [request, words] of refused) {
        const error = await store.search(EVENTS, request as SearchRequest).catch((caught: unknown) => caught);
        expect(error, JSON.stringify(request)).toMatchObject({ details: { status: 400 } });
        const { error: body } = (error as { details: { error: object } }).details;
        expect(body).toMatchObject({ root_cause: [{ reason: expect.stringContaining(words) }] });
      }
    });

    test("an aborted search rejects with the reason of its signal", async () => {
      const store = await open();
      const abort = new AbortController();
      abort.abort();
      await expect(store.search(EVENTS, {}, { signal: abort.signal })).rejects.toMatchObject({ name: "AbortError" });
    });
  });
}
