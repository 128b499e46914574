import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../../src/lib/fault.ts";
import { type Beat, sampleBeat, sendToElasticsearch, sendToLogstash } from "../rigs/beat.ts";
import { type ElasticRig, startElasticRig } from "../rigs/elastic-rig.ts";
import { type LumberjackRig, startLumberjackRig } from "../rigs/lumberjack-rig.ts";

let elastic: ElasticRig;
let logstash: LumberjackRig;
beforeEach(async () => {
  elastic = await startElasticRig();
  logstash = await startLumberjackRig();
});
afterEach(async () => {
  await elastic.close();
  await logstash.close();
});

const BEATS: readonly [Beat["name"], string][] = [
  ["filebeat", "9.2.0"],
  ["metricbeat", "8.19.21"],
  ["packetbeat", "9.1.0"],
];
/** As if each event had an id, of which a repetition is known. */
const identified = (beat: Beat): Beat => ({
  ...beat,
  events: beat.events.map((event, at) => ({
    ...event,
    "@metadata": { ...(event["@metadata"] as object), _id: `e${at}` },
  })),
});

describe.each(BEATS)("%s %s", (name, version) => {
  const beat = sampleBeat(name, version);

  test("comes in by both outputs with the same documents in the same places", async () => {
    const total = beat.events.length;
    expect(await sendToElasticsearch(beat, { url: elastic.url })).toEqual({
      acknowledged: total,
      dropped: 0,
      tries: 1,
    });
    expect(await sendToLogstash(beat, { port: logstash.port })).toEqual({ acknowledged: total, dropped: 0, tries: 1 });
    const told = ({ items }: { items: ElasticRig["sink"]["items"] }) =>
      items.map(({ action, index, id, source }) => ({ action, index, id, source }));
    expect(told(elastic.sink)).toEqual(told(logstash.sink));
    expect(elastic.sink.items).toHaveLength(total);
    for (const [at, { action, index, source }] of elastic.sink.items.entries()) {
      expect({ action, index }).toEqual({ action: "create", index: `${name}-${version}` });
      const { "@metadata": _, ...sent } = beat.events[at] ?? {};
      expect(source).toEqual(sent);
    }
  });

  test("sends again what was not acknowledged, and nothing with an id is doubled", async () => {
    const events = identified(beat);
    let cut = 0;
    logstash.sink.fail = () => (cut++ % 3 === 0 ? new Fault("store_closed", "Closed.") : undefined);
    const sent = await sendToLogstash(events, { port: logstash.port, batchSize: 5 });
    expect(sent.acknowledged).toBe(events.events.length);
    expect(sent.tries).toBeGreaterThan(1);
    const ids = logstash.sink.items.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(events.events.length);
  });

  test("waits while the store is full, and loses nothing", async () => {
    let refused = 0;
    elastic.sink.refuse = ({ index, id }) =>
      refused++ % 2 === 0
        ? {
            status: 429,
            _index: index,
            _id: id ?? null,
            error: { type: "es_rejected_execution_exception", reason: "full" },
          }
        : undefined;
    const sent = await sendToElasticsearch(identified(beat), { url: elastic.url, batchSize: 7 });
    expect(sent).toMatchObject({ acknowledged: beat.events.length, dropped: 0 });
    expect(new Set(elastic.sink.items.map(({ id }) => id)).size).toBe(beat.events.length);
  });
});

test("a batch that is too large is split until it fits", async () => {
  await elastic.close();
  elastic = await startElasticRig({ config: { max_content_mb: 0.006 } });
  const beat = sampleBeat("metricbeat", "9.2.0");
  const sent = await sendToElasticsearch(beat, { url: elastic.url });
  expect(sent).toMatchObject({ acknowledged: beat.events.length, dropped: 0 });
  expect(sent.tries).toBeGreaterThan(5);
  // What was refused as too large was not written before.
  expect(elastic.sink.items).toHaveLength(beat.events.length);
});

test("with a writer's key and a pipeline a Beat does all that it has to, and no more", async () => {
  const { id, secret } = await elastic.keys.createKey({ name: "beats", role: "writer", owner: "test" });
  const headers = { authorization: `ApiKey ${Buffer.from(`${id}:${secret}`).toString("base64")}` };
  const beat = sampleBeat("filebeat", "9.2.0");
  await expect(sendToElasticsearch(beat, { url: elastic.url })).rejects.toThrow("401");
  const pipeline = "filebeat-9.2.0-system-auth-entrypoint";
  const sent = await sendToElasticsearch(beat, { url: elastic.url, headers, pipeline });
  expect(sent.acknowledged).toBe(beat.events.length);
  expect(new Set(elastic.sink.items.map((item) => item.pipeline))).toEqual(new Set([pipeline]));
  expect((await elastic.ask("GET", "/_search", { headers })).status).toBe(403);
});

test("the documented bulk form of Filebeat is taken as it stands", async () => {
  const body = readFileSync(new URL("../data/beats-samples/bulk-filebeat.ndjson", import.meta.url));
  const { body: answer } = await elastic.bulk(body);
  expect(answer.errors).toBe(false);
  expect(elastic.sink.items.map(({ action, source }) => [action, source["message"]])).toEqual([
    ["create", "foobar"],
    ["create", "baz"],
    ["index", "xyz"],
  ]);
});
