import { expect, test } from "vitest";
import type { JsonObject } from "../../src/events/foreign.ts";
import { type Beat, type Sent, sampleBeat, sendToElasticsearch, sendToLogstash } from "../rigs/beat.ts";
import type { ElasticProgram } from "../rigs/elastic-program.ts";

const EVENTS = 1_000;
const BATCH = 25;
/** SIGKILL comes when so many are acknowledged, and the rest is on its way. */
const KILLED_AT = 350;

/** Numbered events of this minute; the even ones carry an `_id`. */
function numbered(name: Beat["name"], version: string): Beat {
  const { events, ...beat } = sampleBeat(name, version);
  const nowMs = Date.now();
  return {
    ...beat,
    events: Array.from({ length: EVENTS }, (_, number) => {
      const { event, "@metadata": metadata, ...rest } = events[number % events.length] ?? {};
      // Some samples have an id of their own.
      const { _id, ...told } = metadata as JsonObject;
      return {
        ...rest,
        "@timestamp": new Date(nowMs + number).toISOString(),
        event: { ...(event as object), sequence: number },
        "@metadata": { ...told, ...(number % 2 === 0 ? { _id: `e${number}` } : {}) },
      };
    }),
  };
}

type Output = (beat: Beat, onAcknowledged: (events: number) => void) => Promise<Sent>;
/** The program is killed while Beats send, whatever store it has. */
export function describeKill(receiver: () => ElasticProgram): void {
  const OUTPUTS: readonly [string, Beat["name"], string, Output][] = [
    [
      "output.elasticsearch",
      "filebeat",
      "9.2.0",
      (beat, onAcknowledged) =>
        sendToElasticsearch(beat, { url: receiver().elasticUrl, batchSize: BATCH, onAcknowledged }),
    ],
    [
      "output.logstash",
      "packetbeat",
      "9.1.0",
      (beat, onAcknowledged) => sendToLogstash(beat, { port: receiver().beatsPort, batchSize: BATCH, onAcknowledged }),
    ],
  ];

  test.each(OUTPUTS)(
    "SIGKILL under %s loses nothing acknowledged and doubles nothing with an id",
    {
      timeout: 120_000,
    },
    async (_, name, version, send) => {
      const beat = numbered(name, version);
      let restarted: Promise<void> | undefined;
      const sent = await send(beat, (acknowledged) => {
        if (acknowledged >= KILLED_AT) restarted ??= receiver().killAndRestart();
      });
      expect(restarted).toBeDefined();
      await restarted;
      expect(sent).toMatchObject({ acknowledged: EVENTS, dropped: 0 });
      expect(sent.tries).toBeGreaterThan(1);

      const found = await countsOf(receiver().elasticUrl, `${name}-${version}`);
      const missing = beat.events.flatMap((_, number) => (found.has(number) ? [] : [number]));
      expect(missing).toEqual([]);
      expect([...found].filter(([number, count]) => number % 2 === 0 && count !== 1)).toEqual([]);
      // Without an id what was not acknowledged in time comes twice, and nothing else: two batches are in flight at most.
      expect([...found.values()].filter((count) => count > 1).length).toBeLessThanOrEqual(2 * BATCH);
    },
  );
}

/** How many documents there are of each number. */
async function countsOf(url: string, index: string): Promise<Map<number, number>> {
  await fetch(`${url}/${index}/_refresh`, { method: "POST" });
  const response = await fetch(`${url}/${index}/_search`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ size: 0, aggs: { numbers: { terms: { field: "event.sequence", size: 2 * EVENTS } } } }),
  });
  const body = (await response.json()) as {
    aggregations?: { numbers: { buckets: readonly { key: number; doc_count: number }[] } };
  };
  expect(response.status, JSON.stringify(body)).toBe(200);
  return new Map(body.aggregations?.numbers.buckets.map(({ key, doc_count: count }) => [key, count]));
}
