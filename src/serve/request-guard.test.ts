import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServeRig, startServeRig } from "../../test/rigs/serve-rig.ts";

let rig: ServeRig;

beforeAll(async () => {
  rig = await startServeRig({ config: { allowedHosts: ["Monitor.example"] } });
});

afterAll(() => rig.close());

/** A request with exactly these headers, `Host` and `Origin` included. */
async function send(input: {
  method?: string;
  path?: string;
  headers: Record<string, string>;
  body?: string;
}): Promise<{ status: number | undefined; code: string | undefined; headers: NodeJS.Dict<string | string[]> }> {
  const { method = "GET", path = "/api/v1/nodes", headers, body } = input;
  const { promise, resolve, reject } = Promise.withResolvers<import("node:http").IncomingMessage>();
  const sent = request(`${rig.url}${path}`, { method, headers, setHost: false }, resolve);
  sent.on("error", reject);
  sent.end(body);
  const response = await promise;
  const answer = await text(response);
  const isJson = response.headers["content-type"]?.startsWith("application/json");
  return {
    status: response.statusCode,
    code: isJson ? JSON.parse(answer).error?.code : undefined,
    headers: response.headers,
  };
}

const port = () => new URL(rig.url).port;

describe("the request guard", () => {
  it.each(["localhost", "LOCALHOST:8420", "127.0.0.1:1", "[::1]:8420", "monitor.example", "monitor.example:443"])(
    "serves a request for %s",
    async (host) => {
      expect(await send({ headers: { host } })).toMatchObject({ status: 200 });
    },
  );

  it.each([
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:8420",
    "localhost@evil.example",
    "localhost:8420:1",
    "127.0.0.2",
    "[::2]",
    "0.0.0.0",
    "",
  ])("refuses a request for the name %j, which a web page may have rebound to this machine", async (host) => {
    for (const path of ["/api/v1/nodes", "/api/v1/stream", "/metrics", "/", "/nothing"]) {
      const answer = await send({ path, headers: { host } });
      expect({ path, ...answer }).toMatchObject({ status: 421, code: "host_refused" });
      expect(answer.headers.connection).toBe("close");
    }
  });

  it("serves its own pages' requests and refuses those of every other origin", async () => {
    const host = `127.0.0.1:${port()}`;
    expect(await send({ headers: { host, origin: `http://${host}` } })).toMatchObject({ status: 200 });
    expect(await send({ headers: { host: "monitor.example", origin: "https://monitor.example" } })).toMatchObject({
      status: 200,
    });
    for (const origin of [
      "https://evil.example",
      `http://localhost:${port()}`,
      "http://127.0.0.1:3000",
      "http://127.0.0.1",
      "null",
      "",
      "garbage",
      `ftp://${host}`,
    ]) {
      const answer = await send({ headers: { host, origin } });
      expect({ origin, ...answer }).toMatchObject({ status: 403, code: "origin_refused" });
    }
  });

  it("refuses what a foreign page loads without an Origin, and lets its links through", async () => {
    const host = `127.0.0.1:${port()}`;
    for (const site of ["cross-site", "same-site"]) {
      expect(await send({ headers: { host, "sec-fetch-site": site, "sec-fetch-mode": "no-cors" } })).toMatchObject({
        status: 403,
        code: "origin_refused",
      });
      expect(await send({ headers: { host, "sec-fetch-site": site, "sec-fetch-mode": "navigate" } })).toMatchObject({
        status: 200,
      });
    }
    for (const site of ["same-origin", "none"]) {
      expect(await send({ headers: { host, "sec-fetch-site": site } })).toMatchObject({ status: 200 });
    }
  });

  it("refuses a form that a foreign page posts", async () => {
    const answer = await send({
      method: "POST",
      path: "/_bulk",
      headers: {
        host: `localhost:${port()}`,
        origin: "https://evil.example",
        "content-type": "text/plain",
        "content-length": "3",
      },
      body: "a=b",
    });
    expect(answer).toMatchObject({ status: 403, code: "origin_refused" });
  });

  it("takes a POST where the API has one, and from no other page", async () => {
    const host = `127.0.0.1:${port()}`;
    const post = (headers: Record<string, string>) =>
      send({ method: "POST", path: "/api/v1/check", headers: { host, "content-length": "0", ...headers } });
    expect(await post({})).toMatchObject({ status: 202 });
    expect(await post({ origin: `http://${host}`, "sec-fetch-site": "same-origin" })).toMatchObject({ status: 202 });
    for (const origin of ["https://evil.example", "null"]) {
      expect(await post({ origin })).toMatchObject({ status: 403, code: "origin_refused" });
    }
    expect(await post({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" })).toMatchObject({
      status: 403,
      code: "origin_refused",
    });
    expect(await post({ host: "evil.example" })).toMatchObject({ status: 421, code: "host_refused" });
    expect(
      await send({ method: "POST", path: "/api/v1/check", headers: { host, "content-length": "3" }, body: "a=b" }),
    ).toMatchObject({ status: 413, code: "body_refused" });
  });

  it.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])("refuses the method %s", async (method) => {
    for (const path of ["/api/v1/slots", "/", "/nothing"]) {
      const answer = await send({ method, path, headers: { host: "localhost" } });
      expect({ path, ...answer }).toMatchObject({ status: 405, code: "method_not_allowed" });
      expect(answer.headers["allow"]).toBe("GET, HEAD");
    }
  });

  it("refuses a request with a body without reading it", async () => {
    const headers = { host: "localhost", "content-length": "5" };
    expect(await send({ headers, body: "12345" })).toMatchObject({ status: 413, code: "body_refused" });
  });

  it("hangs up on a client that goes on sending after a refusal", async () => {
    const socket = connect(Number(port()), "127.0.0.1");
    const closed = Promise.withResolvers<string>();
    let answer = "";
    socket.on("data", (chunk) => {
      answer += String(chunk);
    });
    socket.on("error", () => {});
    socket.on("close", () => closed.resolve(answer));
    socket.write(`POST /_bulk HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${1 << 30}\r\n\r\n`);
    const more = () => {
      while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
    };
    socket.on("drain", more);
    more();
    expect(await closed.promise).toMatch(/^HTTP\/1\.1 405 /);
  });

  it("sends every answer, also a refusal, with the headers that shut a browser's doors", async () => {
    for (const [path, host] of [
      ["/api/v1/nodes", "localhost"],
      ["/", "localhost"],
      ["/nothing", "evil.example"],
      ["/metrics", "localhost"],
    ] as const) {
      const { headers } = await send({ path, headers: { host } });
      expect(headers).toMatchObject({
        "content-security-policy": expect.stringContaining("default-src 'self'"),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
  });
});
