import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { JsonObject } from "../../src/events/foreign.ts";
import { compressedFrame, connectLumberjack, jsonFrame, windowFrame } from "./lumberjack-client.ts";

/**
 * Beats themselves cannot be had here. This plays what they are documented to do (libbeat's outputs) with documents
 * that they made: test/data/beats-samples.
 */
export type Beat = { name: "filebeat" | "metricbeat" | "packetbeat"; version: string; events: readonly JsonObject[] };

/** The sample events of a Beat, completed by what a running one adds to each. */
export function sampleBeat(name: Beat["name"], version: string): Beat {
  const text = readFileSync(new URL(`../data/beats-samples/${name}.jsonl`, import.meta.url), "utf8");
  const events = text
    .trim()
    .split("\n")
    .map((line, at): JsonObject => {
      const { _sample, "@metadata": told, ...event } = JSON.parse(line);
      const own = Object.fromEntries(Object.entries(event).filter(([key]) => !key.startsWith("@metadata.")));
      return {
        "@timestamp": new Date(1_764_288_000_000 + at).toISOString(),
        ecs: { version: "8.0.0" },
        agent: { type: name, version, id: "2f5e", ephemeral_id: "9c1a", name: "node-1" },
        ...own,
        "@metadata": { ...told, beat: name, type: "_doc", version },
      };
    });
  return { name, version, events };
}

/** What an output was told of its events. */
export type Sent = { acknowledged: number; dropped: number; tries: number };

const BULK_MAX_SIZE = 2048;
const MAX_TRIES = 500;
/** Beats wait a second and more after a lost connection (`backoff.init`). */
const BACKOFF_MS = 100;

/** output.logstash: windows of compressed events, two in flight; what was not acknowledged is sent again. */
export async function sendToLogstash(
  beat: Beat,
  input: { port: number; batchSize?: number; onAcknowledged?: (events: number) => void },
): Promise<Sent> {
  const { port, batchSize = BULK_MAX_SIZE, onAcknowledged } = input;
  let left = [...beat.events];
  let tries = 0;
  for (; left.length > 0 && tries < MAX_TRIES; tries += 1) {
    const client = await connectLumberjack(port).catch(() => wait(BACKOFF_MS));
    if (client === undefined) continue;
    const batches = batchesOf(left, batchSize);
    let done = 0;
    for (let at = 0; at < batches.length; at += 2) {
      const flight = batches.slice(at, at + 2);
      for (const events of flight) {
        client.send(windowFrame(events.length), compressedFrame(...events.map((event, n) => jsonFrame(n + 1, event))));
      }
      const wanted = done + flight.length;
      while (completed(client.acks, batches) < wanted && !client.socket.destroyed) await settled(client.closed);
      done = completed(client.acks, batches);
      onAcknowledged?.(beat.events.length - batches.slice(done).flat().length);
      if (done < wanted) break;
    }
    left = batches.slice(done).flat();
    client.socket.destroy();
    await client.closed;
  }
  return { acknowledged: beat.events.length - left.length, dropped: 0, tries };
}

/** How many batches are acknowledged whole: each by its own last sequence number. */
function completed(acks: readonly number[], batches: readonly (readonly JsonObject[])[]): number {
  let done = 0;
  for (const ack of acks) if (ack === batches[done]?.length) done += 1;
  return done;
}

/** A moment, or the connection's end. */
function settled(closed: Promise<unknown>): Promise<unknown> {
  return Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 5))]);
}

/** output.elasticsearch: the set-up requests, then gzipped `_bulk` with `create`; each item has its own fate. */
export async function sendToElasticsearch(
  beat: Beat,
  input: {
    url: string;
    headers?: Record<string, string>;
    pipeline?: string;
    batchSize?: number;
    onAcknowledged?: (events: number) => void;
  },
): Promise<Sent> {
  const { url, headers = {}, pipeline, batchSize = BULK_MAX_SIZE, onAcknowledged } = input;
  const index = `${beat.name}-${beat.version}`;
  const ask = (method: string, path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        "user-agent": `Elastic-${beat.name.charAt(0).toUpperCase()}${beat.name.slice(1)}/${beat.version} (linux; amd64)`,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json; charset=UTF-8" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  const { version } = (await expectOk(await ask("GET", "/"))) as { version: { number: string } };
  if (version.number < beat.version) throw new Error(`ErrTooOld: ${version.number}`);
  await expectOk(await ask("GET", "/_license?human=false"));
  if ((await ask("GET", `/_ilm/policy/${beat.name}`)).status === 404)
    await expectOk(await ask("PUT", `/_ilm/policy/${beat.name}`, { policy: { phases: { hot: { actions: {} } } } }));
  if ((await ask("HEAD", `/_index_template/${index}`)).status === 404) {
    const template = {
      index_patterns: [index],
      data_stream: {},
      priority: 150,
      // Libbeat's own limit: what a Beat's modules tell has more fields than Elasticsearch takes by itself.
      template: { settings: { index: { mapping: { total_fields: { limit: 12_500 } } } }, mappings: { dynamic: true } },
    };
    await expectOk(await ask("PUT", `/_index_template/${index}`, template));
  }
  if ((await ask("GET", `/_data_stream/${index}`)).status === 404)
    await expectOk(await ask("PUT", `/_data_stream/${index}`));

  const sent: Sent = { acknowledged: 0, dropped: 0, tries: 0 };
  const queue = batchesOf(beat.events, batchSize);
  for (let batch = queue.shift(); batch !== undefined && sent.tries < MAX_TRIES; batch = queue.shift()) {
    sent.tries += 1;
    const lines = batch.flatMap(({ "@metadata": metadata, ...source }) => {
      const { _id } = metadata as { _id?: string };
      const action = {
        _index: index,
        ...(_id === undefined ? {} : { _id }),
        ...(pipeline === undefined ? {} : { pipeline }),
      };
      return [JSON.stringify({ create: action }), JSON.stringify(source)];
    });
    const answer = await post(`${url}/_bulk?filter_path=errors%2Citems.%2A.error%2Citems.%2A.status`, {
      headers,
      body: gzipSync(`${lines.join("\n")}\n`),
    });
    if (answer === undefined) {
      queue.unshift(batch);
      await wait(BACKOFF_MS);
      continue;
    }
    const { response, text } = answer;
    if (response.status === 413 && batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      queue.unshift(batch.slice(0, half), batch.slice(half));
    } else if (response.status === 413) sent.dropped += 1;
    else if (response.status >= 300) queue.push(batch);
    else {
      const { items } = JSON.parse(text) as { items: readonly { create: { status: number } }[] };
      if (items.length !== batch.length) throw new Error(`${items.length} items for ${batch.length} events`);
      const again = batch.filter((_, at) => isRetried(items[at]?.create.status ?? 500));
      const dropped = items.filter(({ create: { status } }) => status >= 400 && status !== 409 && !isRetried(status));
      sent.dropped += dropped.length;
      sent.acknowledged += batch.length - again.length - dropped.length;
      onAcknowledged?.(sent.acknowledged);
      if (again.length > 0) queue.push(again);
    }
  }
  return sent;
}

/** The answer; nothing when the connection was refused, or lost before the answer had come whole. */
async function post(
  url: string,
  input: { headers: Record<string, string>; body: Uint8Array<ArrayBuffer> },
): Promise<{ response: Response; text: string } | undefined> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "content-encoding": "gzip", ...input.headers },
      body: input.body,
    });
    return { response, text: await response.text() };
  } catch {
    return undefined;
  }
}

function isRetried(status: number): boolean {
  return status === 429 || status >= 500;
}

async function expectOk(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.status >= 300) throw new Error(`${response.url}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

function batchesOf(events: readonly JsonObject[], size: number): (readonly JsonObject[])[] {
  return Array.from({ length: Math.ceil(events.length / size) }, (_, at) => events.slice(at * size, (at + 1) * size));
}
