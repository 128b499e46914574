import { afterAll, describe, expect, test } from "vitest";
import { createChain } from "../../src/chain/chain.ts";
import { check } from "../../src/check/check.ts";
import { type BeaconClient, createBeaconClient } from "../../src/collect/beacon-client.ts";
import { readNetwork } from "../../src/collect/beacon-node.ts";
import { createBeaconPoll, PATHS } from "../../src/collect/beacon-poll.ts";
import { dutiesOf } from "../../src/collect/proposer-duties.ts";
import type { AnswerReading } from "../../src/events/answers/answer.ts";
import { answerOf } from "../../src/events/answers/answers.ts";
import { firstIssue } from "../../src/events/primitives.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLog } from "../../src/lib/log.ts";
import { type FakeNode, startFakeNode } from "../rigs/fake-node.ts";
import { answerSchemas, type RestAnswer, readAnswers, unread } from "./rest-answers.ts";

const all = readAnswers();
const nodes = [...new Set(all.map(({ node }) => node))].map((node) => ({
  node,
  answers: all.filter((answer) => answer.node === node),
}));
const closers: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A node that answers as the real one did. Of paths that differ by their query alone, the one without is answered. */
async function nodeOf(answers: readonly RestAnswer[]): Promise<{ node: FakeNode; client: BeaconClient }> {
  const node = await startFakeNode();
  const client = createBeaconClient({ node: "n1", url: node.url, clock: systemClock() });
  closers.push(node.close, client.close);
  for (const { path, status, headers, body } of answers.toSorted((a, b) => b.path.length - a.path.length)) {
    node.answer(path.split("?", 1)[0] ?? path, { status, raw: body, headers: { "content-type": "", ...headers } });
  }
  return { node, client };
}

const bodyOf = (answers: readonly RestAnswer[], path: string): Record<string, unknown> =>
  JSON.parse(answers.find((answer) => answer.path === path)?.body ?? "null");

/** An answer as the program reads it; fails with the reason when it is refused, or has no dataset. */
function readingOf(path: string, body: unknown): AnswerReading {
  const found = answerOf(path);
  if (found === undefined) throw new Error(`no dataset reads ${path}`);
  const read = found.dataset.parse(body, found.match);
  if (!read.success) throw new Error(firstIssue(read.error));
  return read.data;
}

/** The fork in the name of the answers' node. */
function forkOf(answers: readonly RestAnswer[]): string | undefined {
  return answers[0]?.node.split("-").at(-1);
}

/** What a stored value holds, as text: validators by slot are objects. */
function leaves(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "object") return Object.entries(value).flatMap(([key, item]) => [key, ...leaves(item)]);
  return [String(value)];
}

test("real answers are there: of three nodes, and of every status that a client has to know", () => {
  expect(nodes.map(({ node }) => node)).toEqual(["1.22dev-deneb", "1.22dev-electra", "1.5.1-capella"]);
  expect(all).toHaveLength(111);
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200, 400, 404, 500]));
});

test("each path has a dataset, a schema or a written reason why nothing reads it, and not both", () => {
  for (const { path } of all) {
    const isRead = answerOf(path) !== undefined || answerSchemas.some((one) => one.path.test(path));
    const reasons = unread.filter((one) => one.path.test(path));
    // What the network is known by is read before there is a dataset.
    if (path === PATHS.spec || path === PATHS.genesis) continue;
    expect([path, isRead, reasons.length]).toEqual([path, reasons.length === 0, isRead ? 0 : 1]);
    for (const { reason } of reasons) expect(reason.length).toBeGreaterThan(30);
  }
});

test.each([...answerSchemas, ...unread])("$path is answered by one of the nodes", ({ path }) => {
  expect(all.filter((answer) => path.test(answer.path)).length).toBeGreaterThan(0);
});

describe.each(nodes)("the answers of $node", ({ answers }) => {
  const good = answers.filter(({ status, body }) => status === 200 && body !== "");
  const bad = answers.filter(({ status }) => status !== 200);

  test.each(good.filter(({ method }) => method === "GET"))("$path comes through HTTP whole", async (answer) => {
    const { client } = await nodeOf([answer]);
    const got = await client.getJson(answer.path);
    expect(got).toMatchObject({ status: 200, bytes: Buffer.byteLength(answer.body), date: answer.headers["date"] });
    expect(got.body).toEqual(JSON.parse(answer.body));
  });

  test.each(good.filter(({ path }) => answerOf(path) !== undefined))(
    "$path is read by its dataset, which stores what stands in it",
    ({ path, body }) => {
      const { fields } = readingOf(path, JSON.parse(body));
      const stored = Object.values(fields).flatMap(leaves);
      expect(stored.length).toBeGreaterThan(0);
      for (const value of stored) expect(body + path).toContain(value);
    },
  );

  test.each(good.filter(({ path }) => answerSchemas.some((one) => one.path.test(path))))(
    "$path is read by the schema of its object",
    ({ path, body }) => {
      for (const { schema } of answerSchemas.filter((one) => one.path.test(path))) {
        const read = schema.safeParse(JSON.parse(body));
        expect(read.success ? undefined : firstIssue(read.error)).toBeUndefined();
      }
    },
  );

  test.each(bad.filter(({ method }) => method === "GET"))(
    "$path with status $status is a fault in the node's own words",
    async (answer) => {
      const { client } = await nodeOf([answer]);
      const { message } = JSON.parse(answer.body) as { message: string };
      await expect(client.getJson(answer.path)).rejects.toMatchObject({
        code: "node_http_error",
        retry: answer.status === 500 ? "retryable" : "final",
        details: { status: answer.status },
        message: `Node n1 answered ${answer.path} with status ${answer.status}: ${message}.`,
      });
    },
  );

  test("the empty answer of node/health is no JSON", async () => {
    const { client } = await nodeOf(answers);
    await expect(client.getJson("/eth/v1/node/health")).rejects.toMatchObject({ code: "node_not_json" });
  });

  test("the block of its head, asked for by its root, says what the head's header says", async () => {
    const { node, client } = await nodeOf(answers);
    const { answer: header } = readingOf(PATHS.head, (await client.getJson(PATHS.head)).body);
    if (header.kind !== "header") throw new Error("not a header");
    const path = `/eth/v2/beacon/blocks/${header.root}`;
    node.answer(path, { body: bodyOf(answers, "/eth/v2/beacon/blocks/head") });
    const { root, slot, proposerIndex, parentRoot } = header;
    expect(readingOf(path, (await client.getJson(path)).body).answer).toMatchObject({
      root,
      slot,
      proposerIndex,
      parentRoot,
      isHead: false,
    });
    expect(header.isHead).toBe(true);
  });

  test("its proposer of the head had the duty", async () => {
    const { client } = await nodeOf(answers);
    const { answer: header } = readingOf(PATHS.head, bodyOf(answers, PATHS.head));
    const epoch = Number(
      answers
        .find(({ path }) => path.includes("/duties/proposer/"))
        ?.path.split("/")
        .at(-1),
    );
    const { path, answer } = await dutiesOf(client, epoch);
    const { answer: duties } = readingOf(path, answer.body);
    if (header.kind !== "header" || duties.kind !== "duties") throw new Error("not a header and duties");
    expect(duties.proposers.get(header.slot)).toBe(header.proposerIndex);
    expect([...duties.proposers.keys()].every((slot) => Math.floor(slot / 8) === epoch)).toBe(true);
  });

  test("a poll gets an answer to all that it asks for", async () => {
    const { client } = await nodeOf(answers);
    const stop = new AbortController();
    const answered = new Map<string, unknown>();
    const clock = systemClock();
    const poll = createBeaconPoll({
      node: "n1",
      client,
      // Slots of 40 ms: every path's turn comes soon.
      chain: createChain({
        spec: { SLOT_DURATION_MS: "40", SLOTS_PER_EPOCH: "8" },
        genesis: { genesis_time: Math.floor(clock.nowUs() / 1e6) - 1000 },
      }),
      clock,
      log: silentLog,
      signal: stop.signal,
      onAnswer: (path, { body }) => answered.set(path, body),
    });
    await expect.poll(() => [...answered.keys()].sort(), { timeout: 8000 }).toEqual(Object.values(PATHS).sort());
    expect(poll.status()).toMatchObject({ failing: false, failures: 0 });
    stop.abort();
    await poll.stopped;
  });

  test("the doctor, at that time, knows it by its answers", async () => {
    const { node } = await nodeOf(answers);
    const head = answers.find(({ path }) => path === PATHS.head);
    const thenUs = Date.parse(head?.headers["date"] ?? "") * 1000;
    const startUs = systemClock().nowUs();
    const clock = { ...systemClock(), nowUs: () => thenUs + systemClock().nowUs() - startUs };
    const spec = bodyOf(answers, PATHS.spec)["data"] as Record<string, string>;
    const [report] = (
      await check({
        nodes: [{ name: "n1", url: node.url }],
        ntpServers: [],
        listenMs: 1,
        clock,
        signal: new AbortController().signal,
      })
    ).nodes;
    const { answer: header } = readingOf(PATHS.head, bodyOf(answers, PATHS.head));
    expect(report).toMatchObject({
      version: (bodyOf(answers, PATHS.version)["data"] as { version: string }).version,
      network: { name: spec["CONFIG_NAME"], slots_per_epoch: 8, fork: forkOf(answers) },
      sync: { head_slot: header.kind === "header" ? header.slot : undefined, is_syncing: false },
      peers: 2,
    });
    expect(new Set(Object.values(report?.paths ?? {}))).toEqual(new Set(["ok"]));
  });

  test("its spec and genesis make a network", () => {
    const chain = createChain(
      readNetwork({ name: "n1", spec: bodyOf(answers, PATHS.spec), genesis: bodyOf(answers, PATHS.genesis) }),
    );
    const genesis = bodyOf(answers, PATHS.genesis)["data"] as Record<string, string>;
    expect(chain.genesisValidatorsRoot).toBe(genesis["genesis_validators_root"]);
    expect(chain.slotsPerEpoch).toBe(8);
  });
});

describe("a proxy before the node", () => {
  test.each(Object.values(PATHS))("that sends a page for %s is told from the node", async (path) => {
    const { node, client } = await nodeOf([]);
    node.answer(path, { status: 502, raw: "<html><head><title>502 Bad Gateway</title></head><hr>nginx</html>" });
    await expect(client.getJson(path)).rejects.toMatchObject({
      code: "node_http_error",
      retry: "retryable",
      message: `Node n1 answered ${path} with status 502: 502 Bad Gateway nginx.`,
    });
    node.answer(path, { raw: "<!doctype html><body>Sign in to continue</body>" });
    await expect(client.getJson(path)).rejects.toMatchObject({
      code: "node_not_json",
      retry: "retryable",
      message: `Node n1 answered ${path} with text/html that is not JSON: Sign in to continue.`,
    });
  });
});
