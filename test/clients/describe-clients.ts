import { Client as Client9 } from "@elastic/elasticsearch";
import { Client as Client8 } from "@elastic/elasticsearch-8";
import { Client as OpenSearchClient } from "@opensearch-project/opensearch";
import pino from "pino";
import * as pinoElastic from "pino-elasticsearch";
import { describe, expect, test } from "vitest";
import { until } from "../rigs/until.ts";

/** Its types say that it is a default export; it is the module itself. */
const elasticStream = (pinoElastic.default ?? pinoElastic) as unknown as (options: object) => NodeJS.WritableStream;

type Line = { "@timestamp": string; message: string; service: { type: string }; number: number };

const line = (number: number): Line => ({
  "@timestamp": new Date(Date.UTC(2026, 10, 28, 10, 0, number)).toISOString(),
  message: number % 2 === 0 ? "Peer lost" : "Block imported",
  service: { type: "geth" },
  number,
});
const lines = Array.from({ length: 250 }, (_, number) => line(number));

/** What other people's clients and loggers do with the face at an address, whatever store is behind it. */
export function describeClients(url: () => string): void {
  /** What every client's helpers are asked to do, in its own words. */
  describe.each([
    ["@elastic/elasticsearch 9", (url: string) => new Client9({ node: url })],
    ["@elastic/elasticsearch 8.19", (url: string) => new Client8({ node: url }) as unknown as Client9],
  ] as const)("%s", (name, connect) => {
    const stream = `logs-client.${name.replace(/\D+/g, "")}`;

    test("sets up a template, sends in bulk, and reads all back by search, scroll and point in time", async () => {
      const client = connect(url());
      expect((await client.info()).tagline).toBe("You Know, for Search");
      await client.indices.putIndexTemplate({
        name: stream,
        index_patterns: [`${stream}*`],
        data_stream: {},
        priority: 500,
        template: { mappings: { properties: { number: { type: "long" } } } },
      });
      const told = await client.helpers.bulk({
        datasource: lines,
        onDocument: () => ({ create: { _index: stream } }),
        refreshOnCompletion: stream,
      });
      expect(told).toMatchObject({ total: 250, failed: 0, successful: 250 });

      const found = await client.search<Line>({
        index: stream,
        query: { bool: { must: [{ match: { message: "lost" } }], filter: [{ range: { number: { gte: 200 } } }] } },
        sort: [{ number: "asc" }],
        size: 5,
        aggs: { types: { terms: { field: "service.type.keyword" } } },
      });
      expect(found.hits.total).toEqual({ value: 25, relation: "eq" });
      expect(found.hits.hits.map((hit) => hit._source?.number)).toEqual([200, 202, 204, 206, 208]);
      expect(found.aggregations?.["types"]).toMatchObject({ buckets: [{ key: "geth", doc_count: 25 }] });

      const scrolled: number[] = [];
      for await (const { documents } of client.helpers.scrollSearch<Line>({ index: stream, size: 100 })) {
        scrolled.push(...documents.map(({ number }) => number));
      }
      expect(scrolled.toSorted((a, b) => a - b)).toEqual(lines.map(({ number }) => number));

      const { id } = await client.openPointInTime({ index: stream, keep_alive: "1m" });
      await client.index({ index: stream, op_type: "create", document: line(999), refresh: "wait_for" });
      const frozen = await client.search({ pit: { id }, size: 0 });
      expect(frozen.hits.total).toMatchObject({ value: 250 });
      await client.closePointInTime({ id });
      expect((await client.count({ index: stream })).count).toBe(251);
      await client.close();
    });

    test("reads documents of the monitor's own by the _id that their hits show", async () => {
      const client = connect(url());
      type Own = { "@timestamp": string };
      const search = () => client.search<Own>({ index: "logs-ethereum.*,ethmon-*", size: 1000, sort: ["_seq"] });
      await until("the monitor told something itself", async () => (await search()).hits.hits.length > 0);
      const byIndex = new Map((await search()).hits.hits.map((hit) => [hit._index, hit]));
      expect(byIndex.size).toBeGreaterThan(0);
      for (const [index, { _id: id = "", _source }] of byIndex) {
        expect(await client.get<Own>({ index, id })).toMatchObject({ _index: index, _id: id, found: true });
        expect(await client.exists({ index, id })).toBe(true);
        const source = await client.getSource<Own>({ index, id });
        // What is told anew under the same id may be newer by now.
        expect(Object.keys(source)).toEqual(expect.arrayContaining(Object.keys(_source ?? {})));
        await expect(client.get({ index, id: "none" })).rejects.toMatchObject({ statusCode: 404 });
      }
      const docs = [...byIndex].map(([_index, { _id = "" }]) => ({ _index, _id }));
      expect((await client.mget({ docs })).docs).toMatchObject(docs.map((doc) => ({ ...doc, found: true })));
      await client.close();
    });

    test("is told what is wrong in Elasticsearch's words", async () => {
      const client = connect(url());
      await expect(client.search({ index: "nothing-here" })).rejects.toMatchObject({
        statusCode: 404,
        meta: { body: { error: { type: "index_not_found_exception" } } },
      });
      await expect(client.search({ index: "*", query: { more_like_this: { like: "x" } } })).rejects.toMatchObject({
        statusCode: 400,
      });
      await client.close();
    });
  });

  test("@opensearch-project/opensearch sends in bulk, searches and reads point in time", async () => {
    const client = new OpenSearchClient({ node: url() });
    const index = "opensearch-client";
    const told = await client.helpers.bulk({
      datasource: lines,
      onDocument: ({ number }) => ({ index: { _index: index, _id: String(number) } }),
      refreshOnCompletion: index,
    });
    expect(told).toMatchObject({ total: 250, failed: 0, successful: 250 });
    const again = await client.helpers.bulk({
      datasource: lines.slice(0, 10),
      onDocument: ({ number }) => ({ index: { _index: index, _id: String(number) } }),
      refreshOnCompletion: index,
    });
    expect(again.successful).toBe(10);
    const { body } = await client.search({
      index,
      body: { query: { match_all: {} }, track_total_hits: true, size: 1 },
    });
    expect(body.hits.total).toEqual({ value: 250, relation: "eq" });
    const scrolled: string[] = [];
    for await (const page of client.helpers.scrollSearch({ index, body: { size: 90 } })) {
      scrolled.push(...(page.body.hits?.hits ?? []).map(({ _id }: { _id: string }) => _id));
    }
    expect(new Set(scrolled).size).toBe(250);
    await client.close();
  });

  test("pino-elasticsearch's log lines are found by a word", async () => {
    const stream = elasticStream({
      node: url(),
      index: "pino-logs",
      opType: "index",
      flushBytes: 100,
      flushInterval: 100,
    });
    const log = pino({ level: "info" }, stream);
    log.info({ service: { type: "monitor" } }, "The watch began");
    log.error("A disk was lost");
    const search = async () => {
      const response = await fetch(`${url()}/pino-logs*/_search?q=msg:lost`);
      const body = (await response.json()) as { hits?: { hits: { _source: { msg: string } }[] } };
      return body.hits?.hits.map(({ _source }) => _source.msg);
    };
    await until("the line is found", async () => (await search())?.includes("A disk was lost") ?? false);
    stream.end();
  });
}
