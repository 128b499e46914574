import { describe, expect, test } from "vitest";
import type { Json } from "../../events/document.ts";
import type { JsonObject } from "../../events/foreign.ts";
import type { HttpAsked } from "../watch.ts";
import { parseInput } from "./parse-input.ts";
import { errorOf } from "./watch-fault.ts";
import { refusalOf, rigContext, rigPorts, rigResponse } from "./watch-rig.ts";

const place = { watchId: "w", path: "input" };
const parse = (body: Json, hasDocument = false) => parseInput(body, place, { hasDocument });

const searching = (request: JsonObject, more: JsonObject = {}) => ({ search: { request, ...more } });
const found = rigPorts({
  search: () => Promise.resolve(rigResponse([{ message: "a", level: "error" }, { message: "b" }], 12)),
});

/** Ports that answer a request so. */
const answering = (
  text: string,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
) => rigPorts({ fetch: () => Promise.resolve({ status, headers, text }) });

describe("an input", () => {
  test("of nothing, or of simple data, is read at once", () => {
    expect(parse({ none: {} }).read(rigContext({ slot: 1 }), rigPorts())).toEqual({ payload: {} });
    expect(parse({ none: {} }, true).read(rigContext({ slot: 1 }), rigPorts())).toEqual({ payload: { slot: 1 } });
    expect(parse({ simple: { name: "John", n: [1] } }).read(rigContext(), rigPorts())).toEqual({
      payload: { name: "John", n: [1] },
    });
  });

  test("of a search fills in its template as JSON, and tells the request", async () => {
    const input = parse(
      searching({
        indices: ["<logs-{now/d}>", "other,more"],
        search_type: "query_then_fetch",
        indices_options: { expand_wildcards: ["open"], ignore_unavailable: true, allow_no_indices: true },
        body: { query: { term: { name: "{{ctx.metadata.name}}" } }, size: 5 },
      }),
    );
    const read = await input.read(rigContext({}, { metadata: { name: 'a "b"' } }), found);
    const asked = found.searched.at(-1);
    expect(asked).toEqual({
      indices: ["logs-2026.11.28", "other", "more"],
      body: { query: { term: { name: 'a "b"' } }, size: 5 },
      nowMs: found.nowMs,
    });
    expect(read.payload).toMatchObject({ hits: { total: 12, hits: [{ _source: { message: "a" } }, {}] } });
    expect(read.body).toMatchObject({
      request: { indices: asked?.indices, rest_total_hits_as_int: true, body: asked?.body },
    });
  });

  test("of a search keeps what it extracts, within lists, too", async () => {
    const extract = ["hits.total", "hits.hits._source.message"];
    expect((await parse(searching({ indices: "logs" }, { extract })).read(rigContext(), found)).payload).toEqual({
      hits: { total: 12, hits: [{ _source: { message: "a" } }, { _source: { message: "b" } }] },
    });
    const asObject = searching({ indices: "logs", rest_total_hits_as_int: false }, { extract: ["hits.total.value"] });
    expect((await parse(asObject).read(rigContext(), found)).payload).toEqual({ hits: { total: { value: 12 } } });
  });

  test("of a search hands its time limit on", async () => {
    await parse(searching({ indices: "logs", body: { size: 0 } }, { timeout: "1.5s" })).read(rigContext(), found);
    expect(found.searched.at(-1)?.body).toEqual({ size: 0, timeout: "1500ms" });
  });

  test("whose template gives no JSON fails", async () => {
    const input = parse(searching({ body: { query: "{{{ctx.payload.raw}}}" } }));
    await expect(async () => input.read(rigContext({ raw: '"' }), found)).rejects.toThrow("gave no JSON object");
  });

  test("of a chain sees what came before by its name", async () => {
    const input = parse({
      chain: {
        inputs: [
          { first: { simple: { level: "error" } } },
          {
            second: {
              search: {
                request: { indices: "logs", body: { query: { term: { level: "{{ctx.payload.first.level}}" } } } },
              },
            },
          },
          { third: { transform: { script: "['sum': ctx.payload.second.hits.total + 1]" } } },
        ],
      },
    });
    const read = await input.read(rigContext({ ignored: true }), found);
    expect(found.searched.at(-1)?.body).toEqual({ query: { term: { level: "error" } } });
    expect(read.payload).toMatchObject({
      first: { level: "error" },
      second: { hits: { total: 12 } },
      third: { sum: 13 },
    });
    expect(read.body).toMatchObject({ first: { type: "simple", status: "success" }, second: { type: "search" } });
    expect(Object.keys(read.payload as JsonObject)).toEqual(["first", "second", "third"]);
  });

  test("of a stream's chain has the document by an input of nothing", () => {
    const input = parse({ chain: { inputs: [{ a: { simple: { x: 1 } } }, { document: { none: {} } }] } }, true);
    expect(input.read(rigContext({ slot: 7 }), rigPorts())).toMatchObject({
      payload: { a: { x: 1 }, document: { slot: 7 } },
    });
  });

  test("of a chain fails with what fails in it", async () => {
    const input = parse({
      chain: { inputs: [{ a: { search: { request: { indices: "x" } } } }, { b: { simple: {} } }] },
    });
    await expect(async () => input.read(rigContext(), rigPorts())).rejects.toThrow("no search is answered");
  });
});

describe("an http input", () => {
  test.each<[JsonObject, Partial<HttpAsked>]>([
    [
      {
        host: "example.org",
        port: 9200,
        path: "/_cluster/{{ctx.metadata.what}}",
        params: { level: "{{ctx.metadata.level}} & more" },
      },
      { method: "GET", url: "http://example.org:9200/_cluster/health?level=shards+%26+more", timeoutMs: 20_000 },
    ],
    [
      {
        scheme: "https",
        host: "example.org",
        port: "8443",
        method: "POST",
        body: '{"q": "{{ctx.metadata.quoted}}"}',
        headers: { "X-A": "{{ctx.watch_id}}" },
      },
      { method: "POST", url: "https://example.org:8443/", body: '{"q": "a \\"b\\""}', headers: { "X-A": "w" } },
    ],
    [
      {
        url: "https://example.org/a?b=1&c={{#url}}{{ctx.metadata.quoted}}{{/url}}",
        auth: { basic: { username: "u", password: "p" } },
        connection_timeout: "1s",
        read_timeout: "500ms",
      },
      { url: "https://example.org/a?b=1&c=a+%22b%22", headers: { authorization: "Basic dTpw" }, timeoutMs: 1_500 },
    ],
  ])("%j asks %j", async (request, asked) => {
    const ports = answering("");
    const metadata = { what: "health", level: "shards", quoted: 'a "b"' };
    const read = await parse({ http: { request } }).read(rigContext({}, { metadata }), ports);
    expect(ports.fetched[0]).toMatchObject(asked);
    expect(JSON.stringify(read.body)).not.toContain('"p"');
  });

  const request = { host: "example.org", port: 80 };

  test.each<[string, JsonObject, string, Record<string, string>, Json]>([
    [
      "JSON by its type",
      {},
      '{"status": "red"}',
      { "content-type": "application/json" },
      { status: "red", _status_code: 200, _headers: { "content-type": ["application/json"] } },
    ],
    ["JSON by its look", {}, ' {"a": 9007199254740993}', {}, { a: "9007199254740993", _status_code: 200 }],
    ["a list", { response_content_type: "json" }, "[1]", {}, { data: [1], _status_code: 200 }],
    [
      "text",
      {},
      "up",
      { "content-type": "text/plain" },
      { _value: "up", _status_code: 200, _headers: { "content-type": ["text/plain"] } },
    ],
    [
      "what is said to be text",
      { response_content_type: "text" },
      '{"a": 1}',
      {},
      { _value: '{"a": 1}', _status_code: 200 },
    ],
    ["a part", { extract: ["a.b"] }, '{"a": {"b": 1, "c": 2}, "d": 3}', {}, { a: { b: 1 }, _status_code: 200 }],
    ["nothing", {}, "", {}, { _status_code: 200 }],
  ])("reads %s", async (_, more, text, headers, payload) => {
    const read = await parse({ http: { request, ...more } }).read(rigContext(), answering(text, { headers }));
    expect(read.payload).toEqual(payload);
  });

  test("tells a status that is none of success as such", async () => {
    const read = await parse({ http: { request } }).read(rigContext(), answering("", { status: 503 }));
    expect(read).toMatchObject({ payload: { _status_code: 503 }, body: { status_code: 503 } });
  });

  test.each([["{"], ["[".repeat(200)], ['"text"']])("fails for %s as JSON", async (text) => {
    const input = parse({ http: { request, response_content_type: "json" } });
    const failed = await Promise.resolve(input.read(rigContext(), answering(text))).catch(errorOf);
    expect(failed).toMatchObject({ type: "parse_exception" });
  });
});

describe("an input that cannot be", () => {
  test.each<[Json, string, string]>([
    [
      [],
      "could not parse input for watch [w]. expected an object representing the input, but found [START_ARRAY] instead",
      "input",
    ],
    [
      {},
      "could not parse input for watch [w]. expected field indicating the input type, but found an empty object instead",
      "input",
    ],
    [{ sql: {} }, "could not parse input for watch [w]. unknown input type [sql]", "input.sql"],
    [
      { simple: 5 },
      "could not parse input for watch [w]. expected an object representing input [simple], but found [VALUE_NUMBER] instead",
      "input.simple",
    ],
    [{ search: {} }, "could not parse [search] input for watch [w]. missing required [request] field", "input.search"],
    [
      { search: { request: {}, size: 5 } },
      "could not parse [search] input for watch [w]. unexpected field [size]",
      "input.search.size",
    ],
    [
      searching({}, { extract: "hits" }),
      "could not parse [search] input for watch [w]. expected a string value in [extract] array, but found [VALUE_STRING] instead",
      "input.search.extract",
    ],
    [searching({}, { timeout: "5 parsecs" }), "failed to parse time unit", "input.search.timeout"],
    [{ chain: {} }, "a chain input of watch [w] must have [inputs], an array of 1 to 50 named inputs", "input.chain"],
    [{ chain: { inputs: [{ a: 5 }] } }, "Expected starting JSON object after [a] in watch [w]", "input.chain.inputs.0"],
    [
      { chain: { inputs: [{ a: { simple: {} }, b: { simple: {} } }] } },
      "Expected closing JSON object after parsing one input in watch [w]",
      "input.chain.inputs.0",
    ],
    [
      { chain: { inputs: [{ a: { sql: {} } }] } },
      "could not parse input for watch [w]. unknown input type [sql]",
      "input.chain.inputs.0.a.sql",
    ],
    [{ http: {} }, "could not parse [http] input for watch [w]. missing require [request] field", "input.http"],
    [
      { http: { request: { url: "http://a/" }, response_content_type: "xml" } },
      "could not parse [http] input for watch [w]. unknown content type [xml]",
      "input.http.response_content_type",
    ],
    [
      { http: { request: { url: "http://a/" }, response_content_type: "text", extract: ["a"] } },
      "could not parse [http] input for watch [w]. key extraction is not supported for content type [text]",
      "input.http",
    ],
  ])("%j is refused", (body, reason, path) => {
    expect(refusalOf(() => parse(body))).toMatchObject({ reason, path });
  });

  test.each<[JsonObject, string, string]>([
    [{ index: "x" }, "could not read search request. unexpected string field [index]", "index"],
    [
      { indices: [5] },
      "could not read search request. expected string values in [indices] field, but instead found [START_ARRAY]",
      "indices",
    ],
    [{ types: ["doc"] }, "could not read search request. unsupported non-empty array field [types]", "types"],
    [{ body: "x" }, "could not read search request. unexpected string field [body]", "body"],
    [{ search_type: "scan" }, "No search type for [scan]", "search_type"],
    [{ template: { id: "x" } }, "search templates are not supported: write the search into [body]", "template"],
    [
      { indices_options: { ignore_unavailable: false } },
      "[ignore_unavailable: false] is not supported: it is always true",
      "indices_options.ignore_unavailable",
    ],
    [{ indices: "<logs-{now/q}>" }, "operator not supported for date math [now/q]", "indices"],
    [{ body: { query: "{{#open}}" } }, "compile error", "body"],
  ])("a search request %j is refused", (request, reason, path) => {
    expect(refusalOf(() => parse(searching(request)))).toMatchObject({
      reason: "could not parse [search] input for watch [w]. failed to parse [request]",
      caused_by: { reason },
      path: `input.search.request.${path}`,
    });
  });

  test.each<[JsonObject, string, string]>([
    [{}, "could not parse http request template. missing required [host] string field", "host"],
    [{ host: "a" }, "could not parse http request template. missing required [port] numeric field", "port"],
    [
      { host: "a", port: 70_000 },
      "could not parse http request template. [port] must be a number from 1 to 65535",
      "port",
    ],
    [
      { host: "{{ctx.payload.host}}", port: 80 },
      "could not parse http request template. missing required [host] string field",
      "host",
    ],
    [{ host: "a", port: 80, scheme: "ftp" }, "unsupported http scheme [ftp]", "scheme"],
    [{ url: "ftp://a/" }, "could not parse http request template. malformed URL [ftp://a/]", "url"],
    [
      { url: "http://{{ctx.payload.host}}/" },
      "could not parse http request template. malformed URL [http://{{ctx.payload.host}}/]",
      "url",
    ],
    ...["https://user:pw@a/", "https:user:pw@a/", "http:\\\\user@a/", "user:pw@a"].map(
      (url): [JsonObject, string, string] => [
        { url },
        "could not parse http request template. [url] may hold no user and password before an @: use [auth]",
        "url",
      ],
    ),
    [{ url: "http://a/", method: "trace" }, "unsupported http method [trace]", "method"],
    [{ url: "http://a/", auth: { token: "x" } }, "unknown http auth type [token]", "auth.token"],
    [{ url: "http://a/", proxy: { host: "p", port: 1 } }, "[proxy] of a request is not supported", "proxy"],
    [
      { url: "http://a/", timeout: "5s" },
      "could not parse http request template. unexpected object field [timeout]",
      "timeout",
    ],
  ])("an http request %j is refused", (request, reason, path) => {
    expect(refusalOf(() => parse({ http: { request } }))).toMatchObject({
      reason: "could not parse [http] input for watch [w]. failed to parse http request template",
      caused_by: { reason },
      path: `input.http.request.${path}`,
    });
  });
});
