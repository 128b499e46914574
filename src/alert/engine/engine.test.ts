import { expect, test } from "vitest";
import { createChain } from "../../chain/chain.ts";
import { catalogue } from "../../events/catalogue.ts";
import type { Document, Json } from "../../events/document.ts";
import type { SearchResponse } from "../../search/request.ts";
import { parseWatch } from "../watch/parse-watch.ts";
import type { Decision } from "./decisions.ts";
import { createAlertEngine } from "./engine.ts";

const GENESIS_S = 1_000;
const chain = createChain({
  spec: { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32", INTERVALS_PER_SLOT: "3", CONFIG_NAME: "rig" },
  genesis: { genesis_time: String(GENESIS_S) },
});

/** An engine over a clock that stands where the test sets it, and over answers that the test gives to searches. */
function createRig(watches: Readonly<Record<string, unknown>>, nodes: readonly string[] = ["n1", "n2", "n3"]) {
  const decisions: Decision[] = [];
  const asked: { indices: readonly string[]; body: unknown }[] = [];
  let nowMs = GENESIS_S * 1000;
  let answer: () => Promise<SearchResponse> = () => Promise.reject(new Error("nothing is searched"));
  const engine = createAlertEngine({
    chain,
    nodes,
    datasets: catalogue,
    ports: {
      search: (request) => {
        asked.push(request);
        return answer();
      },
      fetch: () => Promise.reject(new Error("nothing is fetched")),
    },
    decide: (decision) => decisions.push(decision),
    nowMs: () => nowMs,
    signal: new AbortController().signal,
  });
  for (const [id, body] of Object.entries(watches)) engine.set(parseWatch({ id, body }), { active: true, version: 1 });
  const taken = () => decisions.splice(0);
  return {
    engine,
    asked,
    taken,
    at(ms: number) {
      nowMs = GENESIS_S * 1000 + ms;
    },
    answerWith(response: () => Promise<SearchResponse>) {
      answer = response;
    },
    /** Messages that were decided since the last look: action, stage and text. */
    told: () =>
      taken().flatMap(({ deliveries }) =>
        deliveries.map(({ action, stage, content }) => {
          const { action: said } = content as { action: { text?: Json } };
          return [action, stage, said.text];
        }),
      ),
    up: () => engine.observe(nodes.map((node) => streamOf(node, "up"))),
  };
}

const slotOf = (slot: number, fields: Document["fields"]): Document => ({
  dataset: "slot",
  id: String(slot),
  timestampUs: chain.slotStartUs(slot),
  fields: { "ethereum.slot": slot, ...fields },
});
const streamOf = (node: string, state: "up" | "down"): Document => ({
  dataset: "stream",
  id: node,
  timestampUs: GENESIS_S * 1e6,
  fields: { "observer.name": node, "ethereum.stream.state": state },
});
const found = (value: number): SearchResponse => ({
  took: 1,
  timed_out: false,
  _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
  hits: { total: { value, relation: "eq" }, max_score: null, hits: [] },
});

const LATE = {
  trigger: {
    stream: { dataset: "slot", where: { compare: { "ctx.payload.ethereum.status": { not_eq: "pending" } } }, last: 4 },
  },
  condition: { compare: { "ctx.payload.ethereum.late": { eq: true } } },
  actions: { log: { logging: { text: "slot {{ctx.payload.ethereum.slot}} {{ctx.vars.alert.severity}}" } } },
  metadata: {
    alert: {
      scope: "network",
      about: "late",
      severity: [
        {
          severity: "high",
          when: { script: "ctx.vars.last.stream().filter(d -> d.ethereum.late).count() >= 3" },
        },
        { severity: "warning", when: { always: {} } },
      ],
      title: "Late {{ctx.payload.ethereum.slot}}",
      text: "It came late",
      slot: "{{ctx.payload.ethereum.slot}}",
      over_after: "2 slots",
      tell_over: true,
    },
  },
};

test("an alert is told when it begins, when it is worse and when it is over, and not in between", () => {
  const rig = createRig({ late: LATE });
  rig.up();
  rig.at(4_500);
  rig.engine.observe([slotOf(1, { "ethereum.status": "pending", "ethereum.late": true })]);
  expect(rig.told()).toEqual([]);
  rig.engine.observe([slotOf(1, { "ethereum.status": "proposed", "ethereum.late": true })]);
  expect(rig.told()).toEqual([["log", "new", "slot 1 warning"]]);
  rig.engine.observe([slotOf(1, { "ethereum.status": "proposed", "ethereum.late": true, "ethereum.spread_ms": 1 })]);
  rig.engine.observe([slotOf(2, { "ethereum.status": "proposed", "ethereum.late": true })]);
  expect(rig.told()).toEqual([]);
  rig.engine.observe([slotOf(3, { "ethereum.status": "proposed", "ethereum.late": true })]);
  expect(rig.told()).toEqual([["log", "worse", "slot 3 high"]]);
  rig.at(20_000);
  rig.engine.observe([slotOf(4, { "ethereum.status": "proposed", "ethereum.late": false })]);
  rig.at(43_999);
  rig.engine.advance();
  expect(rig.told()).toEqual([]);
  rig.at(44_000);
  rig.engine.advance();
  expect(rig.told()).toEqual([["log", "over", "slot 3 high"]]);
  expect(rig.engine.book.open()).toEqual([]);
});

test("what is decided stands together: the alert, its message still pending, the history and the state", () => {
  const rig = createRig({ late: LATE });
  rig.up();
  rig.engine.observe([slotOf(1, { "ethereum.status": "proposed", "ethereum.late": true })]);
  const [decision] = rig.taken();
  expect(decision?.documents.map(({ dataset }) => dataset)).toEqual([
    "alert",
    "delivery",
    "ethereum.watch_history",
    "watch_state",
  ]);
  expect(decision?.deliveries).toMatchObject([
    { watch: "late", stage: "new", status: "pending", decided_ms: 1_000_000 },
  ]);
  expect(decision?.alerts).toMatchObject([{ slot: 1, told: [{ action: "log", stage: "new", status: "pending" }] }]);
});

test("a rule about the network says that it cannot judge while most nodes are not to be relied on", () => {
  const rig = createRig({ late: LATE });
  rig.up();
  rig.engine.observe([streamOf("n1", "down"), streamOf("n2", "down")]);
  const late = slotOf(1, { "ethereum.status": "proposed", "ethereum.late": true });
  rig.engine.observe([late]);
  rig.engine.observe([late]);
  const [unjudged, ...more] = rig.taken();
  expect(more).toEqual([]);
  expect(unjudged?.documents[0]?.fields).toMatchObject({
    "watch.state": "cannot_judge",
    "event.reason": "Only 1 of 3 nodes can be relied on, 2 are needed: n1 is not streaming, n2 is not streaming.",
  });
  expect(rig.engine.get("late")?.cannotJudge).toContain("Only 1 of 3");
  rig.engine.observe([streamOf("n1", "up"), slotOf(2, { "ethereum.status": "proposed", "ethereum.late": true })]);
  expect(rig.told()).toEqual([["log", "new", "slot 2 warning"]]);
  expect(rig.engine.get("late")?.cannotJudge).toBeUndefined();
});

test("documents of an earlier run tell nobody, and do not when they come again", () => {
  const rig = createRig({ late: LATE });
  rig.up();
  const late = [1, 2].map((slot) => slotOf(slot, { "ethereum.status": "proposed", "ethereum.late": true }));
  rig.engine.prime(late);
  rig.engine.observe(late);
  expect(rig.told()).toEqual([]);
  rig.engine.observe([slotOf(3, { "ethereum.status": "proposed", "ethereum.late": true })]);
  expect(rig.told()).toEqual([["log", "new", "slot 3 high"]]);
});

const PLAIN = {
  trigger: { schedule: { interval: "10s" } },
  input: {
    search: { request: { indices: ["logs-*"], body: { query: { range: { "@timestamp": { gte: "now-5m" } } } } } },
  },
  condition: { compare: { "ctx.payload.hits.total": { gt: 0 } } },
  actions: { log: { throttle_period: "25s", logging: { text: "{{ctx.payload.hits.total}} lines" } } },
};

test("a plain watch runs its actions by Watcher's rules: throttled, acknowledged until the condition is not met", async () => {
  const rig = createRig({ plain: PLAIN });
  let lines = 3;
  rig.answerWith(() => Promise.resolve(found(lines)));
  const step = async (ms: number) => {
    rig.at(ms);
    rig.engine.advance();
    await rig.engine.idle();
    return rig.told();
  };
  expect(await step(9_000)).toEqual([]);
  expect(await step(10_000)).toEqual([["log", null, "3 lines"]]);
  expect(rig.asked[0]).toMatchObject({ indices: ["logs-*"], body: { query: { range: { "@timestamp": {} } } } });
  expect(JSON.stringify(rig.asked[0]?.body)).toContain("1970-01-01T00:16:50.000Z||-5m");
  expect(await step(20_000)).toEqual([]);
  expect(await step(40_000)).toEqual([["log", null, "3 lines"]]);
  rig.engine.get("plain")?.statuses.acknowledge(undefined, 1_041_000);
  expect(await step(90_000)).toEqual([]);
  lines = 0;
  expect(await step(100_000)).toEqual([]);
  lines = 1;
  expect(await step(110_000)).toEqual([["log", null, "1 lines"]]);
  expect(rig.engine.book.open("plain")).toMatchObject([{ about: "", severity: "warning", state: "open" }]);
});

test("a check that fails is told once in the history, and the next one that does not is judged", async () => {
  const rig = createRig({ plain: PLAIN });
  rig.answerWith(() => Promise.reject(new Error("the store is away")));
  for (const ms of [10_000, 20_000, 30_000]) {
    rig.at(ms);
    rig.engine.advance();
    await rig.engine.idle();
  }
  const failures = rig.taken().flatMap(({ documents }) => documents);
  expect(failures.map(({ fields }) => fields["watch.state"])).toEqual(["failed"]);
  expect(failures[0]?.fields["event.reason"]).toContain("the store is away");
  rig.answerWith(() => Promise.resolve(found(1)));
  rig.at(40_000);
  rig.engine.advance();
  await rig.engine.idle();
  expect(rig.told()).toEqual([["log", null, "1 lines"]]);
});

test("a slow check is not begun again meanwhile, and what it finds of a watch that was replaced is nothing", async () => {
  const rig = createRig({ plain: PLAIN });
  const slow = Promise.withResolvers<SearchResponse>();
  rig.answerWith(() => slow.promise);
  for (const ms of [10_000, 20_000, 30_000]) {
    rig.at(ms);
    rig.engine.advance();
  }
  expect(rig.asked).toHaveLength(1);
  expect(rig.engine.get("plain")?.leftOut).toBe(2);
  rig.engine.set(parseWatch({ id: "plain", body: PLAIN }), { active: true, version: 2 });
  slow.resolve(found(9));
  await rig.engine.idle();
  expect(rig.told()).toEqual([]);
});

test("an inactive watch is not checked, and its alerts end untold", () => {
  const rig = createRig({ late: LATE });
  rig.up();
  rig.engine.observe([slotOf(1, { "ethereum.status": "proposed", "ethereum.late": true })]);
  rig.taken();
  rig.engine.set(parseWatch({ id: "late", body: LATE }), { active: false, version: 2 });
  expect(rig.taken()).toMatchObject([{ deliveries: [], alerts: [{ state: "over" }] }]);
  rig.engine.observe([slotOf(2, { "ethereum.status": "proposed", "ethereum.late": true })]);
  expect(rig.taken()).toEqual([]);
});

test("of a search that finds several things each is an alert, and over by itself", async () => {
  const rig = createRig({
    disks: {
      trigger: { schedule: { interval: "10s" } },
      input: { search: { request: { indices: ["metrics-*"], body: { size: 0 } } } },
      condition: { script: "ctx.payload.aggregations.hosts.buckets.size() > 0" },
      actions: { log: { logging: { text: "{{ctx.payload.key}}" } } },
      metadata: {
        alert: {
          scope: "host",
          severity: "warning",
          each: "payload.aggregations.hosts.buckets",
          about: "{{ctx.payload.key}}",
          title: "{{ctx.payload.key}} is full",
          text: "x",
          over_after: "0s",
          tell_over: true,
        },
      },
    },
  });
  let hosts = ["a", "b"];
  rig.answerWith(() =>
    Promise.resolve({ ...found(1), aggregations: { hosts: { buckets: hosts.map((key) => ({ key, doc_count: 1 })) } } }),
  );
  const step = async (ms: number) => {
    rig.at(ms);
    rig.engine.advance();
    await rig.engine.idle();
    return rig.told();
  };
  expect(await step(10_000)).toEqual([
    ["log", "new", "a"],
    ["log", "new", "b"],
  ]);
  hosts = ["b"];
  expect(await step(20_000)).toEqual([["log", "over", "a"]]);
  hosts = [];
  expect(await step(30_000)).toEqual([["log", "over", "b"]]);
});

const HELD = {
  ...LATE,
  metadata: { alert: { ...LATE.metadata.alert, holds_for: "2 slots" } },
};

test("what must hold begins and ends nothing by time alone while it cannot be judged", () => {
  const rig = createRig({ held: HELD });
  rig.up();
  rig.engine.observe([slotOf(1, { "ethereum.status": "proposed", "ethereum.late": true })]);
  rig.engine.observe([streamOf("n1", "down"), streamOf("n2", "down")]);
  rig.at(60_000);
  rig.engine.advance();
  expect(rig.told()).toEqual([]);
  rig.engine.observe([streamOf("n1", "up")]);
  rig.engine.advance();
  expect(rig.told()).toEqual([["log", "new", "slot 1 warning"]]);
});

const EVENT = { ...LATE, metadata: { alert: { ...LATE.metadata.alert, event: true, over_after: "1h" } } };

test("what goes on is written now and then, so that a restart knows how it stood", () => {
  const rig = createRig({ event: EVENT });
  rig.up();
  const lateAt = (slot: number, ms: number) => {
    rig.at(ms);
    rig.engine.observe([slotOf(slot, { "ethereum.status": "proposed", "ethereum.late": true })]);
    return rig.taken();
  };
  lateAt(1, 0);
  expect(lateAt(2, 12_000)).toEqual([]);
  lateAt(3, 24_000);
  expect(lateAt(4, 48_000)).toEqual([]);
  expect(lateAt(5, 60_000)).toMatchObject([{ deliveries: [], alerts: [{ last_ms: 1_060_000, met: 5 }] }]);
});

test("messages of a plain watch within one millisecond have ids of their own", () => {
  const rig = createRig({
    plain: {
      trigger: { stream: { dataset: "slot" } },
      throttle_period: "0s",
      actions: { log: { logging: { text: "{{ctx.payload.ethereum.slot}}" } } },
    },
  });
  rig.engine.observe([1, 2, 3].map((slot) => slotOf(slot, { "ethereum.status": "proposed" })));
  const ids = rig.taken().flatMap(({ deliveries }) => deliveries.map(({ id }) => id));
  expect(new Set(ids).size).toBe(3);
});

test("a rule that is saved again keeps its window, and ends its alerts where it looks at something else", () => {
  const rig = createRig({ late: LATE });
  rig.up();
  rig.engine.observe([1, 2].map((slot) => slotOf(slot, { "ethereum.status": "proposed", "ethereum.late": true })));
  rig.taken();
  const again = (body: object) => rig.engine.set(parseWatch({ id: "late", body }), { active: true, version: 2 });
  again({ ...LATE, throttle_period: "1h" });
  expect(rig.taken()).toEqual([]);
  rig.engine.observe([slotOf(3, { "ethereum.status": "proposed", "ethereum.late": true })]);
  expect(rig.told()).toEqual([["log", "worse", "slot 3 high"]]);
  again({ ...LATE, metadata: { alert: { ...LATE.metadata.alert, about: "other" } } });
  expect(rig.taken()).toMatchObject([{ deliveries: [], alerts: [{ about: "late", state: "over" }] }]);
});

test("who was not told that it began is not told that it is over", () => {
  const rig = createRig({ late: LATE }, ["n1", "n2", "n3"]);
  rig.up();
  rig.engine.observe([slotOf(1, { "ethereum.status": "proposed", "ethereum.late": true })]);
  rig.taken();
  const [alert] = rig.engine.book.open();
  rig.engine.book.update(alert?.id ?? "", (one) => ({
    ...one,
    told: one.told.map((told) => ({ ...told, status: "silenced" as const })),
  }));
  rig.at(20_000);
  rig.engine.observe([slotOf(2, { "ethereum.status": "proposed", "ethereum.late": false })]);
  rig.at(60_000);
  rig.engine.advance();
  expect(rig.taken()).toMatchObject([{ deliveries: [], alerts: [{ state: "over" }] }]);
});

test("while rules are stopped the quality of data and the windows are noted, and nothing is judged", () => {
  const rig = createRig({ late: LATE });
  rig.engine.note([
    ...["n1", "n2", "n3"].map((node) => streamOf(node, "up")),
    ...[1, 2].map((slot) => slotOf(slot, { "ethereum.status": "proposed", "ethereum.late": true })),
  ]);
  expect(rig.taken()).toEqual([]);
  rig.engine.observe([slotOf(3, { "ethereum.status": "proposed", "ethereum.late": true })]);
  expect(rig.told()).toEqual([["log", "new", "slot 3 high"]]);
});

test("a failure that lasts is told again every five minutes", async () => {
  const rig = createRig({ plain: PLAIN });
  rig.answerWith(() => Promise.reject(new Error("the store is away")));
  for (let ms = 10_000; ms <= 620_000; ms += 10_000) {
    rig.at(ms);
    rig.engine.advance();
    await rig.engine.idle();
  }
  expect(rig.taken().flatMap(({ documents }) => documents)).toHaveLength(3);
});
