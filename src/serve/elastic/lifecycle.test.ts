import { afterEach, beforeEach, expect, test } from "vitest";
import { type StoredFace, startStoredFace } from "../../../test/rigs/stored-face.ts";
import { systemClock } from "../../lib/clock.ts";
import { DAY_US } from "../../store/retention.ts";

/** Noon of a day; the store drops by this clock. */
const NOON_US = Date.UTC(2026, 10, 22, 12) * 1000;
const clock = { ...systemClock(), nowUs: () => NOON_US };

let face: StoredFace;
beforeEach(async () => {
  const retention = { votesMs: DAY_US / 1000, rawMs: (30 * DAY_US) / 1000, diskBytes: 20e9 };
  face = await startStoredFace({ clock, retention });
});
afterEach(() => face?.close());

const put = (path: string, body: unknown) => face.ask("PUT", path, { body });
const AGES = [0, 1, 2, 5, 20, 40];

/** One document of each age in days. */
async function fill(...streams: string[]): Promise<void> {
  const lines = streams.flatMap((_index) =>
    AGES.flatMap((age) => [
      { create: { _index } },
      { "@timestamp": new Date((NOON_US - age * DAY_US) / 1000).toISOString(), age },
    ]),
  );
  expect((await face.bulk(lines, "/_bulk?refresh=true")).body.errors).toBe(false);
}

async function agesOf(stream: string): Promise<number[]> {
  const { body } = await face.ask("POST", `/${stream}/_search`, { body: { size: 100, sort: ["age"] } });
  return body.hits.hits.map(({ _source }: { _source: { age: number } }) => _source.age);
}

test("a stream's lifecycle and policies drop whole days sooner than the store's own rule, never later", async () => {
  await put("/_ilm/policy/week", { policy: { phases: { delete: { min_age: "4d" } } } });
  await put("/_index_template/policy", {
    index_patterns: ["logs-policy-*"],
    priority: 200,
    data_stream: {},
    template: { settings: { "index.lifecycle.name": "week" } },
  });
  await put("/_index_template/lifecycle", {
    index_patterns: ["logs-lifecycle-*"],
    priority: 200,
    data_stream: {},
    template: { lifecycle: { data_retention: "1d" } },
  });
  const streams = ["logs-policy-x", "logs-lifecycle-x", "logs-long-x", "logs-plain-x"];
  await fill(...streams);
  expect((await put("/_data_stream/logs-long-x/_lifecycle", { data_retention: "90d" })).status).toBe(200);
  // Four days of 40 days ago, two of 20, two of 5 and one of 2.
  expect(await face.store.retain()).toMatchObject({ droppedDays: 9, droppedRows: 9 });
  expect(await agesOf("logs-policy-x")).toEqual([0, 1, 2]);
  expect(await agesOf("logs-lifecycle-x")).toEqual([0, 1]);
  expect(await agesOf("logs-long-x")).toEqual([0, 1, 2, 5, 20]);
  expect(await agesOf("logs-plain-x")).toEqual([0, 1, 2, 5, 20]);

  // What comes late is taken, as Elasticsearch takes it, and goes with the next run.
  await fill("logs-lifecycle-x");
  expect(await agesOf("logs-lifecycle-x")).toEqual([0, 0, 1, 1, 2, 5, 20, 40]);
  expect(await face.store.retain()).toMatchObject({ droppedDays: 4 });
  expect(await agesOf("logs-lifecycle-x")).toEqual([0, 0, 1, 1]);

  // A lifecycle that is changed counts from then on, and one that is taken away no more.
  await put("/_data_stream/logs-plain-x/_lifecycle", { data_retention: "3d" });
  await put("/_data_stream/logs-long-x/_lifecycle", { data_retention: "3d" });
  await face.ask("DELETE", "/_data_stream/logs-long-x/_lifecycle");
  await face.store.retain();
  expect(await agesOf("logs-plain-x")).toEqual([0, 1, 2]);
  expect(await agesOf("logs-long-x")).toEqual([0, 1, 2, 5, 20]);
});

test("ages that cannot be read are refused", async () => {
  await fill("logs-plain-x");
  for (const [path, body] of [
    ["/_data_stream/logs-plain-x/_lifecycle", { data_retention: "soon" }],
    ["/_ilm/policy/p", { policy: { phases: { delete: { min_age: "1 week" } } } }],
  ] as const) {
    expect(await put(path, body)).toMatchObject({
      status: 400,
      body: { error: { type: "illegal_argument_exception" } },
    });
  }
});
