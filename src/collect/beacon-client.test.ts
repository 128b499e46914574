import { afterEach, expect, test } from "vitest";
import { type FakeNode, startFakeNode } from "../../test/rigs/fake-node.ts";
import { systemClock } from "../lib/clock.ts";
import { isAborted } from "../lib/fault.ts";
import { type BeaconClient, createBeaconClient } from "./beacon-client.ts";

const PATH = "/eth/v1/node/version";
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function rig(
  options: Partial<Parameters<typeof createBeaconClient>[0]> = {},
): Promise<{ node: FakeNode; client: BeaconClient }> {
  const node = await startFakeNode();
  const client = createBeaconClient({ node: "n1", url: node.url, clock: systemClock(), ...options });
  closers.push(client.close, node.close);
  return { node, client };
}

test("an answer carries its status, its body and the moment it arrived", async () => {
  const { client } = await rig();
  const clock = systemClock();
  const before = clock.nowUs();
  const answer = await client.getJson(PATH);
  expect(answer).toMatchObject({ status: 200, body: { data: { version: "Fake/v1.0.0/test" } } });
  expect(answer.receivedAtUs).toBeGreaterThanOrEqual(before);
  expect(answer.receivedAtUs).toBeLessThanOrEqual(clock.nowUs());
});

test("a compressed answer is read, and one that unfolds beyond the bound is not", async () => {
  const { node, client } = await rig({ maxBodyBytes: 100_000 });
  node.answer(PATH, { gzip: true, body: { data: { version: "x".repeat(1000) } } });
  expect((await client.getJson(PATH)).bytes).toBeLessThan(200);
  node.answer(PATH, { gzip: true, body: { data: { version: "x".repeat(10_000_000) } } });
  await expect(client.getJson(PATH)).rejects.toMatchObject({ code: "node_answer_too_large", retry: "final" });
});

test("HTTP 500 says the node, the path, the status and the node's own words, and may be tried again", async () => {
  const { node, client } = await rig();
  node.answer(PATH, { status: 500, body: { code: 500, message: "database is locked" } });
  await expect(client.getJson(PATH)).rejects.toMatchObject({
    code: "node_http_error",
    retry: "retryable",
    message: `Node n1 answered ${PATH} with status 500: database is locked.`,
  });
});

test("a 404 is final", async () => {
  const { client } = await rig();
  await expect(client.getJson("/eth/v1/nope")).rejects.toMatchObject({
    code: "node_http_error",
    retry: "final",
    details: { status: 404 },
  });
});

test("an HTML body is told by its type and its words without tags", async () => {
  const { node, client } = await rig();
  node.answer(PATH, { raw: "<html><style>b{}</style><body><h1>Please\n log in</h1></body></html>" });
  await expect(client.getJson(PATH)).rejects.toMatchObject({
    code: "node_not_json",
    message: `Node n1 answered ${PATH} with text/html that is not JSON: Please log in.`,
  });
});

test("an empty body is no JSON", async () => {
  const { node, client } = await rig();
  node.answer(PATH, { raw: "", headers: { "content-type": "application/json" } });
  await expect(client.getJson(PATH)).rejects.toMatchObject({ code: "node_not_json" });
});

test("a node that does not answer is given up after the time limit", async () => {
  const { node, client } = await rig({ timeLimitMs: 50 });
  node.hang(true);
  await expect(client.getJson(PATH)).rejects.toMatchObject({ code: "node_timeout", retry: "retryable" });
});

test("a node that is not there is unreachable", async () => {
  const { node, client } = await rig();
  await node.close();
  await expect(client.getJson(PATH)).rejects.toMatchObject({
    code: "node_unreachable",
    message: expect.stringContaining("the connection was refused"),
  });
});

test("aborting ends a request, and is not a fault", async () => {
  const stop = new AbortController();
  const { node, client } = await rig({ signal: stop.signal });
  node.hang(true);
  const asked = client.getJson(PATH);
  stop.abort();
  await expect(asked).rejects.toSatisfy(isAborted);
});

test("a body cut short is unreachable, not half an answer", async () => {
  const { node, client } = await rig();
  node.answer(PATH, { raw: '{"data":', headers: { "content-length": "5000" } });
  const asked = client.getJson(PATH, { timeLimitMs: 5000 });
  const failed = expect(asked).rejects.toMatchObject({ code: "node_unreachable" });
  await expect.poll(() => node.count(PATH)).toBe(1);
  await node.close();
  await failed;
});

test("integers beyond 2^53 keep their digits", async () => {
  const { node, client } = await rig();
  node.answer(PATH, { raw: '{"data":{"version":18446744073709551614}}' });
  expect((await client.getJson(PATH)).body).toEqual({ data: { version: "18446744073709551614" } });
});

test("credentials go to the node and appear in no message", async () => {
  const { node } = await rig();
  const url = `http://user:hunter22@127.0.0.1:${node.port}/KEY1234?apikey=SECRET99`;
  const client = createBeaconClient({ node: "n1", url, clock: systemClock() });
  closers.push(client.close);
  node.answer(/./, { status: 403, raw: "Cannot GET /KEY1234/eth?apikey=SECRET99 as hunter22" });
  const fault = await client.getJson(PATH).catch((error: unknown) => error);
  expect(node.requests[0]).toMatchObject({
    path: `/KEY1234${PATH}?apikey=SECRET99`,
    headers: { authorization: `Basic ${Buffer.from("user:hunter22").toString("base64")}` },
  });
  expect(String(fault)).toContain("status 403");
  expect(JSON.stringify([fault, String(fault), (fault as Error).stack, (fault as Error).cause])).not.toMatch(
    /hunter22|KEY1234|SECRET99/,
  );
});
