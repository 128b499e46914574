import { afterEach, expect, test } from "vitest";
import { createChain } from "../chain/chain.ts";
import { systemClock } from "../lib/clock.ts";
import { Fault } from "../lib/fault.ts";
import { silentLog } from "../lib/log.ts";
import type { EpochRequests } from "./epoch-requests.ts";
import { readHeadRoots } from "./head-roots.ts";
import { createProposerDuties } from "./proposer-duties.ts";

const OLD = `0x${"11".repeat(32)}`;
const NEW = `0x${"22".repeat(32)}`;
/** Sent last: once it is asked for, whatever came before was asked for too. */
const LAST = `0x${"99".repeat(32)}`;
const EPOCH = 1000;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Answering = (path: string) => string;

/** A chain in the middle of epoch 1000, and nodes that answer with the dependent root they are told to. */
function rig(nodes: Record<string, Answering>) {
  const clock = systemClock();
  const spec = { SLOT_DURATION_MS: "100000", SLOTS_PER_EPOCH: "10" };
  const genesisS = Math.floor(clock.nowUs() / 1e6) - EPOCH * 1000 - 500;
  const stop = new AbortController();
  const asked: string[] = [];
  const answered: string[] = [];
  const duties: EpochRequests = createProposerDuties({
    nodes: Object.entries(nodes).map(([name, answer]) => ({
      name,
      ready: () => true,
      async getJson(path: string) {
        asked.push(`${name} ${path.replace("/eth/v1/validator/duties/proposer/", "")}`);
        return { status: 200, body: { dependent_root: answer(path), data: [] }, receivedAtUs: 1, bytes: 2 };
      },
    })),
    chain: createChain({ spec, genesis: { genesis_time: genesisS } }),
    clock,
    log: silentLog,
    signal: stop.signal,
    onAnswer: (node, path) => answered.push(`${node} ${path.split("/").at(-1)}`),
  });
  closers.push(async () => {
    stop.abort();
    await duties.stopped;
  });
  const tell = (node: string, text: string) => {
    const roots = readHeadRoots(text);
    if (roots !== undefined) duties.onHead({ node, ...roots });
  };
  const head = (node: string, root: string, slot = EPOCH * 10 + 5) =>
    tell(node, JSON.stringify({ slot: String(slot), current_duty_dependent_root: root }));
  return { asked, answered, head, tell };
}

const fails: Answering = () => {
  throw new Fault("node_unreachable", "gone", { retry: "retryable" });
};

test("the current and the next epoch are asked for at start, from one node alone", async () => {
  const { answered, head } = rig({ a: () => OLD, b: () => OLD });
  await expect.poll(() => answered).toEqual(["a 1000", "a 1001"]);
  head("b", OLD);
  head("a", OLD);
  head("a", LAST);
  await expect.poll(() => answered).toEqual(["a 1000", "a 1001", "a 1000", "b 1000", "a 1001"]);
});

test("a node that fails is passed over", async () => {
  const { answered } = rig({ a: fails, b: () => OLD });
  await expect.poll(() => answered).toEqual(["b 1000", "b 1001"]);
});

test("a head with another dependent root makes duties be asked for again, first from the node that reported it", async () => {
  let root = OLD;
  const { asked, head } = rig({ a: () => root, b: () => root });
  await expect.poll(() => asked).toHaveLength(2);
  root = NEW;
  head("b", NEW);
  head("b", NEW);
  await expect.poll(() => asked.slice(2)).toEqual(["b 1000", "b 1001"]);
  head("a", NEW);
  head("a", OLD);
  root = LAST;
  head("a", LAST);
  await expect.poll(() => asked.slice(4)).toEqual(["a 1000", "a 1001"]);
});

test("a node on another branch is not the last one asked, and a root that nobody knows is not asked for twice", async () => {
  const { asked, head } = rig({ a: () => OLD, b: () => NEW });
  await expect.poll(() => asked).toEqual(["a 1000", "a 1001"]);
  head("a", NEW);
  await expect.poll(() => asked.slice(2, 4)).toEqual(["a 1000", "b 1000"]);
  await expect.poll(() => asked.slice(4)).toEqual(["a 1001"]);
  const unknown = `0x${"33".repeat(32)}`;
  for (const node of ["a", "a", "b"]) head(node, unknown);
  await expect.poll(() => asked.slice(5)).toEqual(["a 1000", "b 1000", "a 1001"]);
  head("b", unknown);
  head("b", LAST);
  await expect.poll(() => asked.slice(8)).toEqual(["b 1000", "a 1000", "b 1001"]);
});

test("head_v2 names the same root by another name", async () => {
  const { tell, asked } = rig({ a: () => OLD });
  await expect.poll(() => asked).toHaveLength(2);
  const data = { slot: String(EPOCH * 10), next_epoch_dependent_root: NEW };
  tell("a", JSON.stringify({ version: "gloas", data }));
  await expect.poll(() => asked.slice(2)).toEqual(["a 1000", "a 1001"]);
});

test("heads that are no JSON, or ten years ahead, ask for nothing", async () => {
  const { tell, asked, head } = rig({ a: () => OLD });
  await expect.poll(() => asked).toHaveLength(2);
  for (const text of ["", "null", "[]", '{"slot":"x"}', '{"data":null}', '"\ufffd']) tell("a", text);
  head("a", NEW, EPOCH * 10 + 30_000_000);
  head("a", NEW, 3);
  head("a", NEW);
  await expect.poll(() => asked.slice(2)).toEqual(["a 1000", "a 1001"]);
});

test("a node that has version 2 alone is asked for that", async () => {
  const { answered, asked } = rig({
    a(path) {
      if (path.includes("/v1/")) throw new Fault("node_http_error", "gone", { details: { status: 410 } });
      return OLD;
    },
  });
  await expect.poll(() => answered).toEqual(["a 1000", "a 1001"]);
  expect(asked).toContain("a /eth/v2/validator/duties/proposer/1000");
});
