import { readFileSync } from "node:fs";
import type { JsonObject } from "../../src/events/foreign.ts";

type Beat = "metricbeat" | "packetbeat" | "filebeat";

const known = new Map<string, JsonObject[]>();

/** The Beats' own sample documents of a dataset, newest form last, without what the collection added. */
function samples(beat: Beat, dataset: string): JsonObject[] {
  const key = `${beat} ${dataset}`;
  const found = known.get(key) ?? readSamples(beat, dataset);
  known.set(key, found);
  return found;
}

function readSamples(beat: Beat, dataset: string): JsonObject[] {
  const text = readFileSync(new URL(`../data/beats-samples/${beat}.jsonl`, import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as JsonObject)
    .filter((one) => datasetOf(one) === dataset)
    .map(({ _sample, "@metadata": _, "@metadata.beat": __, "@metadata.type": ___, ...document }) => document);
}

function datasetOf(document: JsonObject): unknown {
  const event = document["event"] as JsonObject | undefined;
  return document["event.dataset"] ?? event?.["dataset"] ?? document["type"];
}

/** What the running Beat adds: when and where. */
export type Placed = { atMs: number; host: string };

/** A sample as a host would have sent it at a moment, with changes by dotted name. */
function placed(document: JsonObject, { atMs, host }: Placed, changes: JsonObject = {}): JsonObject {
  const { host: own, ...rest } = document;
  const moved: Record<string, unknown> = structuredClone({
    ...rest,
    "@timestamp": new Date(atMs).toISOString(),
    host: { ...(own as JsonObject | undefined), name: host },
    ecs: { version: "8.0.0" },
  });
  for (const [path, value] of Object.entries(changes)) set(moved, path.split("."), value);
  return moved as JsonObject;
}

function set(object: Record<string, unknown>, [key = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) object[key] = value;
  else {
    object[key] ??= {};
    set(object[key] as Record<string, unknown>, rest, value);
  }
}

/** One of Metricbeat's sample documents. */
export function metric(metricset: string, where: Placed, changes: JsonObject = {}): JsonObject {
  const [sample] = samples("metricbeat", `system.${metricset}`);
  if (sample === undefined) throw new Error(`There is no sample of system.${metricset}.`);
  return placed(sample, where, changes);
}

/** All of Packetbeat's sample documents of a protocol, a second apart. */
export function packets(protocol: string, where: Placed): JsonObject[] {
  return samples("packetbeat", protocol).map((sample, at) =>
    placed(sample, { ...where, atMs: where.atMs + at * 1000 }),
  );
}

/** An echo request in the form that Packetbeat documents; of ICMP there is no sample. */
export function ping({ atMs, host }: Placed, answered: boolean): JsonObject {
  return placed(
    {
      type: "icmp",
      event: { dataset: "icmp", kind: "event", category: ["network"], ...(answered ? { duration: 1_250_000 } : {}) },
      icmp: {
        version: 4,
        request: { message: "EchoRequest(0)", type: 8, code: 0 },
        ...(answered ? { response: { message: "EchoReply(0)", type: 0, code: 0 } } : {}),
      },
      network: { transport: "icmp", type: "ipv4" },
      destination: { ip: "10.0.0.9" },
      status: answered ? "OK" : "Error",
    },
    { atMs, host },
  );
}

/** A client's line as our pipelines leave it. */
export function line(
  where: Placed,
  fields: { client: string; level?: string; type?: string; message: string },
): JsonObject {
  const { client, level, type, message } = fields;
  return placed(
    {
      message,
      service: { type: client },
      ...(level === undefined ? {} : { log: { level } }),
      ...(type === undefined ? {} : { error: { type, message } }),
    },
    where,
  );
}

/** A measurement as Telegraf's Elasticsearch output writes it: the host is a tag. */
export function measurement(
  name: string,
  { atMs, host }: Placed,
  { tags = {}, fields }: { tags?: JsonObject; fields: JsonObject },
): JsonObject {
  return { "@timestamp": new Date(atMs).toISOString(), measurement_name: name, tag: { host, ...tags }, [name]: fields };
}
