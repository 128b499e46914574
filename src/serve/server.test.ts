import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { type ServeRig, type ServeRigOptions, startServeRig } from "../../test/rigs/serve-rig.ts";
import type { SearchResponse } from "../search/request.ts";

const rigs: ServeRig[] = [];
const directories: string[] = [];

afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

async function serve(options: ServeRigOptions = {}): Promise<ServeRig> {
  const rig = await startServeRig(options);
  rigs.push(rig);
  return rig;
}

async function webDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "ethmon-web-"));
  directories.push(directory);
  await mkdir(join(directory, "assets"));
  await writeFile(join(directory, "index.html"), "<!doctype html><title>Ethereum Monitor</title>");
  await writeFile(join(directory, "assets", "index-3f9a.js"), "export {};");
  return directory;
}

describe("listening", () => {
  it.each(["0.0.0.0", "::", "192.0.2.1", "monitor.example", ""])("on %j is refused", async (host) => {
    await expect(startServeRig({ config: { host } })).rejects.toMatchObject({
      code: "listen_address_refused",
      message: expect.stringContaining("--host 127.0.0.1"),
    });
  });

  it.each(["127.0.0.1", "127.0.0.9", "localhost"])("on %s works, under that name", async (host) => {
    const { url, get } = await serve({ config: { host } });
    expect(new URL(url).hostname).toBe(host);
    expect(await get("/api/v1/health")).toMatchObject({ status: 200 });
  });

  it("on a port in use says which one and what to do", async () => {
    const { url } = await serve();
    const port = Number(new URL(url).port);
    await expect(startServeRig({ config: { port } })).rejects.toMatchObject({
      code: "address_in_use",
      retry: "retryable",
      message: `Port ${port} on 127.0.0.1 is in use, perhaps by another ethmon: stop that, or choose another one with --port.`,
      details: { host: "127.0.0.1", port },
    });
  });
});

describe("the web pages", () => {
  it("are served with caching by name: hashed files for ever, the page never", async () => {
    const { get } = await serve({ config: { webDirectory: await webDirectory() } });
    const page = await get("/");
    expect(page.body).toContain("Ethereum Monitor");
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const script = await get("/assets/index-3f9a.js");
    expect(script.headers.get("content-type")).toContain("javascript");
    expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  });

  it("answer any path that the page's own router may know", async () => {
    const { get } = await serve({ config: { webDirectory: await webDirectory() } });
    for (const path of ["/slot/98765", "/apiary", "/nothing?x=1", "/slot/1.5"]) {
      const { status, headers, body } = await get(path);
      expect({ path, status, body }).toMatchObject({ status: 200, body: expect.stringContaining("Ethereum Monitor") });
      expect(headers.get("cache-control")).toBe("no-cache");
    }
  });

  it("leave unknown paths below /api, /metrics and /assets to a 404 in JSON", async () => {
    const { get } = await serve({ config: { webDirectory: await webDirectory() } });
    for (const path of ["/api", "/api/v1/nothing", "/api/v2/slots", "/assets/old-1234.js", "/metrics/x", "/api?x=1"]) {
      const { status, body } = await get(path);
      expect({ path, status, body }).toMatchObject({ status: 404, body: { error: { code: "route_unknown" } } });
    }
  });

  it("never leave their directory", async () => {
    const directory = await webDirectory();
    await writeFile(join(directory, "..", "ethmon-secret.txt"), "secret");
    directories.push(join(directory, "..", "ethmon-secret.txt"));
    const { url } = await serve({ config: { webDirectory: directory } });
    for (const path of [
      "/../ethmon-secret.txt",
      "/%2e%2e/ethmon-secret.txt",
      "/..%2fethmon-secret.txt",
      "/assets/..\\..\\ethmon-secret.txt",
    ]) {
      expect(await rawGet(url, path)).not.toContain("secret");
    }
  });

  it("say how to build them where they are not", async () => {
    for (const webDirectory of [undefined, join(tmpdir(), "ethmon-not-built")]) {
      const { get } = await serve({ config: { webDirectory } });
      for (const path of ["/", "/slot/1"]) {
        expect(await get(path)).toMatchObject({ status: 503, body: "The web pages are not built: npm run build\n" });
      }
    }
  });
});

describe("the server", () => {
  it("answers HEAD like GET without the body", async () => {
    const { url } = await serve();
    for (const path of ["/api/v1/nodes", "/api/v1/stream", "/metrics"]) {
      const response = await fetch(`${url}${path}`, { method: "HEAD" });
      expect({ path, status: response.status, text: await response.text() }).toEqual({ path, status: 200, text: "" });
    }
  });

  it("answers in its own shape what the framework cannot read", async () => {
    const { url } = await serve();
    expect(await rawGet(url, "/api/v1/nodes/%ff")).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"request_malformed"/);
    expect(await rawGet(url, `/api/v1/nodes/${"x".repeat(300)}`)).toMatch(/^HTTP\/1\.1 4\d\d [\s\S]*"error":\{"code":/);
  });

  it("ends the live streams when it closes, and is not held up by a connection that never asked for anything", async () => {
    const { url, close } = await serve();
    const response = await fetch(`${url}/api/v1/stream`);
    const ended = response.text();
    const preconnected = connect(Number(new URL(url).port), "127.0.0.1");
    await once(preconnected, "connect");
    await close();
    expect(await ended).toContain("retry: ");
  });

  it("finishes the requests under way before it closes", async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<SearchResponse>();
    const { url, close } = await serve({
      store: {
        search: () => {
          asked.resolve();
          return answer.promise;
        },
        state: () => ({ state: "ready", journaled: 0, loaded: 0, queued: 0, dropped: 0, rows: 0 }),
      },
    });
    const response = fetch(`${url}/api/v1/slots`);
    await asked.promise;
    const closed = close();
    const _shards = { total: 1, successful: 1, skipped: 0, failed: 0 };
    answer.resolve({ took: 1, timed_out: false, _shards, hits: { max_score: null, hits: [] } });
    expect(await (await response).json()).toEqual({ slots: [], next_before: null });
    await closed;
  });
});

/** A GET whose path is sent as it stands; `fetch` would tidy it. */
async function rawGet(url: string, path: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  return text(socket);
}
