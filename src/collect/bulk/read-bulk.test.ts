import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Clock } from "../../lib/clock.ts";
import { type BulkDefaults, type BulkEntry, type BulkLimits, readBulk } from "./read-bulk.ts";

const clock: Clock = { nowUs: () => Date.parse("2026-11-28T10:00:00Z") * 1000, monoUs: () => 0 };
const LIMITS: BulkLimits = { maxLineBytes: 10_000, maxActions: 1000, batchBytes: 1e6, batchActions: 1000 };

async function batchesOf(
  body: string | readonly Uint8Array[],
  options: { defaults?: BulkDefaults; limits?: Partial<BulkLimits> } = {},
): Promise<(readonly BulkEntry[])[]> {
  const { defaults = {}, limits = {} } = options;
  const parts = typeof body === "string" ? [Buffer.from(body)] : body;
  async function* chunks() {
    yield* parts;
  }
  const batches: (readonly BulkEntry[])[] = [];
  for await (const batch of readBulk({ chunks: chunks(), defaults, limits: { ...LIMITS, ...limits }, clock }))
    batches.push(batch);
  return batches;
}

const read = async (...request: Parameters<typeof batchesOf>) => (await batchesOf(...request)).flat();

const errorOf = async (body: string, options: Parameters<typeof batchesOf>[1] = {}) =>
  batchesOf(body, options).then(
    () => undefined,
    ({ details }) => ({ status: details.status, type: details.error.type, reason: details.error.reason }),
  );

describe("the four actions", () => {
  test("are read with all that they say", async () => {
    const body = [
      '{"index":{"_index":"a","_id":"1","routing":"r","pipeline":"p","if_seq_no":3,"if_primary_term":1}}',
      '{"n":1}',
      '{"create":{"_index":"<a-{now/d}>"}}',
      '{"big":18446744073709551615}',
      '{"update":{"_index":"a","_id":2,"_source":true}}',
      '{"doc":{"x":1},"upsert":{"y":2},"detect_noop":false}',
      '{"delete":{"_index":"a","_id":"3","version":4,"version_type":"external"}}',
    ].join("\n");
    expect(await read(`${body}\n`)).toMatchObject([
      {
        item: {
          action: "index",
          index: "a",
          id: "1",
          routing: "r",
          pipeline: "p",
          ifSeqNo: 3,
          ifPrimaryTerm: 1,
          source: { n: 1 },
        },
      },
      {
        item: {
          action: "create",
          index: "a-2026.11.28",
          source: { big: "18446744073709551615" },
          text: '{"big":18446744073709551615}',
        },
      },
      {
        item: { action: "update", id: "2", source: { x: 1 }, upsert: { y: 2 }, detectNoop: false },
        sourceFilter: true,
      },
      { item: { action: "delete", id: "3", source: {}, version: 4, versionType: "external" } },
    ]);
  });

  test("what the request says holds where the action says nothing", async () => {
    const defaults = { index: "d", pipeline: "q", requireDataStream: true };
    expect(
      await read('{"index":{}}\n{}\n{"index":{"_index":"e","pipeline":"_none"}}\n{}\n', { defaults }),
    ).toMatchObject([
      { item: { index: "d", pipeline: "q", requireDataStream: true } },
      { item: { index: "e", pipeline: "_none" } },
    ]);
  });

  test("the only type that documents had before Elasticsearch 8 may be told, as tshark does", async () => {
    const [item] = await read('{"index":{"_index":"a","_type":"doc"}}\n{}\n');
    expect(item).toMatchObject({ action: "index", item: { index: "a", source: {} } });
  });

  test("op_type makes an index a create", async () => {
    expect(await read('{"index":{"_index":"a","op_type":"create"}}\n{}\n')).toMatchObject([{ action: "create" }]);
  });

  test("carriage returns and empty lines between actions are nothing", async () => {
    expect(await read('\n{"index":{"_index":"a"}}\r\n{"x":1}\r\n\n{"index":{"_index":"a"}}\n{}\n')).toHaveLength(2);
  });
});

// The reasons are those of Elasticsearch 8.7.1, asked in this form.
describe("what is malformed is refused whole", () => {
  test.each([
    ["", "parse_exception", "request body is required"],
    ["\n", "action_request_validation_exception", "Validation Failed: 1: no requests added;"],
    ['{"index":{"_index":"a"}}\n', "action_request_validation_exception", "Validation Failed: 1: no requests added;"],
    [
      '{"index":{"_index":"a"}}\n{"x":1}',
      "illegal_argument_exception",
      "The bulk request must be terminated by a newline [\\n]",
    ],
    [
      "[1]\n{}\n",
      "illegal_argument_exception",
      "Malformed action/metadata line [1], expected START_OBJECT but found [START_ARRAY]",
    ],
    [
      '"a"\n{}\n',
      "illegal_argument_exception",
      "Malformed action/metadata line [1], expected START_OBJECT but found [VALUE_STRING]",
    ],
    [
      "{}\n{}\n",
      "illegal_argument_exception",
      "Malformed action/metadata line [1], expected FIELD_NAME but found [END_OBJECT]",
    ],
    [
      '{"foo":{}}\n{}\n',
      "illegal_argument_exception",
      "Malformed action/metadata line [1], expected field [create], [delete], [index] or [update] but found [foo]",
    ],
    [
      '{"__proto__":{}}\n{}\n',
      "illegal_argument_exception",
      "Malformed action/metadata line [1], expected field [create], [delete], [index] or [update] but found [__proto__]",
    ],
    [
      '{"index":1}\n{}\n',
      "illegal_argument_exception",
      "Malformed action/metadata line [1], expected START_OBJECT or END_OBJECT but found [VALUE_NUMBER]",
    ],
    [
      '{"index":{"_index":"a"}}\n{}\n{"nope":{}}\n{}\n',
      "illegal_argument_exception",
      "Malformed action/metadata line [3], expected field [create], [delete], [index] or [update] but found [nope]",
    ],
    [
      '{"index":{"_index":"a","foo":1}}\n{}\n',
      "illegal_argument_exception",
      "Action/metadata line [1] contains an unknown parameter [foo]",
    ],
    [
      '{"index":{"_index":["a"]}}\n{}\n',
      "illegal_argument_exception",
      "Malformed action/metadata line [1], expected a simple value for field [_index] but found [START_ARRAY]",
    ],
    [
      '{"index":{"_index":"a","_source":["x"]}}\n{}\n',
      "illegal_argument_exception",
      "Malformed action/metadata line [1], expected a simple value for field [_source] but found [START_ARRAY]",
    ],
    [
      '{"index":{"_index":"a","_type":"events"}}\n{}\n',
      "illegal_argument_exception",
      "Action/metadata line [1] contains an unknown parameter [_type]",
    ],
    [
      '{"index":{}}\n{}\n{"delete":{"_index":"a"}}\n',
      "action_request_validation_exception",
      "Validation Failed: 1: index is missing;2: id is missing;",
    ],
    [
      '{"index":{"_index":null}}\n{}\n',
      "action_request_validation_exception",
      "Validation Failed: 1: index is missing;",
    ],
    [
      '{"update":{"_index":"a","_id":"1"}}\n{}\n',
      "action_request_validation_exception",
      "Validation Failed: 1: script or doc is missing;",
    ],
    [
      '{"update":{"_index":"a","_id":"1"}}\n{"docc":{}}\n',
      "x_content_parse_exception",
      "[1:2] [UpdateRequest] unknown field [docc]",
    ],
    [
      `{"index":{"_index":"a","_id":"${"i".repeat(600)}"}}\n{}\n`,
      "action_request_validation_exception",
      `Validation Failed: 1: id [${"i".repeat(600)}] is too long, must be no longer than 512 bytes but was: 600;`,
    ],
  ])("%j", async (body, type, reason) => {
    expect(await errorOf(body)).toEqual({ status: 400, type, reason });
  });

  test("an action line that is no JSON is told with its place", async () => {
    expect(await errorOf("{bad\n{}\n")).toMatchObject({
      type: "x_content_parse_exception",
      reason: expect.stringMatching(/^\[1:2\] /),
    });
  });
});

describe("what is wrong with one document is that item's error alone", () => {
  test.each([
    ['{"index":{"_index":"a"}}\n{bad\n', "document_parsing_exception", "[1:2] failed to parse"],
    ['{"index":{"_index":"a"}}\n[1]\n', "document_parsing_exception", "[1:1] failed to parse"],
    [
      `{"index":{"_index":"a"}}\n${'{"a":'.repeat(1001)}1${"}".repeat(1001)}\n`,
      "document_parsing_exception",
      "[1:1] failed to parse",
    ],
    [
      '{"index":{"_index":"a","_id":""}}\n{}\n',
      "illegal_argument_exception",
      "if _id is specified it must not be empty",
    ],
    ['{"index":{"_index":"Foo"}}\n{}\n', "invalid_index_name_exception", "Invalid index name [Foo], must be lowercase"],
    [
      '{"index":{"_index":"<a-{now/q}>"}}\n{}\n',
      "illegal_argument_exception",
      "operator not supported for date math [now/q]",
    ],
    [
      '{"update":{"_index":"a","_id":"1"}}\n{"script":{"source":"x"}}\n',
      "illegal_argument_exception",
      "[script] is not supported by the embedded store",
    ],
  ])("%.60j", async (body, type, reason) => {
    expect(await read(`${body}{"index":{"_index":"a"}}\n{}\n`)).toMatchObject([
      { status: 400, error: { type, reason } },
      { item: { index: "a" } },
    ]);
  });
});

describe("bounds", () => {
  const two = '{"index":{"_index":"a"}}\n{"x":1}\n{"index":{"_index":"a"}}\n{"x":2}\n';
  test("a line over the limit ends the request with 413", async () => {
    expect(await errorOf(`{"index":{"_index":"a"}}\n{"x":"${"y".repeat(20_000)}"}\n`)).toMatchObject({ status: 413 });
  });

  test("more actions than the limit end the request with 413", async () => {
    expect(await errorOf(two, { limits: { maxActions: 1 } })).toMatchObject({ status: 413 });
  });

  test("batches are handed on by number and by bytes", async () => {
    expect((await batchesOf(two.repeat(5), { limits: { batchActions: 4 } })).map((batch) => batch.length)).toEqual([
      4, 4, 2,
    ]);
    expect((await batchesOf(two.repeat(5), { limits: { batchBytes: 60 } })).map((batch) => batch.length)).toEqual([
      2, 2, 2, 2, 2,
    ]);
  });

  test("a body of one batch is refused before anything of it is handed on", async () => {
    const handedOn: unknown[] = [];
    async function* chunks() {
      yield Buffer.from(`${two}{"nope":{}}\n{}\n`);
    }
    const reading = async () => {
      for await (const batch of readBulk({ chunks: chunks(), defaults: {}, limits: LIMITS, clock }))
        handedOn.push(batch);
    };
    await expect(reading()).rejects.toMatchObject({ code: "elastic_refused" });
    expect(handedOn).toEqual([]);
  });
});

test("however a body is cut into chunks, the same actions are read", async () => {
  const actions = fc.array(
    fc.record({
      id: fc.option(fc.string({ unit: "grapheme", minLength: 1 }), { nil: undefined }),
      doc: fc.dictionary(fc.string(), fc.jsonValue()),
    }),
    { minLength: 1 },
  );
  await fc.assert(
    fc.asyncProperty(actions, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), async (documents, sizes) => {
      const body = Buffer.from(
        documents
          .map(({ id, doc }) => `${JSON.stringify({ index: { _index: "a", _id: id } })}\n${JSON.stringify(doc)}\n`)
          .join(""),
      );
      const chunks: Buffer[] = [];
      for (let at = 0, turn = 0; at < body.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        chunks.push(body.subarray(at, at + size));
        at += size;
      }
      const limits = { maxLineBytes: 1e6 };
      expect(await read(chunks, { limits })).toEqual(await read([body], { limits }));
      expect((await read(chunks, { limits })).map((entry) => "item" in entry && entry.item.text)).toEqual(
        documents.map(({ doc }) => JSON.stringify(doc)),
      );
    }),
  );
});
