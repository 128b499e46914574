import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../events/foreign.ts";
import { isFault } from "../../lib/fault.ts";
import type { SearchResponse } from "../../search/request.ts";
import type { WatchContext } from "../context.ts";
import type { Watch, WatchPorts } from "../watch.ts";
import { parseWatch } from "./parse-watch.ts";

const NOW_MS = Date.parse("2026-11-28T10:00:00.000Z");

function context(payload: WatchContext["payload"] = {}): WatchContext {
  const at = new Date(NOW_MS).toISOString();
  return {
    watch_id: "w",
    id: "w_1",
    execution_time: at,
    trigger: { triggered_time: at, scheduled_time: at },
    metadata: { name: "test" },
    vars: {},
    payload,
  };
}

const response = (total: number): SearchResponse => ({
  took: 1,
  timed_out: false,
  _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
  hits: {
    total: { value: total, relation: "eq" },
    max_score: null,
    hits: [{ _index: "logs", _id: "1", _score: null, _source: { message: 'say "hi"', host: { name: "a" } } }],
  },
});

type Asked = Parameters<WatchPorts["search"]>[0];

/** Ports whose store answers with so many hits, and which keep what was asked. */
function ports(total = 7): WatchPorts & { asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    nowMs: NOW_MS,
    signal: new AbortController().signal,
    search(one) {
      asked.push(one);
      return Promise.resolve(response(total));
    },
    fetch: () => Promise.reject(new Error("no HTTP in this test")),
  };
}

const parse = (body: JsonObject): Watch => parseWatch({ id: "w", body });

const ERRORS = {
  trigger: { schedule: { interval: "10s" } },
  input: {
    search: {
      request: {
        indices: ["logs"],
        body: {
          query: {
            bool: { filter: [{ match: { message: "error" } }, { range: { "@timestamp": { gte: "now-5m" } } }] },
          },
        },
      },
    },
  },
  condition: { compare: { "ctx.payload.hits.total": { gt: 5 } } },
  actions: {
    log: {
      logging: {
        level: "error",
        text: "{{ctx.payload.hits.total}} errors of {{ctx.payload.hits.hits.0._source.host.name}}",
      },
    },
  },
} as const;

describe("a watch", () => {
  test("searches, compares and says what it found", async () => {
    const watch = parse(ERRORS);
    const from = ports();
    const check = await watch.check(context(), from);
    expect(check.met).toBe(true);
    expect(check.result["condition"]).toEqual({
      type: "compare",
      status: "success",
      met: true,
      compare: { resolved_values: { "ctx.payload.hits.total": 7 } },
    });
    expect(from.asked[0]?.indices).toEqual(["logs"]);
    expect(JSON.stringify(from.asked[0]?.body)).toContain('"gte":"2026-11-28T10:00:00.000Z||-5m"');
    expect(watch.actions[0]?.render({ ...context(), payload: check.payload }, from)).toEqual({
      kind: "contents",
      contents: [{ level: "error", text: "7 errors of a" }],
    });
    expect((await watch.check(context(), ports(5))).met).toBe(false);
  });

  test("has hits.total as an object where it asks for that", async () => {
    const { request } = ERRORS.input.search;
    const watch = parse({
      ...ERRORS,
      input: { search: { request: { ...request, rest_total_hits_as_int: false } } },
      condition: { compare: { "ctx.payload.hits.total.value": { gt: 5 } } },
    });
    expect((await watch.check(context(), ports())).met).toBe(true);
  });

  test("of a stream is checked at once, with the document as its payload", () => {
    const watch = parse({
      trigger: { stream: { dataset: "slot", where: { compare: { "ctx.payload.ethereum.slot": { gt: 5 } } }, last: 3 } },
      condition: { script: { source: "ctx.payload.ethereum.slot % params.every == 0", params: { every: 2 } } },
    });
    expect(watch.trigger.kind === "stream" && watch.trigger.takes({ ethereum: { slot: 5 } })).toBe(false);
    expect(watch.trigger.kind === "stream" && watch.trigger.takes({ ethereum: { slot: 6 } })).toBe(true);
    const check = watch.check(context({ ethereum: { slot: 6 } }), ports());
    expect(check).toMatchObject({ met: true, payload: { ethereum: { slot: 6 } } });
  });

  test("that fails says so in Elasticsearch's words", () => {
    const watch = parse({ trigger: { schedule: { interval: 5 } }, condition: { script: "ctx.payload.a.b > 1" } });
    expect(watch.check(context(), ports())).toMatchObject({
      met: false,
      error: { type: "script_exception", reason: "runtime error" },
      result: { condition: { status: "failure" } },
    });
  });

  test.each<[JsonObject, string, string, string]>([
    [{}, "parse_exception", "could not parse watch [w]. missing required field [trigger]", ""],
    [{ ...ERRORS, inputs: {} }, "parse_exception", "could not parse watch [w]. unexpected field [inputs]", "inputs"],
    [
      { ...ERRORS, condition: { compares: {} } },
      "parse_exception",
      "could not parse condition for watch [w]. unknown condition type [compares]",
      "condition.compares",
    ],
    [{ ...ERRORS, condition: { script: "def x = 1; x" } }, "script_exception", "compile error", "condition.script"],
    [
      { ...ERRORS, condition: { script: { id: "stored" } } },
      "illegal_argument_exception",
      "stored scripts are not supported, only inline ones",
      "condition.script.id",
    ],
    [
      { ...ERRORS, actions: { a: { telegram: {} } } },
      "parse_exception",
      "could not parse action [w/a]. unknown action type [telegram]",
      "actions.a.telegram",
    ],
  ])("%j is refused", (body, type, reason, path) => {
    try {
      parse(body);
      expect.unreachable();
    } catch (error) {
      expect(isFault(error, "watch_invalid") && error.details).toMatchObject({ type, reason, path });
    }
  });
});
