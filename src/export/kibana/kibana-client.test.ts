import { afterEach, expect, test } from "vitest";
import { type FakeKibana, startFakeKibana } from "../../../test/rigs/fake-kibana.ts";
import { createKibanaClient } from "./kibana-client.ts";

let kibana: FakeKibana;
afterEach(() => kibana.close());

test("one that does not answer in time cannot be reached, and later perhaps it can", async () => {
  kibana = await startFakeKibana({ target: "kibana-9", version: "9.1.0" });
  kibana.onRequest(() => "silence");
  const { signal } = new AbortController();
  const client = createKibanaClient({ url: kibana.url, credentials: {}, signal, limitMs: 100 });
  await expect(client.get("/api/status")).rejects.toMatchObject({
    code: "kibana_unreachable",
    retry: "retryable",
    message: `${kibana.url} cannot be reached: it has not answered within 0.1 s.`,
  });
});

test("a request that is stopped is no fault", async () => {
  kibana = await startFakeKibana({ target: "kibana-9", version: "9.1.0" });
  const controller = new AbortController();
  kibana.onRequest(() => {
    controller.abort();
    return "silence";
  });
  const client = createKibanaClient({ url: kibana.url, credentials: {}, signal: controller.signal });
  await expect(client.get("/api/status")).rejects.toMatchObject({ name: "AbortError" });
});

test("a user in the URL logs in, and is not told", async () => {
  const authorization = `Basic ${Buffer.from("eve:pass word").toString("base64")}`;
  kibana = await startFakeKibana({ target: "kibana-9", version: "9.1.0", authorization });
  const url = `${kibana.url.replace("//", "//eve:pass%20word@")}/`;
  const client = createKibanaClient({ url, credentials: {}, signal: new AbortController().signal });
  expect((await client.get("/api/status")).status).toBe(200);
  expect(client.origin).toBe(kibana.url);
});
