import { describe, expect, test } from "vitest";
import type { JsonObject } from "./document/json.ts";
import { createPipelines } from "./pipelines.ts";
import { simulatePipeline } from "./simulate.ts";

const NOW = "2026-11-28T12:00:00.000Z";

function bookOf(bodies: Readonly<Record<string, JsonObject>>) {
  const pipelines = createPipelines({ nowUs: () => Date.parse(NOW) * 1000 });
  for (const [id, body] of Object.entries(bodies)) pipelines.put(id, body);
  return pipelines;
}
const meta = { _index: "logs-app-default" };

describe("pipelines", () => {
  test("run one after the other, and call each other", () => {
    const pipelines = bookOf({
      a: {
        processors: [{ set: { field: "a", value: "{{{_ingest.pipeline}}}" } }, { pipeline: { name: "{{{next}}}" } }],
      },
      b: {
        processors: [
          { set: { field: "b", value: "{{{_ingest.pipeline}}}" } },
          { set: { field: "_index", value: "other" } },
        ],
      },
      c: { processors: [{ append: { field: "seen", value: ["{{{_ingest.timestamp}}}"] } }] },
    });
    expect(pipelines.run({ source: { next: "b" }, meta }, ["a", "c"])).toEqual({
      kind: "document",
      meta: { _index: "other" },
      source: { next: "b", a: "a", b: "b", seen: [NOW] },
    });
  });

  test("a drop within a pipeline that was called ends the whole way", () => {
    const pipelines = bookOf({
      outer: { processors: [{ pipeline: { name: "inner" } }, { fail: { message: "not reached" } }] },
      inner: { processors: [{ drop: {} }] },
    });
    expect(pipelines.run({ source: {}, meta }, ["outer"])).toEqual({ kind: "dropped" });
  });

  test("without a pipeline a document is still taken in", () => {
    const pipelines = bookOf({});
    expect(pipelines.run({ source: { "a.b": 1 }, meta }, [])).toEqual({
      kind: "document",
      meta,
      source: { a: { b: 1 } },
    });
    expect(pipelines.run({ source: { a: 1, "a.b": 1 }, meta }, [])).toMatchObject({
      kind: "failed",
      error: { type: "document_parsing_exception" },
    });
  });

  test("the failure handlers of a processor know what failed, and the document goes on", () => {
    const pipelines = bookOf({
      p: {
        processors: [
          {
            rename: {
              field: "no",
              target_field: "x",
              tag: "t1",
              on_failure: [
                {
                  set: {
                    field: "error",
                    value:
                      "{{{_ingest.on_failure_message}}}|{{{_ingest.on_failure_processor_type}}}|{{{_ingest.on_failure_processor_tag}}}|{{{_ingest.on_failure_pipeline}}}",
                  },
                },
              ],
            },
          },
          { set: { field: "after", value: "[{{{_ingest.on_failure_message}}}]" } },
        ],
      },
    });
    expect(pipelines.run({ source: {}, meta }, ["p"])).toEqual({
      kind: "document",
      meta,
      source: { error: "field [no] doesn't exist|rename|t1|p", after: "[]" },
    });
  });

  test("the failure handlers of a pipeline end it", () => {
    const pipelines = bookOf({
      outer: { processors: [{ pipeline: { name: "inner" } }, { set: { field: "after", value: true } }] },
      inner: {
        processors: [{ fail: { message: "bad" } }, { set: { field: "never", value: 1 } }],
        on_failure: [{ set: { field: "handled", value: "{{{_ingest.on_failure_message}}}" } }],
      },
    });
    expect(pipelines.run({ source: {}, meta }, ["outer"])).toMatchObject({ source: { handled: "bad", after: true } });
  });

  test("a failure says where it came about", () => {
    const pipelines = bookOf({
      outer: { processors: [{ pipeline: { name: "inner" } }] },
      inner: { processors: [{ fail: { message: "bad", tag: "x" } }] },
    });
    expect(pipelines.run({ source: {}, meta }, ["outer"])).toEqual({
      kind: "failed",
      error: {
        type: "fail_processor_exception",
        reason: "bad",
        processor_type: "fail",
        processor_tag: "x",
        pipeline: "inner",
      },
    });
    expect(pipelines.run({ source: {}, meta }, ["no"])).toEqual({
      kind: "failed",
      error: { type: "illegal_argument_exception", reason: "pipeline with id [no] does not exist" },
    });
  });

  test("failures that are ignored leave the document as it was", () => {
    const pipelines = bookOf({
      p: {
        processors: [
          { rename: { field: "a", target_field: "b.c", ignore_failure: true } },
          { set: { field: "x", value: 1, if: "ctx.no.deep == 1", ignore_failure: true } },
          { pipeline: { name: "absent", ignore_missing_pipeline: true } },
        ],
      },
    });
    expect(pipelines.run({ source: { a: 1, b: 2 }, meta }, ["p"])).toMatchObject({ source: { a: 1, b: 2 } });
  });

  test("circles and endless work end", () => {
    const pipelines = bookOf({
      a: { processors: [{ pipeline: { name: "b" } }] },
      b: { processors: [{ pipeline: { name: "a" } }] },
      loop: {
        processors: [
          {
            foreach: {
              field: "l",
              processor: { foreach: { field: "_ingest._value", processor: { set: { field: "x", value: 1 } } } },
            },
          },
        ],
      },
      grow: {
        processors: Array.from({ length: 40 }, () => ({ set: { field: "m", value: "{{{m}}}{{{m}}}" } })),
      },
      bloat: {
        processors: Array.from({ length: 40 }, (_, i) => ({ set: { field: `m.c${i}`, copy_from: "m" } })),
      },
    });
    const reason = (id: string, source: JsonObject) => {
      const result = pipelines.run({ source, meta }, [id]);
      return result.kind === "failed" ? result.error.reason : result.kind;
    };
    expect(reason("a", {})).toBe("Cycle detected for pipeline: a");
    const row = Array.from({ length: 200 }, () => 1);
    expect(reason("loop", { l: Array.from({ length: 200 }, () => row) })).toContain("20000 runs");
    expect(reason("grow", { m: "xx" })).toContain("more than 1000000 characters");
    expect(reason("bloat", { m: { a: 1 } })).toContain("more than");
  });

  test("what is nested too deeply is refused wherever it comes in", () => {
    const nested = (levels: number) => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);
    const text = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    const pipelines = bookOf({
      json: { processors: [{ json: { field: "m" } }, { set: { field: "copy", copy_from: "m" } }] },
      path: { processors: [{ set: { field: "{{{m}}}", value: 1 } }] },
    });
    const kindOf = (m: string, id: string) => pipelines.run({ source: { m }, meta }, [id]).kind;
    expect([kindOf(text, "json"), kindOf("[[1]]", "json")]).toEqual(["failed", "document"]);
    expect([kindOf("a.".repeat(5_000), "path"), kindOf(`${"a.".repeat(50_000)}b`, "path")]).toEqual([
      "failed",
      "failed",
    ]);
    expect(pipelines.run({ source: { m: nested(5_000) }, meta }, []).kind).toBe("failed");
    expect(() => bookOf({ p: { processors: [{ set: { field: "a", value: nested(5_000) } }] } })).toThrow("levels deep");
    const body = { pipeline: { processors: [] }, docs: [{ _source: { a: nested(5_000) } }] };
    expect(() => simulatePipeline({ pipelines, body, verbose: true })).toThrow("levels deep");
  });

  test.each([
    [{}, "[processors] required property is missing"],
    [
      { processors: [], extra: 1 },
      "pipeline [p] doesn't support one or more provided configuration parameters [extra]",
    ],
    [{ processors: [], on_failure: [] }, "pipeline [p] cannot have an empty on_failure option defined"],
    [{ processors: [{ set: {}, drop: {} }] }, "a processor is an object with its type alone"],
    [{ processors: [{ drop: { on_failure: [] } }] }, "[on_failure] processors list cannot be empty"],
  ])("%j is refused", (body, words) => {
    expect(() => bookOf({ p: body as JsonObject })).toThrow(words);
  });

  test("a pipeline that is refused leaves the one before it", () => {
    const pipelines = bookOf({ p: { processors: [{ drop: {} }], _meta: { by: "me" }, version: 3 } });
    expect(() => pipelines.put("p", { processors: [{ nosuch: {} }] })).toThrow();
    expect(pipelines.get("p")).toMatchObject({ version: 3 });
    expect(pipelines.ids()).toEqual(["p"]);
    expect([pipelines.remove("p"), pipelines.remove("p")]).toEqual([true, false]);
  });
});

describe("simulating a pipeline", () => {
  const body: JsonObject = {
    pipeline: {
      processors: [
        { set: { field: "a", value: 1, tag: "first", description: "sets a" } },
        { drop: { if: "ctx.gone == true" } },
        { set: { field: "b", value: 1, if: "ctx.a == 2" } },
        { rename: { field: "no", target_field: "x", ignore_failure: true } },
        { uppercase: { field: "u" } },
      ],
    },
    docs: [{ _source: { u: "x" } }, { _id: "1", _index: "i", _source: { gone: true } }, { _source: {} }],
  };

  test("answers with the document, null for a dropped one, and the error", () => {
    const answer = simulatePipeline({ pipelines: bookOf({}), body, verbose: false });
    expect(answer).toEqual({
      docs: [
        { doc: { _index: "_index", _id: "_id", _source: { u: "X", a: 1 }, _ingest: { timestamp: NOW } } },
        null,
        {
          error: {
            root_cause: [{ type: "illegal_argument_exception", reason: "field [u] not present as part of path [u]" }],
            type: "illegal_argument_exception",
            reason: "field [u] not present as part of path [u]",
            processor_type: "uppercase",
          },
        },
      ],
    });
  });

  test("verbose tells what each processor did", () => {
    const answer = simulatePipeline({ pipelines: bookOf({}), body, verbose: true });
    const docs = answer["docs"] as { processor_results: JsonObject[] }[];
    expect(docs.map((doc) => doc.processor_results.map((result) => result["status"]))).toEqual([
      ["success", "skipped", "skipped", "error_ignored", "success"],
      ["success", "dropped"],
      ["success", "skipped", "skipped", "error_ignored", "error"],
    ]);
    expect(docs[0]?.processor_results[0]).toMatchObject({
      processor_type: "set",
      tag: "first",
      description: "sets a",
      doc: { _source: { u: "x", a: 1 }, _ingest: { pipeline: "_simulate_pipeline", timestamp: NOW } },
    });
    expect(docs[0]?.processor_results[1]).toMatchObject({ if: { condition: "ctx.gone == true", result: false } });
  });

  test("runs a pipeline that was put, and refuses what is no request", () => {
    const pipelines = bookOf({ p: { processors: [{ set: { field: "x", value: 1 } }] } });
    expect(simulatePipeline({ pipelines, id: "p", body: { docs: [{ _source: {} }] }, verbose: false })).toMatchObject({
      docs: [{ doc: { _source: { x: 1 } } }],
    });
    const refused = (id: string | undefined, request: JsonObject) => () =>
      simulatePipeline({ pipelines, ...(id === undefined ? {} : { id }), body: request, verbose: false });
    expect(refused("no", { docs: [{ _source: {} }] })).toThrow("pipeline [no] does not exist");
    expect(refused(undefined, { docs: [] })).toThrow("[pipeline] required property is missing");
    expect(refused("p", {})).toThrow("[docs] required property is missing");
    expect(refused("p", { docs: [{}] })).toThrow("[_source] required property is missing");
  });
});
