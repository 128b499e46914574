import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { freePorts } from "../../devnet/ports.ts";
import { type ElasticProgram, startElasticProgram } from "../rigs/elastic-program.ts";
import { until } from "../rigs/until.ts";
import { count, search, startSender } from "./ask.ts";
import { tools } from "./tools.ts";

const PYLOGBEAT = fileURLToPath(new URL("python/pylogbeat_client.py", import.meta.url));
const CERTIFICATES = fileURLToPath(new URL("../data/tls", import.meta.url));

let receiver: ElasticProgram | undefined;
afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

test.each([
  ["one window at a time, not compressed", { compress: 0, pipeline: 0 }],
  ["two windows in flight, compressed", { compress: 3, pipeline: 2 }],
])("Elastic's go-lumber sends %s, and all that it saw acknowledged is found", async (_, { compress, pipeline }) => {
  const batch = 500;
  receiver = await startElasticProgram();
  const [debugPort] = await freePorts(1);
  const args = { c: `127.0.0.1:${receiver.beatsPort}`, batch, compress, pipeline, httpprof: `127.0.0.1:${debugPort}` };
  const sender = startSender(
    tools.goLumber.program,
    Object.entries(args).flatMap(([name, value]) => [`-${name}`, String(value)]),
  );
  const acknowledged = async () => {
    const response = await fetch(`http://127.0.0.1:${debugPort}/debug/vars`).catch(() => undefined);
    return response === undefined ? 0 : ((await response.json()) as { ACKed: number }).ACKed;
  };
  try {
    await until("some windows are acknowledged", async () => (await acknowledged()) >= 6 * batch, 60_000);
    const seen = await acknowledged();
    await sender.end();
    // It sends on until it is ended: what was in flight then may be stored, too.
    const stored = await count(receiver.elasticUrl, "logs-generic-default");
    expect(stored, sender.said()).toBeGreaterThanOrEqual(seen);
    expect(await count(receiver.elasticUrl, "logs-generic-default", { term: { offset: 1000 } })).toBe(stored);
  } finally {
    await sender.end("SIGKILL");
  }
});

test("pylogbeat sends over TLS with a client's certificate, with a sequence that never restarts", async () => {
  const events = 1_250;
  const index = "logs-pylogbeat-default";
  receiver = await startElasticProgram({
    config: {
      beats: {
        tls: {
          certificate: `${CERTIFICATES}/server.pem`,
          key: `${CERTIFICATES}/server.key`,
          client_authority: `${CERTIFICATES}/ca.pem`,
        },
      },
    },
  });
  const sender = startSender("python3", [PYLOGBEAT, String(receiver.beatsPort), CERTIFICATES, index, String(events)], {
    PYTHONPATH: tools.pylogbeat.directory,
    PYTHONDONTWRITEBYTECODE: "1",
  });
  expect(await sender.ended, sender.said()).toBe(0);
  expect(await count(receiver.elasticUrl, index)).toBe(events);
  const { aggregations } = await search(receiver.elasticUrl, index, {
    size: 0,
    aggs: { numbers: { terms: { field: "event.sequence", size: events + 1 } } },
  });
  expect(aggregations?.["numbers"]?.buckets.map(({ key }) => key).toSorted((a, b) => Number(a) - Number(b))).toEqual(
    Array.from({ length: events }, (_, number) => number),
  );
});
