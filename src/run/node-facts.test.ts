import { expect, test } from "vitest";
import { rootOf } from "../../test/rigs/recording-builder.ts";
import { createChain } from "../chain/chain.ts";
import { createEnricher } from "../enrich/enrich.ts";
import type { Envelope } from "../events/envelope.ts";
import { createFactsBook } from "./node-facts.ts";

const chain = createChain({
  spec: { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32" },
  genesis: { genesis_time: 1_800_000_000 },
});

function book() {
  const facts = createFactsBook();
  const enricher = createEnricher({ chain });
  const note = (envelope: Envelope) => facts.note(envelope, enricher.enrich(envelope));
  return {
    facts,
    tell: (node: string, topic: string, data: unknown, atMs = 500) =>
      note({
        kind: "event",
        node,
        receivedAtUs: chain.slotStartUs(100) + atMs * 1000,
        topic,
        text: JSON.stringify(data),
      }),
    answer: (node: string, path: string, data: unknown) =>
      note({ kind: "rest", node, receivedAtUs: chain.slotStartUs(100), path, status: 200, body: { data } }),
  };
}

const head = (name: string, slot = 100) => ({
  slot: String(slot),
  block: rootOf(name),
  state: rootOf("s"),
  epoch_transition: false,
});

test("a node's head is the last it told of, and a repetition of an old one does not bring it back", () => {
  const { facts, tell } = book();
  tell("n1", "head", head("a", 100));
  tell("n1", "head", head("b", 101), 12_500);
  tell("n1", "head", head("a", 100), 13_000);
  expect(facts.of("n1")).toMatchObject({ head: { slot: 101, root: rootOf("b") }, echoes: 1 });
  expect(facts.of("n2").head).toBeNull();
});

test("client and finality are what the node last said, and finality never goes back", () => {
  const { facts, tell, answer } = book();
  expect(facts.of("n1")).toEqual({ client: null, head: null, finalizedEpoch: null, echoes: 0 });
  answer("n1", "/eth/v1/node/version", { version: "Lighthouse/v7.1.0-abc/x86_64-linux" });
  const checkpoint = (epoch: number) => ({ epoch: String(epoch), root: rootOf("c") });
  answer("n1", "/eth/v1/beacon/states/head/finality_checkpoints", {
    current_justified: checkpoint(9),
    finalized: checkpoint(8),
  });
  tell("n1", "finalized_checkpoint", { block: rootOf("x"), state: rootOf("y"), epoch: "7" });
  expect(facts.of("n1")).toMatchObject({ client: { family: "Lighthouse", version: "v7.1.0-abc" }, finalizedEpoch: 8 });
});

test("events and bytes are counted by node and topic; what fits nothing is counted as one topic", () => {
  const { facts, tell } = book();
  tell("n1", "head", head("a"));
  tell("n1", "head", head("b"));
  tell("n2", "head", head("a"));
  for (const topic of ["x", "y", "z", "head"]) tell("n1", topic, null);
  const bytes = JSON.stringify(head("a")).length;
  expect(facts.topics()).toEqual([
    { node: "n1", topic: "head", events: 2, bytes: 2 * bytes },
    { node: "n2", topic: "head", events: 1, bytes },
    { node: "n1", topic: "quarantined", events: 4, bytes: 16 },
  ]);
  expect(facts.quarantined).toBe(4);
});

test("gaps are counted by node and cause, with their seconds", () => {
  const { facts } = book();
  facts.noteGap({ node: "n1", cause: "closed", from_ms: 1000, to_ms: 2500 });
  facts.noteGap({ node: "n1", cause: "closed", from_ms: 5000, to_ms: 6000 });
  facts.noteGap({ node: "n1", cause: "silent", from_ms: 0, to_ms: 250 });
  expect(facts.gaps()).toEqual([
    { node: "n1", cause: "closed", count: 2, seconds: 2.5 },
    { node: "n1", cause: "silent", count: 1, seconds: 0.25 },
  ]);
});
