import { readFileSync } from "node:fs";
import { createServer as createPlainServer, type RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { type FakeCluster, startFakeCluster } from "../../../test/rigs/fake-cluster.ts";
import { connectEngine, type Engine } from "./engine.ts";

async function fake(): Promise<FakeCluster> {
  const cluster = await startFakeCluster();
  onTestFinished(() => cluster.close());
  return cluster;
}

function connect(settings: Partial<Parameters<typeof connectEngine>[0]> & { urls: string[] }): Engine {
  const engine = connectEngine({ compress: false, ...settings });
  onTestFinished(() => engine.close());
  return engine;
}

test("a node that does not answer is passed over, and used again when it is back", async () => {
  const [one, two] = [await fake(), await fake()];
  const engine = connect({ urls: [one.url, two.url] });
  await one.away();
  for (let i = 0; i < 4; i += 1) expect((await engine.ask({ method: "GET", path: "/" })).status).toBe(200);
  expect(two.requests).toHaveLength(4);
  await one.back();
  const asked = async () => {
    await engine.ask({ method: "GET", path: "/x/_search" });
    return one.requests.some(({ path }) => path === "/x/_search");
  };
  await expect.poll(asked, { timeout: 20_000, interval: 100 }).toBe(true);
});

test("when all nodes were away and one is back, it is asked at once", async () => {
  const [one, two] = [await fake(), await fake()];
  const engine = connect({ urls: [one.url, two.url] });
  await Promise.all([one.away(), two.away()]);
  for (let i = 0; i < 3; i += 1) {
    await expect(engine.ask({ method: "GET", path: "/" })).rejects.toMatchObject({
      code: "engine_unreachable",
      retry: "retryable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  }
  await two.back();
  expect((await engine.ask({ method: "GET", path: "/" })).status).toBe(200);
});

test.each(["nothing", "half of an answer"])(
  "a node that sends %s and falls silent is given up in time",
  async (sent) => {
    const server = createPlainServer((_, response) => {
      if (sent === "nothing") return;
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"items":[');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const engine = connect({ urls: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`] });
    const asking = engine.ask({ method: "GET", path: "/", limitMs: 200 });
    await expect(asking).rejects.toMatchObject({
      code: "engine_unreachable",
      message: expect.stringContaining("no answer"),
    });
  },
);

test("closing ends what is under way", async () => {
  const cluster = await fake();
  cluster.onRequest(() => "silence");
  const engine = connect({ urls: [cluster.url] });
  const asking = engine.ask({ method: "GET", path: "/" });
  await expect.poll(() => cluster.requests.length).toBe(1);
  const ended = expect(asking).rejects.toMatchObject({ code: "store_closed" });
  await engine.close();
  await ended;
});

test("an aborted request rejects with the signal's reason and nothing else happens", async () => {
  const cluster = await fake();
  cluster.onRequest(() => "silence");
  const engine = connect({ urls: [cluster.url] });
  const aborting = new AbortController();
  const asking = engine.ask({ method: "GET", path: "/", signal: aborting.signal });
  await expect.poll(() => cluster.requests.length).toBe(1);
  aborting.abort(new Error("enough"));
  await expect(asking).rejects.toThrow("enough");
  // What a listener of the signal leaves behind ends the process on a later turn.
  await new Promise((resolve) => setImmediate(resolve));
});

test.each(["not a URL", "ftp://es:9200"])("%s is refused as an address", (url) => {
  expect(() => connectEngine({ urls: [url], compress: false })).toThrow(/is not an http or https URL/);
});

test("an API key with a line end is refused before anything is sent", () => {
  const settings = { urls: ["http://127.0.0.1:1"], api_key: "abc\n", compress: false };
  expect(() => connectEngine(settings)).toThrow(/API key/);
});

test("a certificate of an authority that is not known is told, with what to do", async () => {
  const file = (name: string) => fileURLToPath(new URL(`../../../test/data/tls/${name}`, import.meta.url));
  const answer: RequestListener = (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end("{}");
  };
  const server = createServer(
    { cert: readFileSync(file("server.pem")), key: readFileSync(file("server.key")) },
    answer,
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `https://localhost:${(server.address() as AddressInfo).port}`;
  await expect(connect({ urls: [url] }).ask({ method: "GET", path: "/" })).rejects.toMatchObject({
    code: "engine_unreachable",
    message: expect.stringMatching(/certificate.*store\.elasticsearch\.authority/),
  });
  const known = connect({ urls: [url], authority: file("ca.pem") });
  expect((await known.ask({ method: "GET", path: "/" })).status).toBe(200);
});
