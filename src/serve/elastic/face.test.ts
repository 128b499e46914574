import { readFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { json, text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ElasticRig, startElasticRig } from "../../../test/rigs/elastic-rig.ts";
import { rawRequest } from "../../../test/rigs/raw-request.ts";

let rig: ElasticRig;
beforeEach(async () => {
  rig = await startElasticRig();
});
afterEach(() => rig.close());

describe("GET /", () => {
  test("tells what Elasticsearch tells, printed as it prints", async () => {
    const { status, headers, text, body } = await rig.ask("GET", "/");
    expect(status).toBe(200);
    expect(headers.get("x-elastic-product")).toBe("Elasticsearch");
    expect(body).toMatchObject({
      cluster_name: "ethmon",
      cluster_uuid: "test-cluster",
      version: { number: "8.19.0", build_flavor: "default" },
      tagline: "You Know, for Search",
    });
    expect(text).toContain('{\n  "name" : "ethmon",\n');
    expect(text.endsWith("}\n")).toBe(true);
    expect((await rig.ask("GET", "/?pretty=false")).text).not.toContain("\n");
  });

  test("HEAD is 200 without a body", async () => {
    expect(await rig.ask("HEAD", "/")).toMatchObject({ status: 200, text: "" });
  });

  test.each([
    ["Elastic-Filebeat/9.1.4 (linux; amd64; aabbcc; 2026-01-01 00:00:00 +0000 UTC)", "9.1.4"],
    ["Elastic-Metricbeat/8.13.2 (linux; amd64)", "8.13.2"],
    ["Packetbeat/7.17.0", "7.17.0"],
    ["Go-http-client/1.1", "8.19.0"],
    ["Mozilla/5.0 (Beat/99)", "8.19.0"],
  ])("%s is told %s", async (agent, version) => {
    const { body } = await rig.ask("GET", "/", { headers: { "user-agent": agent } });
    expect(body.version.number).toBe(version);
  });
});

describe("media types", () => {
  test.each([
    [
      "application/vnd.elasticsearch+json; compatible-with=9",
      "application/vnd.elasticsearch+json;compatible-with=9",
      "9.2.0",
    ],
    [
      "application/vnd.elasticsearch+json; compatible-with=8",
      "application/vnd.elasticsearch+json;compatible-with=8",
      "8.19.0",
    ],
    [
      "application/vnd.elasticsearch+json;compatible-with=7",
      "application/vnd.elasticsearch+json;compatible-with=7",
      "7.17.0",
    ],
    ["text/html,application/json;q=0.9", "application/json", "8.19.0"],
    ["image/png", "application/json", "8.19.0"],
  ])("%s is answered in kind", async (accept, type, version) => {
    const { headers, body } = await rig.ask("GET", "/", { headers: { accept } });
    expect(headers.get("content-type")).toBe(type);
    expect(body.version.number).toBe(version);
  });

  test("a strange version is refused", async () => {
    const headers = { accept: "application/vnd.elasticsearch+json; compatible-with=12" };
    expect(await rig.ask("GET", "/", { headers })).toMatchObject({
      status: 400,
      body: { error: { type: "media_type_header_exception", caused_by: { type: "status_exception" } } },
    });
  });

  test.each([
    "application/json",
    "application/x-ndjson",
    "application/vnd.elasticsearch+x-ndjson; compatible-with=9",
    "application/vnd.elasticsearch+json; compatible-with=8",
  ])("a _bulk of %s is taken", async (type) => {
    expect(await rig.bulk('{"index":{"_index":"t"}}\n{}\n', "/_bulk", { "content-type": type })).toMatchObject({
      status: 200,
    });
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])(
    "a body of %s, which any web page can send, is 406",
    async (type) => {
      expect(await rig.bulk('{"index":{"_index":"t"}}\n{}\n', "/_bulk", { "content-type": type })).toMatchObject({
        status: 406,
        body: { status: 406, error: `Content-Type header [${type}] is not supported` },
      });
      expect(rig.sink.items).toEqual([]);
    },
  );

  test("YAML is written where it is asked for", async () => {
    const { text, headers } = await rig.ask("GET", "/?format=yaml");
    expect(headers.get("content-type")).toBe("application/yaml");
    expect(text).toMatch(/^---\nname: "ethmon"\n[\s\S]*version:\n {2}number: "8.19.0"\n/);
    expect((await rig.ask("GET", "/?format=cbor")).status).toBe(400);
  });
});

describe("what there is not", () => {
  test("a path without an operation", async () => {
    expect(await rig.ask("GET", "/a/b/c/d?x=1")).toMatchObject({
      status: 400,
      body: { error: "no handler found for uri [/a/b/c/d?x=1] and method [GET]" },
    });
  });

  test("a method that a path does not take", async () => {
    const { status, headers, body } = await rig.ask("DELETE", "/_bulk");
    expect(status).toBe(405);
    expect(headers.get("allow")).toBe("PUT, POST");
    expect(body).toEqual({
      error: "Incorrect HTTP method for uri [/_bulk] and method [DELETE], allowed: [PUT, POST]",
      status: 405,
    });
  });

  test("OPTIONS tells the methods", async () => {
    const { status, headers } = await rig.ask("OPTIONS", "/_bulk");
    expect([status, headers.get("allow")]).toEqual([200, "PUT,POST"]);
  });

  test("a parameter that an operation does not know", async () => {
    expect(await rig.ask("GET", "/_license?foo=1")).toMatchObject({
      status: 400,
      body: { error: { reason: "request [/_license] contains unrecognized parameter: [foo]" } },
    });
    expect((await rig.ask("GET", "/?b=1&a=2")).body.error.reason).toBe(
      "request [/] contains unrecognized parameters: [a], [b]",
    );
  });

  test("what is no HTTP is answered in Elasticsearch's form all the same", async () => {
    const { hostname, port } = new URL(rig.url);
    const socket = connect(Number(port), hostname);
    socket.write("HEAD2 / HTTP/1.1\r\n\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[\s\S]+"type":"illegal_argument_exception"/);
  });

  test("a path that cannot be read", async () => {
    expect(await rawRequest(rig.url, { path: "/%ZZ/_bulk", headers: { host: "localhost" } })).toMatchObject({
      status: 400,
    });
  });
});

describe("errors", () => {
  test("are printed when asked for, with a trace when asked for, and never filtered", async () => {
    const { text, body } = await rig.ask("GET", "/?format=cbor&pretty&error_trace=true&filter_path=none");
    expect(text).toContain('{\n  "error" : {\n');
    expect(body.error.stack_trace).toContain("cbor");
  });

  test("X-Opaque-Id comes back", async () => {
    const { headers } = await rig.ask("GET", "/", { headers: { "x-opaque-id": "mine" } });
    expect(headers.get("x-opaque-id")).toBe("mine");
  });
});

describe("the guard", () => {
  const bulk = '{"index":{"_index":"t"}}\n{"x":1}\n';
  const port = () => new URL(rig.url).port;

  test("refuses a form that a foreign page posts to _bulk", async () => {
    const headers = { host: `localhost:${port()}`, origin: "https://evil.example", "content-type": "text/plain" };
    const answer = await rawRequest(rig.url, { method: "POST", path: "/_bulk", headers, body: bulk });
    expect(answer).toMatchObject({ status: 403, body: { error: { type: "security_exception" }, status: 403 } });
    expect(rig.sink.items).toEqual([]);
  });

  test("refuses a name that a page has rebound to this machine, also on paths that are none", async () => {
    for (const path of ["/_bulk", "/", "/a/b/c/d"]) {
      const headers = { host: "evil.example", "content-type": "application/x-ndjson" };
      const answer = await rawRequest(rig.url, { method: "POST", path, headers, body: bulk });
      expect(answer).toMatchObject({ status: 421, body: { error: { type: "security_exception" } } });
    }
    expect(rig.sink.items).toEqual([]);
  });

  test("refuses what a foreign page loads without an Origin", async () => {
    const headers = { host: "localhost", "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    expect(await rawRequest(rig.url, { path: "/_license", headers })).toMatchObject({ status: 403 });
  });

  test("no answer lets another page read it", async () => {
    const { headers } = await rig.ask("GET", "/");
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("access", () => {
  const bulk = '{"index":{"_index":"t"}}\n{"x":1}\n';
  const keyed = async (role: "reader" | "writer" | "admin") => {
    const { id, secret } = await rig.keys.createKey({ name: role, role, owner: "test" });
    return { authorization: `ApiKey ${Buffer.from(`${id}:${secret}`).toString("base64")}` };
  };

  test("once there is a key, nothing is answered without one, not even what there is", async () => {
    const writer = await keyed("writer");
    for (const path of ["/", "/_bulk", "/a/b/c/d", "/_license"]) {
      const { status, headers, body } = await rig.ask("GET", path);
      expect([path, status]).toEqual([path, 401]);
      expect(headers.get("www-authenticate")).toContain("ApiKey");
      expect(body.error).toMatchObject({
        type: "security_exception",
        reason: `missing authentication credentials for REST request [${path}]`,
        root_cause: [{ type: "security_exception" }],
      });
    }
    expect((await rig.bulk(bulk, "/_bulk", writer)).status).toBe(200);
  });

  test("a reader may not write, and is told so with 403", async () => {
    const reader = await keyed("reader");
    expect(await rig.bulk(bulk, "/_bulk", reader)).toMatchObject({
      status: 403,
      body: {
        status: 403,
        error: {
          type: "security_exception",
          reason: expect.stringMatching(
            /^action \[indices:data\/write\/bulk\] is unauthorized for API key id \[.+\] of role \[reader\]$/,
          ),
        },
      },
    });
    expect(rig.sink.items).toEqual([]);
    expect((await rig.ask("GET", "/", { headers: reader })).status).toBe(200);
  });

  test("wrong credentials are 401, and a user comes in with a password", async () => {
    await rig.keys.putUser({ name: "eve", password: "correct horse", role: "admin" });
    const basic = (password: string) => ({
      authorization: `Basic ${Buffer.from(`eve:${password}`).toString("base64")}`,
    });
    expect(await rig.ask("GET", "/", { headers: basic("wrong") })).toMatchObject({
      status: 401,
      body: { error: { reason: "unable to authenticate user [eve] for REST request [/]" } },
    });
    expect((await rig.ask("GET", "/", { headers: basic("correct horse") })).status).toBe(200);
  });
});

test("an address that others can reach is refused until there are keys", async () => {
  await expect(startElasticRig({ config: { host: "0.0.0.0" } })).rejects.toMatchObject({
    code: "listen_address_refused",
  });
  await rig.keys.createKey({ name: "a", role: "writer", owner: "test" });
  for (const anonymous of ["admin", "writer"] as const) {
    const config = { host: "0.0.0.0", anonymous };
    await expect(startElasticRig({ config, directory: rig.directory })).rejects.toMatchObject({
      code: "listen_address_refused",
    });
  }
  const open = await startElasticRig({ config: { host: "0.0.0.0" }, directory: rig.directory });
  const { port } = new URL(open.url);
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(401);
  await open.close();
});

test("with a certificate it speaks HTTPS", async () => {
  const pem = (name: string) => readFileSync(new URL(`../../../test/data/tls/${name}`, import.meta.url));
  const secure = await startElasticRig({ tls: { cert: pem("server.pem"), key: pem("server.key") } });
  expect(secure.url).toMatch(/^https:/);
  const answer = await new Promise((resolve, reject) => {
    httpsRequest(secure.url, { ca: pem("ca.pem") }, (response) => resolve(json(response)))
      .on("error", reject)
      .end();
  });
  expect(answer).toMatchObject({ tagline: "You Know, for Search" });
  await secure.close();
});
