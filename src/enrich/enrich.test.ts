import { describe, expect, test } from "vitest";
import { rootOf } from "../../test/rigs/recording-builder.ts";
import { createChain } from "../chain/chain.ts";
import { createEnricher, type Enriched, type EnrichedEvent } from "./enrich.ts";

const chain = createChain({
  spec: { SLOT_DURATION_MS: "12000", SLOTS_PER_EPOCH: "32", ELECTRA_FORK_EPOCH: "0", FULU_FORK_EPOCH: "4" },
  genesis: { genesis_time: 1_600_000_000 },
});
const SLOT = 100;
const atUs = (ms: number, slot = SLOT) => chain.slotStartUs(slot) + ms * 1000;

type Told = { node?: string; ms?: number; topic?: string; data?: unknown; text?: string };

function enricher() {
  const inner = createEnricher({ chain });
  return {
    tell({ node = "n1", ms = 500, topic = "block", data, text }: Told): Enriched {
      const enriched = inner.enrich({
        kind: "event",
        node,
        receivedAtUs: atUs(ms),
        topic,
        text: text ?? JSON.stringify(data),
      });
      return enriched;
    },
    answer(path: string, body: unknown, { node = "n1", status = 200 } = {}): Enriched {
      return inner.enrich({ kind: "rest", node, receivedAtUs: atUs(0), path, status, body });
    },
  };
}

function asEvent(enriched: Enriched): EnrichedEvent {
  if (enriched.kind !== "event") throw new Error(`not an event but ${JSON.stringify(enriched)}`);
  return enriched;
}

function reasonOf(enriched: Enriched): unknown {
  if (enriched.kind !== "quarantine") throw new Error(`not quarantined but ${enriched.kind}`);
  return enriched.document.fields["ethereum.quarantine.reason"];
}

const block = { slot: String(SLOT), block: rootOf("a"), execution_optimistic: false };

describe("an event", () => {
  test("gets its place on the chain, its delay, and is kept as it came", () => {
    const event = asEvent(enricher().tell({ ms: -90.125, data: block }));
    expect(event).toMatchObject({
      kind: "event",
      slot: SLOT,
      delayMs: -90.125,
      root: rootOf("a"),
      echo: false,
      syncing: false,
    });
    expect(event.document).toEqual({
      dataset: "ethereum.block",
      timestampUs: atUs(-90.125),
      fields: {
        "observer.name": "n1",
        "ethereum.slot": SLOT,
        "ethereum.epoch": 3,
        "ethereum.slot_index": 4,
        "ethereum.fork": "electra",
        "ethereum.delay_ms": -90.125,
        "ethereum.seen_order": 1,
        "ethereum.echo": false,
        "ethereum.syncing": false,
        "ethereum.block.root": rootOf("a"),
        "ethereum.execution_optimistic": false,
        "event.original": JSON.stringify(block),
      },
    });
  });

  test("without a slot of its own has the slot of its arrival, and no block", () => {
    const data = { block: rootOf("a"), state: rootOf("s"), epoch: "2", execution_optimistic: false };
    const event = asEvent(enricher().tell({ topic: "finalized_checkpoint", ms: 13_000, data }));
    expect(event).toMatchObject({ slot: SLOT + 1, delayMs: 1000, root: undefined });
    expect(event.fields["ethereum.finalized_epoch"]).toBe(2);
  });

  test("is of one block whatever the case of its root", () => {
    const { tell } = enricher();
    tell({ node: "n1", data: block });
    const upper = { ...block, block: `0x${rootOf("a").slice(2).toUpperCase()}` };
    expect(asEvent(tell({ node: "n2", data: upper })).document.fields["ethereum.seen_order"]).toBe(2);
  });

  test("is an echo when its node told of the object on that topic before", () => {
    const { tell } = enricher();
    const seen = (told: Told) => {
      const { echo, document } = asEvent(tell({ data: block, ...told }));
      return [document.fields["ethereum.seen_order"], echo];
    };
    const head = { slot: String(SLOT), block: rootOf("a"), state: rootOf("s"), epoch_transition: false };
    expect(seen({ node: "n2" })).toEqual([1, false]);
    expect(seen({ node: "n1" })).toEqual([2, false]);
    expect(seen({ node: "n1", topic: "block_gossip" })).toEqual([1, false]);
    expect(seen({ node: "n1", topic: "head", data: head })).toEqual([1, false]);
    expect(seen({ node: "n2", ms: 90_000 })).toEqual([1, true]);
    expect(seen({ node: "n1", ms: 90_000 })).toEqual([2, true]);
    expect(seen({ node: "n3", ms: 90_000 })).toEqual([3, false]);
  });

  test("head_v2 that tells of the same block with its payload is no echo", () => {
    const { tell } = enricher();
    const data = (payload_status: string) => ({
      version: "gloas",
      data: { slot: String(SLOT), block: rootOf("a"), state: rootOf("s"), payload_status, epoch_transition: false },
    });
    expect(asEvent(tell({ topic: "head_v2", data: data("empty") })).echo).toBe(false);
    expect(asEvent(tell({ topic: "head_v2", data: data("full") })).echo).toBe(false);
    expect(asEvent(tell({ topic: "head_v2", data: data("full") })).echo).toBe(true);
  });

  test("votes are never echoes and keep neither signature nor text", () => {
    const { tell } = enricher();
    const checkpoint = { epoch: "2", root: rootOf("c") };
    const data = {
      slot: String(SLOT),
      index: "0",
      beacon_block_root: rootOf("a"),
      source: checkpoint,
      target: checkpoint,
    };
    const vote = { committee_index: "3", attester_index: "77", data, signature: `0x${"ab".repeat(96)}` };
    for (let times = 0; times < 2; times += 1) {
      const { echo, root, document } = asEvent(tell({ topic: "single_attestation", data: vote }));
      expect([echo, root]).toEqual([false, undefined]);
      expect(JSON.stringify(document)).not.toContain("abab");
      expect(document.fields["ethereum.validator.index"]).toBe(77);
    }
  });

  test("a single attestation on the topic of aggregates, as Grandine sends it, is read as what it is", () => {
    const checkpoint = { epoch: "2", root: rootOf("c") };
    const data = {
      slot: String(SLOT),
      index: "0",
      beacon_block_root: rootOf("a"),
      source: checkpoint,
      target: checkpoint,
    };
    const signature = `0x${"ab".repeat(96)}`;
    const single = asEvent(
      enricher().tell({ topic: "attestation", data: { committee_index: "3", attester_index: "77", data, signature } }),
    );
    expect(single.fields).toMatchObject({ "ethereum.validator.index": 77, "ethereum.committee.index": 3 });
    const aggregate = asEvent(
      enricher().tell({ topic: "attestation", data: { aggregation_bits: "0x0f", data, signature } }),
    );
    expect(aggregate.fields).toMatchObject({ "ethereum.aggregation_bits": "0x0f" });
    expect(aggregate.fields).not.toHaveProperty("ethereum.validator.index");
  });

  test("a reorg's depth is kept as it was told, whatever it is", () => {
    const reorg = (depth: string) =>
      `{"slot":"100","depth":${depth},"old_head_block":"${rootOf("a")}","new_head_block":"${rootOf("b")}","epoch":"3"}`;
    for (const [depth, kept] of [
      ['"18446744073709551614"', "18446744073709551614"],
      ["18446744073709551614", "18446744073709551614"],
      ['"0"', "0"],
      ["null", null],
    ] as const) {
      const event = asEvent(enricher().tell({ topic: "chain_reorg", text: reorg(depth) }));
      expect(event.document.fields["ethereum.reorg.depth_hint"]).toBe(kept);
    }
  });
});

describe("what does not fit is quarantined with the reason, and kept", () => {
  const tenYears = String(SLOT + (10 * 365.25 * 86_400) / 12);

  test.each([
    ["null", "the data are null"],
    ["<html>502 Bad Gateway</html>", "the data are not JSON"],
    ['{"slot":"100"', "the data are not JSON"],
    ["", "the data are not JSON"],
    ["[]", "the data is not of type object"],
    ['{"slot":"100"}', "block is not a root"],
    [`{"slot":"-1","block":"${rootOf("a")}"}`, "slot is not an unsigned integer"],
    [`{"slot":"9007199254740993","block":"${rootOf("a")}"}`, "slot is beyond 2^53"],
    [`{"slot":9007199254740993,"block":"${rootOf("a")}"}`, "slot is beyond 2^53"],
    [`{"slot":"${tenYears}","block":"${rootOf("a")}"}`, `slot ${tenYears} begins 315576000 s after the event arrived`],
    [
      `{"slot":"9007199254740991","block":"${rootOf("a")}"}`,
      "slot 9007199254740991 begins 1.0808639105689189e+17 s after the event arrived",
    ],
  ])("%s: %s", (text, reason) => {
    const enriched = enricher().tell({ text, ms: 0 });
    if (!reason.includes("e+17")) expect(reasonOf(enriched)).toBe(reason);
    expect(enriched).toMatchObject({
      kind: "quarantine",
      node: "n1",
      document: {
        dataset: "ethereum.quarantine",
        fields: {
          "observer.name": "n1",
          "ethereum.quarantine.dataset": "ethereum.block",
          "ethereum.quarantine.original": text,
        },
      },
    });
  });

  test("an event of a topic that nobody knows", () => {
    const enriched = enricher().tell({ topic: "tomorrow", text: "{}" });
    expect(reasonOf(enriched)).toBe("no dataset for the topic tomorrow");
  });

  test("an event a few minutes ahead is taken: a node's clock or ours may be wrong", () => {
    expect(asEvent(enricher().tell({ ms: -300_000, data: block })).delayMs).toBe(-300_000);
  });

  test("an event of long ago is taken: it is late, and that is what is watched", () => {
    expect(asEvent(enricher().tell({ ms: 30 * 86_400_000, data: block })).delayMs).toBe(30 * 86_400_000);
  });

  test("what was rejected is not seen: the same object, well formed, comes first", () => {
    const { tell } = enricher();
    tell({ data: { ...block, slot: tenYears } });
    expect(asEvent(tell({ data: block })).echo).toBe(false);
  });
});

describe("answers", () => {
  const header = {
    data: { root: rootOf("a"), header: { message: { slot: "100", proposer_index: "5", parent_root: rootOf("p") } } },
  };

  test("a header gives a block its proposer and parent", () => {
    const path = `/eth/v1/beacon/headers/${rootOf("a")}`;
    expect(enricher().answer(path, header)).toMatchObject({
      kind: "answer",
      answer: {
        kind: "header",
        root: rootOf("a"),
        slot: 100,
        proposerIndex: 5,
        parentRoot: rootOf("p"),
        isHead: false,
      },
      document: { dataset: "ethereum.header", fields: { "ethereum.proposer_index": 5 } },
    });
    expect(enricher().answer("/eth/v1/beacon/headers/head", header)).toMatchObject({ answer: { isHead: true } });
  });

  test("version and sync status mark the events that follow, of that node alone", () => {
    const { tell, answer } = enricher();
    answer("/eth/v1/node/version", { data: { version: "teku/v25.7.1/linux" } });
    answer("/eth/v1/node/syncing", { data: { head_slot: "90", sync_distance: "10", is_syncing: true } });
    expect(asEvent(tell({ data: block }))).toMatchObject({
      syncing: true,
      client: { family: "Teku", version: "v25.7.1" },
    });
    expect(asEvent(tell({ node: "n2", data: block }))).toMatchObject({ syncing: false, client: undefined });
    answer("/eth/v1/node/syncing", { data: { head_slot: "100", sync_distance: "0", is_syncing: false } });
    expect(asEvent(tell({ topic: "block_gossip", data: block })).syncing).toBe(false);
  });

  test("duties name the proposers of an epoch", () => {
    const body = { dependent_root: rootOf("d"), data: [{ pubkey: "0x", validator_index: "7", slot: "96" }] };
    const enriched = enricher().answer("/eth/v1/validator/duties/proposer/3", body);
    if (enriched.kind !== "answer" || enriched.answer.kind !== "duties") throw new Error("no duties");
    expect([...enriched.answer.proposers]).toEqual([[96, 7]]);
    expect(enriched.answer).toMatchObject({ epoch: 3, dependentRoot: rootOf("d") });
  });

  test.each([
    ["/eth/v1/node/version", { data: {} }, "data.version is missing"],
    ["/eth/v1/node/syncing", { data: { head_slot: "1", is_syncing: "no" } }, "data.is_syncing is not a boolean"],
    ["/eth/v1/beacon/headers/head", "<html>", "the data is not of type object"],
    ["/eth/v1/beacon/headers/head", null, "the data is not of type object"],
    ["/eth/v1/node/peer_count", { data: { connected: "-3" } }, "data.connected is not an unsigned integer"],
  ])("%s that does not fit is quarantined: %j", (path, body, reason) => {
    expect(reasonOf(enricher().answer(path, body))).toBe(reason);
  });

  test.each([
    ["/eth/v1/node/version", 500],
    ["/eth/v1/beacon/headers/head", 404],
    ["/eth/v1/config/spec", 200],
  ])("%s with status %i is nothing to keep", (path, status) => {
    expect(enricher().answer(path, "<html>", { status })).toEqual({ kind: "nothing" });
  });
});

test("the state of a stream passes through as it is", () => {
  const envelope = { kind: "stream", node: "n1", receivedAtUs: 5, state: "open" } as const;
  expect(createEnricher({ chain }).enrich(envelope)).toBe(envelope);
});
