import fc from "fast-check";
import { expect, test } from "vitest";
import { createChain } from "../chain/chain.ts";
import type { Envelope } from "../events/envelope.ts";
import { createPipeline } from "../pipeline.ts";

const chain = createChain({
  spec: { SECONDS_PER_SLOT: "12", SLOTS_PER_EPOCH: "32" },
  genesis: { genesis_time: 1_800_000_000 },
});
const root = (number: number) => `0x${number.toString(16).padStart(64, "0")}`;
const nodes = ["n1", "n2"];

/** A block, a head or a header that says whatever it likes of a few roots and slots. */
const lie = fc.record({
  kind: fc.constantFrom("block", "head", "header"),
  node: fc.constantFrom(...nodes),
  root: fc.integer({ min: 1, max: 8 }),
  parent: fc.integer({ min: 1, max: 8 }),
  slot: fc.integer({ min: 1, max: 12 }),
  atMs: fc.integer({ min: 0, max: 40_000 }),
});

test("whatever nodes and headers claim of parents and slots, the measures come to an end", () => {
  fc.assert(
    fc.property(fc.array(lie, { maxLength: 60 }), (lies) => {
      const pipeline = createPipeline({ chain });
      const envelopes = lies.map((told): Envelope => {
        const receivedAtUs = chain.slotStartUs(6) + told.atMs * 1000;
        const slot = String(told.slot);
        if (told.kind === "header") {
          const message = { slot, proposer_index: "1", parent_root: root(told.parent) };
          const body = { data: { root: root(told.root), header: { message } } };
          const path = `/eth/v1/beacon/headers/${root(told.root)}`;
          return { kind: "rest", node: told.node, receivedAtUs, path, status: 200, body };
        }
        const data = { slot, block: root(told.root), state: root(99), epoch_transition: false };
        return { kind: "event", node: told.node, receivedAtUs, topic: told.kind, text: JSON.stringify(data) };
      });
      envelopes.sort((a, b) => a.receivedAtUs - b.receivedAtUs);
      for (const envelope of envelopes) pipeline.push(envelope);
      pipeline.advance(chain.slotStartUs(20));
      pipeline.finish();
    }),
    { numRuns: 500 },
  );
});

test("one event far ahead changes no slot that is real, and is kept in quarantine", () => {
  const pipeline = createPipeline({ chain });
  const block = (slot: number, atSlot: number): Envelope => ({
    kind: "event",
    node: "n1",
    receivedAtUs: chain.slotStartUs(atSlot) + 1_000_000,
    topic: "head",
    text: JSON.stringify({ slot: String(slot), block: root(slot), state: root(99), epoch_transition: false }),
  });
  pipeline.push(block(100, 100));
  const { enriched } = pipeline.push(block(100 + 2400, 100));
  expect(enriched?.kind).toBe("quarantine");
  pipeline.push(block(101, 101));
  const told = pipeline.finish().updates.flatMap((update) => (update.dataset === "slot" ? [update.record.slot] : []));
  expect(Math.max(...told)).toBe(101);
});
