import { afterEach, expect, test } from "vitest";
import { type FakeKibana, startFakeKibana } from "../../../test/rigs/fake-kibana.ts";
import { findTarget } from "./find-target.ts";
import { importObjects } from "./import-objects.ts";
import { createKibanaClient, type KibanaClient } from "./kibana-client.ts";
import type { SavedObject } from "./saved-objects.ts";

let kibana: FakeKibana;
afterEach(() => kibana.close());

const clientOf = ({ url }: FakeKibana): KibanaClient =>
  createKibanaClient({ url, credentials: {}, signal: new AbortController().signal });
const objects: readonly SavedObject[] = [
  { type: "index-pattern", id: "ethmon-a", attributes: { title: "a-*" }, references: [] },
];

test.each([
  [{ status: 409, body: { message: "version conflict" } }, "retryable", "version conflict"],
  [{ status: 415, body: { message: "Unsupported Media Type" } }, "final", "Unsupported Media Type"],
  [{ status: 413, body: { message: "Payload too large" } }, "final", "Payload too large"],
  [{ status: 403, body: { message: "Unable to bulk_create dashboard" } }, "final", "Unable to bulk_create dashboard"],
  [{ status: 400, body: { message: "Request must contain a kbn-xsrf header." } }, "final", "kbn-xsrf"],
  [{ status: 404, body: { message: "Not Found" } }, "final", "no such space"],
  [{ status: 200, body: "<html>Log in</html>" }, "final", "is no Kibana"],
  [{ status: 302, body: "", location: "/login?next=%2F" }, "final", "asks for credentials"],
  [{ status: 503, body: "Kibana server is not ready yet" }, "retryable", "answered 503"],
  [{ status: 500, body: { message: "An internal server error occurred" } }, "retryable", "internal server error"],
  ["hang up" as const, "retryable", "cannot be reached"],
])("an import that answers %j is told, and whether it may pass", async (trouble, retry, words) => {
  kibana = await startFakeKibana({ target: "kibana-9", version: "9.1.0" });
  kibana.onRequest(({ path }) => (path.includes("_import") ? trouble : undefined));
  const asked = importObjects({ client: clientOf(kibana), target: "kibana-9", objects });
  await expect(asked).rejects.toMatchObject({ retry, message: expect.stringContaining(words) });
});

test.each([
  ["7.17.0", undefined, "Kibana 7.17.0, for which nothing is written"],
  ["8.5.0", undefined, "Kibana 8.9 and newer"],
  ["1.3.0", undefined, "OpenSearch Dashboards 1.3.0"],
  ["9.0.0", "kibana-8" as const, "not what --for says"],
  [undefined, undefined, "say it by --for"],
])("the version %s where %s is asked for is told", async (version, asked, words) => {
  kibana = await startFakeKibana({ target: "kibana-9", version });
  await expect(findTarget(clientOf(kibana), asked)).rejects.toMatchObject({
    code: "kibana_version",
    message: expect.stringContaining(words),
  });
});

test.each([
  ["8.19.4", "kibana-8"],
  ["9.2.0", "kibana-9"],
  ["2.19.1", "opensearch-dashboards-2"],
  ["3.2.0", "opensearch-dashboards-3"],
] as const)("the version %s is that of %s", async (version, target) => {
  kibana = await startFakeKibana({ target, version });
  expect(await findTarget(clientOf(kibana), undefined)).toBe(target);
});

test("one that tells no version is what is asked for", async () => {
  kibana = await startFakeKibana({ target: "kibana-9" });
  expect(await findTarget(clientOf(kibana), "kibana-9")).toBe("kibana-9");
});
