import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import { isFault } from "../../lib/fault.ts";
import type { Watch, WatchPorts } from "../watch.ts";
import { parseWatch } from "./parse-watch.ts";
import { refusalOf, rigContext, rigPorts, rigResponse } from "./watch-rig.ts";

const parse = (body: Json): Watch => parseWatch({ id: "w", body });

const HIT = { message: 'say "hi"', host: { name: "a" } };
const found = (total = 7) => rigPorts({ search: () => Promise.resolve(rigResponse([HIT], total)) });

const ERRORS = {
  trigger: { schedule: { interval: "10s" } },
  input: {
    search: {
      request: {
        indices: ["logs"],
        body: { query: { range: { "@timestamp": { gte: "now-5m" } } } },
      },
    },
  },
  condition: { compare: { "ctx.payload.hits.total": { gt: 5 } } },
  transform: { script: "['total': ctx.payload.hits.total, 'first': ctx.payload.hits.hits[0]._source]" },
  throttle_period: "15m",
  metadata: { color: "red" },
  actions: {
    log: { logging: { level: "error", text: "{{ctx.payload.total}} errors of {{ctx.payload.first.host.name}}" } },
  },
};

describe("a watch", () => {
  test("searches, compares, transforms and says what it found", async () => {
    const watch = parse(ERRORS);
    expect(watch).toMatchObject({
      id: "w",
      source: ERRORS,
      metadata: { color: "red" },
      throttlePeriodMs: 900_000,
      alert: undefined,
    });
    const ports = found();
    const check = await watch.check(rigContext(), ports);
    const payload = { total: 7, first: HIT };
    expect(check).toMatchObject({
      met: true,
      payload,
      result: {
        input: {
          type: "search",
          status: "success",
          payload: { hits: { total: 7 } },
          search: { request: { indices: ["logs"], rest_total_hits_as_int: true } },
        },
        condition: {
          type: "compare",
          status: "success",
          met: true,
          compare: { resolved_values: { "ctx.payload.hits.total": 7 } },
        },
        transform: { type: "script", status: "success", payload },
      },
    });
    expect(ports.searched[0]?.body).toEqual({
      query: { range: { "@timestamp": { gte: "2026-11-28T10:00:00.000Z||-5m" } } },
    });
    expect(watch.actions[0]?.render({ ...rigContext(), payload: check.payload }, ports)).toEqual({
      kind: "contents",
      contents: [{ level: "error", text: "7 errors of a" }],
    });
  });

  test("that is not met has its input's payload, and no transform", async () => {
    const check = await parse(ERRORS).check(rigContext(), found(5));
    expect(check).toMatchObject({ met: false, payload: { hits: { total: 5 } }, result: { condition: { met: false } } });
    expect(check.result["transform"]).toBe(undefined);
  });

  test("of a stream is checked at once, with the document as its payload", () => {
    const where = { compare: { "ctx.payload.ethereum.slot": { gt: 5 } } };
    const watch = parse({
      trigger: { stream: { dataset: "slot", where, last: 3 } },
      condition: { script: { source: "ctx.payload.ethereum.slot % params.every == 0", params: { every: 2 } } },
    });
    const { trigger } = watch;
    expect(trigger).toMatchObject({ kind: "stream", dataset: "slot", last: 3 });
    const takes = (source: JsonObject) => trigger.kind === "stream" && trigger.takes(source);
    expect([takes({ ethereum: { slot: 5 } }), takes({ ethereum: { slot: 6 } })]).toEqual([false, true]);
    const document = { ethereum: { slot: 6 } };
    expect(watch.check(rigContext(document), rigPorts())).toMatchObject({ met: true, payload: document });
  });

  test("does not take a document for which its where cannot be judged", () => {
    const { trigger } = parse({ trigger: { stream: { dataset: "slot", where: { script: "ctx.payload.a.b == 1" } } } });
    const takes = (source: JsonObject) => trigger.kind === "stream" && trigger.takes(source);
    expect([takes({}), takes({ a: { b: 1 } })]).toEqual([false, true]);
  });

  test.each<[string, JsonObject, WatchPorts, JsonObject]>([
    ["input", { ...ERRORS }, rigPorts(), { type: "exception", reason: "no search is answered" }],
    [
      "condition",
      { ...ERRORS, condition: { script: "ctx.payload.a.b > 1" } },
      found(),
      { type: "script_exception", reason: "runtime error" },
    ],
    [
      "transform",
      { ...ERRORS, transform: { script: "1 / 0" } },
      found(),
      { type: "script_exception", reason: "runtime error" },
    ],
  ])("whose %s fails is not met, and says why in Elasticsearch's words", async (part, body, ports, error) => {
    const check = await parse(body).check(rigContext(), ports);
    expect(check).toMatchObject({ met: false, error, result: { [part]: { status: "failure", error } } });
  });

  test("that was read from Elasticsearch can be put again", () => {
    expect(parse({ ...ERRORS, status: { state: {} }, version: 5 }).actions).toHaveLength(1);
  });

  test.each<[Json, string, string, string]>([
    [[], "parse_exception", "could not parse watch [w]. expected an object, but found [START_ARRAY]", ""],
    [{}, "parse_exception", "could not parse watch [w]. missing required field [trigger]", ""],
    [{ ...ERRORS, inputs: {} }, "parse_exception", "could not parse watch [w]. unexpected field [inputs]", "inputs"],
    [
      { ...ERRORS, trigger: { schedule: {}, stream: {} } },
      "parse_exception",
      "could not parse trigger for [w]. expected trigger type string field, but found [schedule, stream]",
      "trigger",
    ],
    [
      { ...ERRORS, trigger: { event: {} } },
      "parse_exception",
      "could not parse trigger [event] for [w]. unknown trigger type [event]",
      "trigger.event",
    ],
    [
      { ...ERRORS, trigger: { schedule: "5m" } },
      "parse_exception",
      "could not parse trigger [schedule] for [w]. expected trigger an object as the trigger body, but found [VALUE_STRING]",
      "trigger.schedule",
    ],
    [
      { ...ERRORS, trigger: { stream: { dataset: "ethereum.single_attestation" } } },
      "illegal_argument_exception",
      "could not parse trigger [stream] for [w]. documents of [ethereum.single_attestation] are too many to be watched one by one",
      "trigger.stream.dataset",
    ],
    [
      { ...ERRORS, trigger: { stream: { dataset: "alert" } } },
      "illegal_argument_exception",
      "could not parse trigger [stream] for [w]. [alert] is written by watches themselves",
      "trigger.stream.dataset",
    ],
    [
      {
        ...ERRORS,
        trigger: { stream: { dataset: "slot", where: { compare: { "ctx.payload.t": { gt: "<{now-1m}>" } } } } },
      },
      "illegal_argument_exception",
      "could not parse trigger [stream] for [w]. [where] has no present moment: compare with [now] in the watch's condition",
      "trigger.stream.where",
    ],
    [
      { ...ERRORS, trigger: { stream: { dataset: "slot", last: 5000 } } },
      "parse_exception",
      "could not parse trigger [stream] for [w]. [last] must be a number from 0 to 1024",
      "trigger.stream.last",
    ],
    [
      { ...ERRORS, throttle_period: "soon" },
      "parse_exception",
      "could not parse watch [w]. failed to parse time value for field [throttle_period]",
      "throttle_period",
    ],
    [
      { ...ERRORS, metadata: [] },
      "parse_exception",
      "could not parse watch [w]. expected an object for [metadata], but found [START_ARRAY]",
      "metadata",
    ],
    [
      { ...ERRORS, metadata: { alert: { scope: "galaxy" } } },
      "parse_exception",
      "could not parse [metadata.alert] of watch [w]. [scope] must be one of [network, node, validators, host, monitor], but is [galaxy]",
      "metadata.alert.scope",
    ],
  ])("%j is refused", (body, type, reason, path) => {
    expect(refusalOf(() => parse(body))).toMatchObject({ type, reason, path });
  });

  test("for its id or its depth is refused", () => {
    expect(refusalOf(() => parseWatch({ id: "a b", body: ERRORS }))["type"]).toBe("illegal_argument_exception");
    const deep = Array.from({ length: 200 }).reduce<Json>((inner) => [inner], 1);
    expect(refusalOf(() => parse({ ...ERRORS, metadata: { deep } }))["reason"]).toBe(
      "could not parse watch [w]. it is nested more than 100 deep",
    );
  });
});

const FOLDER = new URL("documented/", import.meta.url);
const documented = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Json);

/** The value with one of its parts replaced; `where` picks which. */
function mutated(value: Json, where: readonly number[], part: Json): Json {
  const [first, ...rest] = where;
  if (first === undefined || typeof value !== "object" || value === null || Object.keys(value).length === 0)
    return part;
  const keys = Object.keys(value);
  const key = keys[first % keys.length] ?? "";
  if (Array.isArray(value))
    return value.map((item: Json, index) => (String(index) === key ? mutated(item, rest, part) : item));
  return { ...value, [key]: mutated((value as JsonObject)[key] ?? null, rest, part) };
}

describe("any JSON as a watch", () => {
  const words = fc.constantFrom<Json>(
    "5m",
    "ctx.payload",
    "{{ctx.payload}}",
    "{{#a}}",
    "now",
    {},
    [],
    null,
    "always",
    0,
    -1,
  );
  const part = fc.oneof(words, fc.jsonValue({ maxDepth: 2 })) as fc.Arbitrary<Json>;
  const where = fc.array(fc.nat(20), { maxLength: 8 });

  test("is refused, or is checked and rendered without a throw", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...documented, ERRORS), where, part, part, async (body, at, by, payload) => {
        let watch: Watch;
        try {
          watch = parse(mutated(body, at, by));
        } catch (error) {
          expect(isFault(error, "watch_invalid")).toBe(true);
          return;
        }
        const ports = found();
        const check = await watch.check(rigContext(payload), ports);
        expect(typeof check.met).toBe("boolean");
        for (const action of watch.actions) {
          const { kind } = await action.render(rigContext(payload), ports);
          expect(["contents", "condition_not_met", "failed"]).toContain(kind);
        }
        const { trigger } = watch;
        if (trigger.kind === "schedule")
          expect(trigger.nextMs(ports.nowMs) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(ports.nowMs);
      }),
      { numRuns: 600 },
    );
  });
});
