import fc from "fast-check";
import { expect, test } from "vitest";
import { createFirstSeen } from "./first-seen.ts";

test("nodes are numbered in the order in which they told of an object, and a repeat keeps its number", () => {
  const sighting = fc.record({
    node: fc.constantFrom("n1", "n2", "n3"),
    topic: fc.constantFrom("block", "head"),
    identity: fc.constantFrom("a", "b", "c", "d"),
  });
  fc.assert(
    fc.property(fc.array(sighting, { maxLength: 100 }), (sightings) => {
      const firstSeen = createFirstSeen({ limitPerTopic: 10 });
      const told = new Map<string, string[]>();
      for (const { node, topic, identity } of sightings) {
        const nodes = told.get(`${topic} ${identity}`) ?? [];
        const echo = nodes.includes(node);
        if (!echo) nodes.push(node);
        told.set(`${topic} ${identity}`, nodes);
        expect(firstSeen.note({ node, topic, identity })).toEqual({ order: nodes.indexOf(node) + 1, echo });
      }
    }),
  );
});

test("its memory is bounded by topic: a flood on one topic never makes blocks be forgotten", () => {
  const firstSeen = createFirstSeen({ limitPerTopic: 100 });
  firstSeen.note({ node: "n1", topic: "block", identity: "a" });
  for (let index = 0; index < 10_000; index += 1) {
    firstSeen.note({ node: "n1", topic: "data_column_sidecar", identity: String(index) });
  }
  expect(firstSeen.size).toBe(101);
  expect(firstSeen.note({ node: "n1", topic: "block", identity: "a" }).echo).toBe(true);
  expect(firstSeen.note({ node: "n1", topic: "data_column_sidecar", identity: "9999" }).echo).toBe(true);
  expect(firstSeen.note({ node: "n1", topic: "data_column_sidecar", identity: "0" }).echo).toBe(false);
});
